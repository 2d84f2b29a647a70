import type { IdentityProvider as ProviderFacts } from '../../domain/identity-provider.ts'
import { type ProviderRequest, shownDetails } from '../../flows/identity-providers.ts'
import { defined } from '../../lib/defined.ts'
import type { App } from '../../ports/app.ts'
import { pattern } from '../../protocol/pattern.ts'
import { list, map, type Output, oneOf, string, struct, timestamp } from '../../protocol/shape.ts'
import { Text, UserPoolId } from '../shapes.ts'

export const ProviderName = string({
  min: 1,
  max: 32,
  pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+'),
})
/** Of a provider that is created: three characters at least, and neither end an underscore. */
export const NewProviderName = string({
  min: 1,
  max: 32,
  pattern: pattern('[^_\\p{Z}][\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}][^_\\p{Z}]+'),
})
export const ProviderType = oneOf('SAML', 'Facebook', 'Google', 'LoginWithAmazon', 'SignInWithApple', 'OIDC')
export const IdpIdentifier = string({ min: 1, max: 40, pattern: pattern('[\\w\\s+=.@-]+') })
export const ProviderDetails = map(Text, Text)

/** What Create- and UpdateIdentityProvider set alike, beside the details. */
export const settings = {
  AttributeMapping: map(string({ min: 1, max: 32 }), Text),
  IdpIdentifiers: list(IdpIdentifier, { min: 0, max: 50 }),
  AcrMapping: map(Text, Text),
}

export const IdentityProvider = struct({
  UserPoolId,
  ProviderName,
  ProviderType,
  ProviderDetails,
  ...settings,
  LastModifiedDate: timestamp,
  CreationDate: timestamp,
})

/** A user of the pool or an account elsewhere, as the operations on links name one. */
export const ProviderUser = struct({
  ProviderName,
  ProviderAttributeName: Text,
  ProviderAttributeValue: Text,
})

interface Given {
  readonly ProviderDetails?: Readonly<Record<string, string>>
  readonly AttributeMapping?: Readonly<Record<string, string>>
  readonly IdpIdentifiers?: readonly string[]
  readonly AcrMapping?: Readonly<Record<string, string>>
}

export function requestIn({
  ProviderDetails,
  AttributeMapping,
  IdpIdentifiers,
  AcrMapping,
}: Given): ProviderRequest {
  return defined({
    details: ProviderDetails,
    mapping: AttributeMapping,
    identifiers: IdpIdentifiers,
    acrMapping: AcrMapping,
  })
}

export function shownProvider(app: App, provider: ProviderFacts): Output<typeof IdentityProvider> {
  return {
    UserPoolId: provider.poolId,
    ProviderName: provider.name,
    ProviderType: provider.type,
    ProviderDetails: shownDetails(app, provider),
    AttributeMapping: provider.mapping,
    IdpIdentifiers: provider.identifiers,
    AcrMapping: provider.acrMapping,
    LastModifiedDate: provider.modifiedAt,
    CreationDate: provider.createdAt,
  }
}
