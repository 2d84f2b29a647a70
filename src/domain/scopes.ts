/** The scopes that every pool has. */
export const standardScopes: ReadonlySet<string> = new Set([
  'openid',
  'email',
  'phone',
  'profile',
  'aws.cognito.signin.user.admin',
])

/** Asked for without `openid`, these refuse a request. */
export const needOpenid: ReadonlySet<string> = new Set(['email', 'phone', 'profile'])

const profile: ReadonlySet<string> = new Set([
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
])

/**
 * Whether scopes show an attribute. `openid` alone shows all; with others beside it, they show theirs. Source: developer
 * guide, "The user attributes endpoint".
 */
export function showAttribute(scopes: readonly string[], name: string): boolean {
  if (!scopes.some((scope) => needOpenid.has(scope))) return true
  if (name === 'email' || name === 'email_verified') return scopes.includes('email')
  if (name === 'phone_number' || name === 'phone_number_verified') return scopes.includes('phone')
  return scopes.includes('profile') && (profile.has(name) || name.startsWith('custom:'))
}
