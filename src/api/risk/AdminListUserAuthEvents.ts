import { mustBeProtected } from '../../domain/auth-event.ts'
import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { PageKey, Username, UserPoolId } from '../shapes.ts'
import { AuthEvents, showEvent } from './shapes.ts'

export default operation('AdminListUserAuthEvents', {
  doc: 'Lists what a user did in the last two years while threat protection was on, the newest first.',
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    MaxResults: integer({ min: 0, max: 60 }),
    NextToken: PageKey,
  }),
  output: struct({ AuthEvents, NextToken: PageKey }),
  faults: ['AddOnNotEnabled', 'InvalidParameter'],
  differs:
    'Risk is assessed by a rule of ours (docs/decisions/0015-what-is-risky.md), and only where the first factor was right. That an action which blocks is shown as Block is assumed. The time zone, city and country of an event are not known, since the fingerprint in EncodedData is not read and addresses are not looked up.',
  async run({ pool, user, input, store, vault }) {
    mustBeProtected(pool)
    const listing = `events ${pool.id} ${user.username}`
    const { items, next } = await pageOf(vault, listing, input.NextToken, input.MaxResults || 60, {
      load: (request) => store.authEvents.page(pool.id, user.username, request),
      key: ({ at, id }) => `${at} ${id}`,
    })
    return { AuthEvents: items.map(showEvent), NextToken: next }
  },
})
