import type { Claims } from './claims.ts'
import type { ClaimOverrides, TokenOverrides } from './trigger-tokens.ts'

/**
 * What PreTokenGeneration may change of the tokens, and what it may not. Source of the lists: developer guide, "Pre token
 * generation Lambda trigger".
 */

/** Claims that no trigger touches. */
const fixed: ReadonlySet<string> = new Set([
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'client_id',
  'cognito:username',
  'device_key',
  'event_id',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
  'username',
  'version',
])

export function overriddenId(claims: Claims, overrides: TokenOverrides | undefined): Claims {
  if (overrides === undefined) return claims
  const { groups } = overrides
  const own = {
    ...withGroups(claims, groups?.groupsToOverride),
    ...(groups?.iamRolesToOverride && { 'cognito:roles': groups.iamRolesToOverride }),
    ...(groups?.preferredRole !== undefined && { 'cognito:preferred_role': groups.preferredRole }),
  }
  // The audience of an ID token is its client.
  return changed(own, overrides.id, (name) => name !== 'aud')
}

export function overriddenAccess(claims: Claims, overrides: TokenOverrides | undefined): Claims {
  if (overrides === undefined) return claims
  const { groups, access } = overrides
  const suppressed = new Set(access.scopesToSuppress)
  const scopes = new Set([...String(claims.scope).split(' '), ...access.scopesToAdd])
  const scope = [...scopes].filter((name) => name !== '' && !suppressed.has(name)).join(' ')
  const own = { ...withGroups(claims, groups?.groupsToOverride), scope }
  // An access token may be given an audience, which is its client and no other.
  return changed(
    own,
    access,
    (name, value) => name !== 'scope' && (name !== 'aud' || value === claims.client_id),
  )
}

function withGroups(claims: Claims, groups: readonly string[] | undefined): Claims {
  if (groups === undefined) return claims
  const { 'cognito:groups': _, ...others } = claims
  return groups.length === 0 ? others : { ...others, 'cognito:groups': groups }
}

function changed(
  claims: Claims,
  { addOrOverride, suppress }: ClaimOverrides,
  allowed: (name: string, value: unknown) => boolean,
): Claims {
  const suppressed = new Set(suppress)
  // Who is in no group any more has none of their roles.
  if (suppressed.has('cognito:groups')) {
    suppressed.add('cognito:roles').add('cognito:preferred_role')
  }
  const added = Object.entries(addOrOverride).filter(
    ([name, value]) => !fixed.has(name) && !name.startsWith('dev:') && allowed(name, value),
  )
  const all = Object.entries({ ...claims, ...Object.fromEntries(added) })
  return Object.fromEntries(
    all.filter(([name]) => !suppressed.has(name) || fixed.has(name) || !allowed(name, undefined)),
  )
}
