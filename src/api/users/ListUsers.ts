import { Fault } from '../../domain/faults.ts'
import { parseFilter, placeIn } from '../../domain/filter.ts'
import type { Pool } from '../../domain/pool.ts'
import { shownAttributes, type User as UserFacts } from '../../domain/user.ts'
import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, string, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { AttributeNameList, PoolPageKey, User, UserPoolId } from '../shapes.ts'
import { showUser } from './show.ts'

export default operation('ListUsers', {
  doc: "Lists a pool's users, all of them or those that a filter finds: by username, or by what begins with the filter's value.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    AttributesToGet: AttributeNameList,
    Limit: integer({ min: 0, max: 60 }),
    PaginationToken: PoolPageKey,
    Filter: string({ max: 256 }),
  }),
  output: struct({ Users: list(User), PaginationToken: PoolPageKey }),
  faults: ['InvalidParameter'],
  async run({ pool, input, store, vault }) {
    const filter = parseFilter(input.Filter ?? '')
    const wanted = input.AttributesToGet ?? []
    mustBeInSchema(pool, wanted)
    const listing = `users ${pool.id} ${input.Filter ?? ''}`
    const page = await pageOf(vault, listing, input.PaginationToken, input.Limit || 60, {
      load: (request) => store.users.page(pool.id, filter, request),
      key: (user) => placeIn(filter, user),
    })
    return {
      Users: page.items.map((user) =>
        wanted.length === 0 ? showUser(user) : showUser(user, attributesWanted(user, wanted)),
      ),
      PaginationToken: page.next,
    }
  },
})

function mustBeInSchema(pool: Pool, names: readonly string[]): void {
  const unknown = names.filter((name) => !pool.schema.some((attribute) => attribute.Name === name))
  if (unknown.length === 0) return
  const lines = unknown.map((name) => `user.${name}: Attribute does not exist in the schema.\n`)
  throw new Fault('InvalidParameter', `Invalid user attributes: ${lines.join('')}`)
}

function attributesWanted(user: UserFacts, names: readonly string[]) {
  const attributes = shownAttributes(user).filter(({ Name }) => names.includes(Name))
  if (attributes.length < new Set(names).size) {
    throw new Fault(
      'InvalidParameter',
      'One or more of the users has no value for an attribute in AttributesToGet.',
    )
  }
  return attributes
}
