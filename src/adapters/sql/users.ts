import {
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type Kysely,
  type Selectable,
  type SqlBool,
} from 'kysely'
import type { Alias } from '../../domain/alias.ts'
import type { UserFilter } from '../../domain/filter.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { User, UserStatus } from '../../domain/user.ts'
import { AliasTaken, DuplicateKey, type Users } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import type { Engine } from './engine.ts'
import { endOfPrefix } from './prefix.ts'
import type { Database } from './tables.ts'

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
        let found = false
        for (const table of tablesOfUser) {
          const { numDeletedRows } = await db
            .deleteFrom(table)
            .where('pool_id', '=', poolId)
            .where('username', '=', username)
            .executeTakeFirstOrThrow()
          if (table === 'users') found = numDeletedRows === 1n
        }
        return found
      }),

    async page(poolId, filter, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('users.username', '>', after)
      if (filter !== undefined) query = query.where(meets(poolId, filter))
      const found = await query.orderBy('users.username').limit(limit).execute()
      return found.map(toUser)
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

    async count(poolId) {
      const { total } = await db
        .selectFrom('users')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },
  }
}

/** What a filter asks for, of the rows of a pool's users. */
function meets(poolId: UserPoolId, { attribute, operator, value }: UserFilter) {
  return (user: ExpressionBuilder<Database, 'users'>): Expression<SqlBool> => {
    switch (attribute) {
      case 'username':
        return compared(user.ref('users.username'), operator, value)
      case 'sub':
        return compared(user.ref('users.sub'), operator, value)
      case 'cognito:user_status':
        return compared(user.ref('users.status'), operator, value.toUpperCase())
      case 'status': {
        const asked = (name: string) => (operator === '=' ? name === value : name.startsWith(value))
        return user.or([
          ...(asked('Enabled') ? [user('users.enabled', '=', 1)] : []),
          ...(asked('Disabled') ? [user('users.enabled', '=', 0)] : []),
        ])
      }
      default:
        return user(
          'users.username',
          'in',
          user
            .selectFrom('user_attributes as wanted')
            .select('wanted.username')
            .where('wanted.pool_id', '=', poolId)
            .where('wanted.name', '=', attribute)
            .where((wanted) => compared(wanted.ref('wanted.value'), operator, value)),
        )
    }
  }
}

function compared(text: Expression<string>, operator: UserFilter['operator'], value: string) {
  const compare = expressionBuilder()
  if (operator === '=') return compare(text, '=', value)
  const end = endOfPrefix(value)
  const atLeast = compare(text, '>=', value)
  return end === undefined ? atLeast : compare.and([atLeast, compare(text, '<', end)])
}

/** In the order in which every transaction locks their rows: sign-ins take the session, then all save the user first. */
const tablesOfUser = [
  'auth_sessions',
  'users',
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
