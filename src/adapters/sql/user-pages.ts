import {
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import { listedByValue, type UserFilter } from '../../domain/filter.ts'
import type { PageRequest } from '../../ports/page-request.ts'
import { endOfPrefix } from './prefix.ts'
import type { Database } from './tables.ts'

/**
 * Users by a filter. A listing is in the order of the index that finds it: a page then costs what is on it, whatever is
 * before it and however many there are.
 */

const columns = {
  username: 'users.username',
  sub: 'users.sub',
  status: 'users.enabled',
  'cognito:user_status': 'users.status',
} as const
type Column = keyof typeof columns

/** Whether it is a column of the user's own that is searched, and no attribute. */
export const isOfColumn = (filter: UserFilter): filter is UserFilter & { attribute: Column } =>
  filter.attribute in columns

/** The columns that a listing is in order of: those of the table that finds its users. */
export function orderOf(filter: UserFilter | undefined): readonly string[] {
  if (filter === undefined) return ['users.username']
  const [value, username] = isOfColumn(filter)
    ? [columns[filter.attribute], 'users.username']
    : ['wanted.value', 'wanted.username']
  return listedByValue(filter) ? [value, username] : [username]
}

/** The rows of a page, in order of these columns. */
export function pageIn<DB, Table extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, Table, Row>,
  order: readonly string[],
  { after, limit }: PageRequest,
): Promise<Row[]> {
  const by = order.map((column) => sql.ref(column))
  let page = query
  if (after !== undefined) {
    const key: string[] = by.length === 1 ? [after] : JSON.parse(after)
    page = page.where(sql<SqlBool>`(${sql.join(by)}) > (${sql.join(key)})`)
  }
  for (const column of by) page = page.orderBy(column)
  return page.limit(limit).execute() as Promise<Row[]>
}

/** What a filter asks for, of the columns of a user. */
export function meets({ attribute, operator, value }: UserFilter & { attribute: Column }) {
  return (user: ExpressionBuilder<Database, 'users'>): Expression<SqlBool> => {
    if (attribute === 'cognito:user_status')
      return compared(user.ref('users.status'), operator, value.toUpperCase())
    if (attribute !== 'status') return compared(user.ref(columns[attribute]), operator, value)
    const asked = (name: string) => (operator === '=' ? name === value : name.startsWith(value))
    const [enabled, disabled] = [asked('Enabled'), asked('Disabled')]
    // Both of them are no condition: with one, what each finds would have to be put in order together.
    return enabled === disabled ? user.lit(enabled) : user('users.enabled', '=', enabled ? 1 : 0)
  }
}

export function compared(text: Expression<string>, operator: UserFilter['operator'], value: string) {
  const compare = expressionBuilder()
  if (operator === '=') return compare(text, '=', value)
  const end = endOfPrefix(value)
  const atLeast = compare(text, '>=', value)
  return end === undefined ? atLeast : compare.and([atLeast, compare(text, '<', end)])
}
