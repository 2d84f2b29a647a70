import { quotas } from '../../domain/quotas.ts'
import { mustNotNeedReset } from '../../domain/user.ts'
import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, string, struct, timestamp } from '../../protocol/shape.ts'
import { accessTokenInForce } from '../access.ts'
import { AccessToken, PageKey, Text } from '../shapes.ts'

const Name = string()

export default operation('ListWebAuthnCredentials', {
  doc: 'Lists the passkeys of the signed-in user, a page at a time.',
  access: accessTokenInForce,
  input: struct({
    AccessToken: required(AccessToken),
    NextToken: PageKey,
    MaxResults: integer({ min: 0, max: quotas.passkeys }),
  }),
  output: struct({
    Credentials: required(
      list(
        struct({
          CredentialId: required(Text),
          FriendlyCredentialName: required(Text),
          RelyingPartyId: required(Text),
          AuthenticatorAttachment: Name,
          AuthenticatorTransports: required(list(Name)),
          CreatedAt: required(timestamp),
        }),
      ),
    ),
    NextToken: PageKey,
  }),
  faults: ['InvalidParameter', 'PasswordResetRequired'],
  async run({ pool, user, input, store, vault }) {
    mustNotNeedReset(user)
    const listing = `passkeys ${pool.id} ${user.username}`
    const { items, next } = await pageOf(
      vault,
      listing,
      input.NextToken,
      input.MaxResults || quotas.passkeys,
      {
        load: (request) => store.passkeys.page(pool.id, user.username, request),
        key: ({ id }) => id,
      },
    )
    return {
      Credentials: items.map(({ id, name, relyingPartyId, attachment, transports, createdAt }) => ({
        CredentialId: id,
        FriendlyCredentialName: name,
        RelyingPartyId: relyingPartyId,
        AuthenticatorAttachment: attachment,
        AuthenticatorTransports: transports,
        CreatedAt: createdAt,
      })),
      NextToken: next,
    }
  },
})
