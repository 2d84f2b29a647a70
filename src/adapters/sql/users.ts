import type { Kysely, Selectable } from 'kysely'
import type { Alias } from '../../domain/alias.ts'
import type { UserFilter } from '../../domain/filter.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { User, UserStatus } from '../../domain/user.ts'
import { AliasTaken, DuplicateKey, type Users } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import type { Engine } from './engine.ts'
import type { Database } from './tables.ts'
import { countUser, usersCounted } from './user-counts.ts'
import { compared, isOfColumn, meets, orderOf, pageIn } from './user-pages.ts'

type Row = Selectable<Database['users']> & { readonly attributes: string | null }
type AttributeRow = Selectable<Database['user_attributes']>

export function userTable(db: Kysely<Database>, { jsonObject }: Engine): Users {
  /** A user and the attributes in one statement: nobody sees those of another moment. */
  const rows = (poolId: UserPoolId) =>
    db
      .selectFrom('users')
      .selectAll('users')
      .select((user) =>
        user
          .selectFrom('user_attributes as own')
          .select(jsonObject.as('attributes'))
          .whereRef('own.pool_id', '=', 'users.pool_id')
          .whereRef('own.username', '=', 'users.username')
          .as('attributes'),
      )
      .where('users.pool_id', '=', poolId)

  const withAttribute = (poolId: UserPoolId, { attribute, operator, value }: UserFilter) =>
    rows(poolId)
      .innerJoin('user_attributes as wanted', (join) =>
        join.onRef('wanted.pool_id', '=', 'users.pool_id').onRef('wanted.username', '=', 'users.username'),
      )
      .where('wanted.pool_id', '=', poolId)
      .where('wanted.name', '=', attribute)
      .where((wanted) => compared(wanted.ref('wanted.value'), operator, value))

  async function one(query: { executeTakeFirst: () => Promise<Row | undefined> }): Promise<User | undefined> {
    const row = await query.executeTakeFirst()
    return row && toUser(row)
  }

  return {
    find: (poolId, username) => one(rows(poolId).where('users.username', '=', username)),
    findBySub: (poolId, sub) => one(rows(poolId).where('users.sub', '=', sub)),

    findByAlias: (poolId, { kind, value }) =>
      one(
        rows(poolId)
          .innerJoin('user_aliases', (join) =>
            join
              .onRef('user_aliases.pool_id', '=', 'users.pool_id')
              .onRef('user_aliases.username', '=', 'users.username'),
          )
          .where('user_aliases.kind', '=', kind)
          .where('user_aliases.value', '=', value),
      ),

    create: (user, aliases) =>
      atomic(db, async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('users')
          .values({ ...toRow(user), pool_id: user.poolId, username: user.username, sub: user.sub })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
        const attributes = attributeRows(user)
        if (attributes.length > 0) await db.insertInto('user_attributes').values(attributes).execute()
        await holdAliases(db, user, aliases)
        await countUser(db, user, 1)
      }),

    save: (before, user, aliases) =>
      atomic(db, async (db) => {
        const result = await db
          .updateTable('users')
          .set({ ...toRow(user), version: before.version + 1 })
          .where('pool_id', '=', before.poolId)
          .where('username', '=', before.username)
          .where('version', '=', before.version)
          .executeTakeFirstOrThrow()
        mustHaveChanged(result)
        await saveAttributes(db, before, user)
        await holdAliases(db, user, aliases)
      }),

    delete: (poolId, username) =>
      atomic(db, async (db) => {
        await db
          .deleteFrom('auth_sessions')
          .where('pool_id', '=', poolId)
          .where('username', '=', username)
          .execute()
        const user = await db
          .deleteFrom('users')
          .where('pool_id', '=', poolId)
          .where('username', '=', username)
          .returning('sub')
          .executeTakeFirst()
        for (const table of tablesOfUser)
          await db.deleteFrom(table).where('pool_id', '=', poolId).where('username', '=', username).execute()
        if (user !== undefined) await countUser(db, { poolId, sub: user.sub }, -1)
        return user !== undefined
      }),

    async page(poolId, filter, page) {
      const order = orderOf(filter)
      if (filter === undefined) return (await pageIn(rows(poolId), order, page)).map(toUser)
      if (isOfColumn(filter))
        return (await pageIn(rows(poolId).where(meets(filter)), order, page)).map(toUser)
      return (await pageIn(withAttribute(poolId, filter), order, page)).map(toUser)
    },

    async pageOfGroup(poolId, group, { after, limit }) {
      let query = rows(poolId)
        .innerJoin('group_members as membership', (join) =>
          join
            .onRef('membership.pool_id', '=', 'users.pool_id')
            .onRef('membership.username', '=', 'users.username'),
        )
        .where('membership.pool_id', '=', poolId)
        .where('membership.group_name', '=', group)
      if (after !== undefined) query = query.where('membership.username', '>', after)
      const found = await query.orderBy('membership.username').limit(limit).execute()
      return found.map(toUser)
    },

    count: (poolId) => usersCounted(db, poolId),
  }
}

/** What a user has besides. Sign-ins take the session, then all save the user first: the order of every transaction. */
const tablesOfUser = [
  'user_attributes',
  'user_aliases',
  'group_members',
  'token_sessions',
  'sso_sessions',
  'codes',
  'software_tokens',
  'passkeys',
  'devices',
  'password_history',
  'auth_events',
  'linked_identities',
] as const

async function saveAttributes(db: Kysely<Database>, before: User, user: User): Promise<void> {
  const gone = Object.keys(before.attributes).filter((name) => !(name in user.attributes))
  if (gone.length > 0) {
    await db
      .deleteFrom('user_attributes')
      .where('pool_id', '=', user.poolId)
      .where('username', '=', user.username)
      .where('name', 'in', gone)
      .execute()
  }
  const changed = attributeRows(user).filter((row) => before.attributes[row.name] !== row.value)
  if (changed.length === 0) return
  await db
    .insertInto('user_attributes')
    .values(changed)
    .onConflict((conflict) =>
      conflict
        .columns(['pool_id', 'username', 'name'])
        .doUpdateSet((update) => ({ value: update.ref('excluded.value') })),
    )
    .execute()
}

/** Leaves the user with exactly these aliases. */
async function holdAliases(db: Kysely<Database>, user: User, aliases: readonly Alias[]): Promise<void> {
  const held = await db
    .selectFrom('user_aliases')
    .select(['kind', 'value'])
    .where('pool_id', '=', user.poolId)
    .where('username', '=', user.username)
    .execute()
  const same = (a: { kind: string; value: string }) => (b: { kind: string; value: string }) =>
    a.kind === b.kind && a.value === b.value
  for (const alias of held.filter((alias) => !aliases.some(same(alias)))) {
    await db
      .deleteFrom('user_aliases')
      .where('pool_id', '=', user.poolId)
      .where('kind', '=', alias.kind)
      .where('value', '=', alias.value)
      .execute()
  }
  for (const alias of aliases.filter((alias) => !held.some(same(alias)))) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('user_aliases')
      .values({ pool_id: user.poolId, kind: alias.kind, value: alias.value, username: user.username })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== 1n) throw new AliasTaken(alias)
  }
}

const attributeRows = (user: User): AttributeRow[] =>
  Object.entries(user.attributes).map(([name, value]) => ({
    pool_id: user.poolId,
    username: user.username,
    name,
    value,
  }))

function toRow(user: User) {
  return {
    status: user.status,
    enabled: user.enabled ? 1 : 0,
    created_at: user.createdAt,
    modified_at: user.modifiedAt,
    version: user.version,
    password: user.password === undefined ? null : JSON.stringify(user.password),
    mfa: JSON.stringify(user.mfa),
    signed_out_at: user.signedOutAt ?? null,
  }
}

function toUser(row: Row): User {
  const attributes: Record<string, string> = JSON.parse(row.attributes ?? '{}')
  return {
    poolId: row.pool_id as UserPoolId,
    username: row.username as Username,
    sub: row.sub,
    status: row.status as UserStatus,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    attributes: Object.fromEntries(Object.entries(attributes).sort(byName)),
    ...(row.password !== null && { password: JSON.parse(row.password) }),
    mfa: JSON.parse(row.mfa),
    ...(row.signed_out_at !== null && { signedOutAt: row.signed_out_at }),
  }
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1)
