import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, struct, timestamp } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { PoolPageKey, UserPoolId } from '../shapes.ts'
import { ProviderName, ProviderType } from './shapes.ts'

/** The output's list has room for no more, whatever the request may ask for. */
const most = 50

export default operation('ListIdentityProviders', {
  doc: "Lists a pool's identity providers in order of name, a page at a time.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    MaxResults: integer({ min: 0, max: 60 }),
    NextToken: PoolPageKey,
  }),
  output: struct({
    Providers: required(
      list(struct({ ProviderName, ProviderType, LastModifiedDate: timestamp, CreationDate: timestamp }), {
        min: 0,
        max: most,
      }),
    ),
    NextToken: PoolPageKey,
  }),
  faults: ['InvalidParameter'],
  differs: 'The order is assumed, and that a page has fifty providers where the request says nothing.',
  async run({ pool, input, store, vault }) {
    const size = Math.min(input.MaxResults || most, most)
    const { items, next } = await pageOf(vault, `providers ${pool.id}`, input.NextToken, size, {
      load: (request) => store.identityProviders.page(pool.id, request),
      key: ({ name }) => name,
    })
    const Providers = items.map(({ name, type, createdAt, modifiedAt }) => ({
      ProviderName: name,
      ProviderType: type,
      LastModifiedDate: modifiedAt,
      CreationDate: createdAt,
    }))
    return { Providers, NextToken: next }
  },
})
