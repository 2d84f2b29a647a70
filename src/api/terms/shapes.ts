import type { Terms as TermsFacts } from '../../domain/terms.ts'
import { pattern } from '../../protocol/pattern.ts'
import { map, type Output, oneOf, required, string, struct, timestamp } from '../../protocol/shape.ts'
import { ClientId, UserPoolId } from '../shapes.ts'

export const TermsId = string({
  pattern: pattern(
    '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$',
  ),
})
export const TermsName = string({ pattern: pattern('^(terms-of-use|privacy-policy)$') })
export const TermsSource = oneOf('LINK')
export const Enforcement = oneOf('NONE')
export const Links = map(
  string({
    pattern: pattern(
      '^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$',
    ),
  }),
  string({ min: 1, max: 1024, pattern: pattern('^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$') }),
  { min: 1, max: 13 },
)

/** What every description of terms tells. */
const description = {
  TermsId: required(TermsId),
  TermsName: required(TermsName),
  Enforcement: required(Enforcement),
  CreationDate: required(timestamp),
  LastModifiedDate: required(timestamp),
}

export const Terms = struct({
  ...description,
  UserPoolId: required(UserPoolId),
  ClientId: required(ClientId),
  TermsSource: required(TermsSource),
  Links: required(Links),
})
export const TermsDescription = struct(description)

export function describedTerms(terms: TermsFacts): Output<typeof TermsDescription> {
  return {
    TermsId: terms.id,
    TermsName: terms.name,
    Enforcement: 'NONE',
    CreationDate: terms.createdAt,
    LastModifiedDate: terms.modifiedAt,
  }
}

export function shownTerms(terms: TermsFacts): Output<typeof Terms> {
  return {
    ...describedTerms(terms),
    UserPoolId: terms.poolId,
    ClientId: terms.clientId,
    TermsSource: 'LINK',
    Links: terms.links,
  }
}
