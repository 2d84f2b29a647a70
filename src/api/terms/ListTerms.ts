import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { QueryLimit, Text, UserPoolId } from '../shapes.ts'
import { describedTerms, TermsDescription } from './shapes.ts'

export default operation('ListTerms', {
  doc: "Lists a pool's terms documents in order of id, a page at a time.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), MaxResults: QueryLimit, NextToken: Text }),
  output: struct({ Terms: required(list(TermsDescription)), NextToken: Text }),
  faults: ['InvalidParameter'],
  differs: 'The order of the list and a page of 60 where the request names no size are assumed.',
  async run({ pool, input, store, vault }) {
    const { items, next } = await pageOf(vault, `terms ${pool.id}`, input.NextToken, input.MaxResults ?? 60, {
      load: (request) => store.terms.page(pool.id, request),
      key: ({ id }) => id,
    })
    return { Terms: items.map(describedTerms), NextToken: next }
  },
})
