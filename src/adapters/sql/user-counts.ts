import type { Kysely } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { User } from '../../domain/user.ts'
import type { Database } from './tables.ts'

/**
 * How many users a pool has, kept by every transaction that adds or removes one: to count a million takes a tenth of a second.
 * A pool's count is in sixteen rows, by the first digit of a `sub`, so that sign-ups at the same time seldom wait for one
 * another.
 */

/** The last that a transaction does to a user: whoever waits for its row holds no other that anybody wants. */
export async function countUser(
  db: Kysely<Database>,
  { poolId, sub }: Pick<User, 'poolId' | 'sub'>,
  change: 1 | -1,
): Promise<void> {
  await db
    .insertInto('user_counts')
    .values({ pool_id: poolId, share: sub.slice(0, 1), users: change })
    .onConflict((conflict) =>
      conflict
        .columns(['pool_id', 'share'])
        .doUpdateSet((update) => ({ users: update('user_counts.users', '+', change) })),
    )
    .execute()
}

export async function usersCounted(db: Kysely<Database>, poolId: UserPoolId): Promise<number> {
  const { total } = await db
    .selectFrom('user_counts')
    .select((select) => select.fn.sum<number | null>('users').as('total'))
    .where('pool_id', '=', poolId)
    .executeTakeFirstOrThrow()
  return Number(total ?? 0)
}
