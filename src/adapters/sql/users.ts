import type { Kysely, Selectable } from 'kysely'
import type { Alias } from '../../domain/alias.ts'
import type { UserFilter } from '../../domain/filter.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { User, UserStatus } from '../../domain/user.ts'
import { AliasTaken, DuplicateKey, type Users } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

type Row = Selectable<Database['users']>
type AttributeRow = Selectable<Database['user_attributes']>

export function userTable(db: Kysely<Database>): Users {
  const rows = (poolId: UserPoolId) =>
    db.selectFrom('users').selectAll('users').where('users.pool_id', '=', poolId)

  async function withAttributes(found: readonly Row[]): Promise<User[]> {
    const [first] = found
    if (first === undefined) return []
    const attributes = await db
      .selectFrom('user_attributes')
      .selectAll()
      .where('pool_id', '=', first.pool_id)
      .where(
        'username',
        'in',
        found.map((row) => row.username),
      )
      .orderBy('username')
      .orderBy('name')
      .execute()
    const byUser = Map.groupBy(attributes, (attribute) => attribute.username)
    return found.map((row) => toUser(row, byUser.get(row.username) ?? []))
  }

  async function one(query: { execute: () => Promise<Row[]> }): Promise<User | undefined> {
    const [user] = await withAttributes(await query.execute())
    return user
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
        for (const table of tablesOfUser) {
          await db.deleteFrom(table).where('pool_id', '=', poolId).where('username', '=', username).execute()
        }
        const { numDeletedRows } = await db
          .deleteFrom('users')
          .where('pool_id', '=', poolId)
          .where('username', '=', username)
          .executeTakeFirstOrThrow()
        return numDeletedRows === 1n
      }),

    async page(poolId, filter, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('users.username', '>', after)
      if (filter !== undefined) query = filtered(query, filter)
      return withAttributes(await query.orderBy('users.username').limit(limit).execute())
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

type UserQuery = ReturnType<typeof selectUsers>
const selectUsers = (db: Kysely<Database>) => db.selectFrom('users').selectAll('users')

/** Adds what a filter asks for. A prefix is a range of the index, not a pattern. */
function filtered(query: UserQuery, { attribute, operator, value }: UserFilter): UserQuery {
  const end = `${value}\u{10FFFF}`
  switch (attribute) {
    case 'username':
    case 'sub': {
      const column = attribute === 'sub' ? 'users.sub' : 'users.username'
      return operator === '='
        ? query.where(column, '=', value)
        : query.where(column, '>=', value).where(column, '<', end)
    }
    case 'status': {
      const enabled = ['Enabled', 'Disabled'].filter((name) =>
        operator === '=' ? name === value : name.startsWith(value),
      )
      return query.where(
        'users.enabled',
        'in',
        enabled.length === 0 ? [-1] : enabled.map((name) => (name === 'Enabled' ? 1 : 0)),
      )
    }
    case 'cognito:user_status': {
      const wanted = value.toUpperCase()
      return operator === '='
        ? query.where('users.status', '=', wanted)
        : query.where('users.status', '>=', wanted).where('users.status', '<', `${wanted}\u{10FFFF}`)
    }
    default: {
      const joined = query
        .innerJoin('user_attributes as wanted', (join) =>
          join.onRef('wanted.pool_id', '=', 'users.pool_id').onRef('wanted.username', '=', 'users.username'),
        )
        .where('wanted.name', '=', attribute)
      return (operator === '='
        ? joined.where('wanted.value', '=', value)
        : joined.where('wanted.value', '>=', value).where('wanted.value', '<', end)) as unknown as UserQuery
    }
  }
}

const tablesOfUser = [
  'user_attributes',
  'user_aliases',
  'auth_sessions',
  'token_sessions',
  'sso_sessions',
  'codes',
  'software_tokens',
  'passkeys',
  'devices',
  'password_history',
  'auth_events',
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

function toUser(row: Row, attributes: readonly AttributeRow[]): User {
  return {
    poolId: row.pool_id as UserPoolId,
    username: row.username as Username,
    sub: row.sub,
    status: row.status as UserStatus,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    ...(row.password !== null && { password: JSON.parse(row.password) }),
    mfa: JSON.parse(row.mfa),
    ...(row.signed_out_at !== null && { signedOutAt: row.signed_out_at }),
  }
}
