/**
 * How somebody proved who they are: the `amr` values of RFC 8176 that Cognito writes, one a factor.
 * `mfa` and `fed` are added where they follow from the others.
 */
export type Method = 'pwd' | 'otp' | 'sms' | 'email_otp' | 'swk' | 'hwk'

/** The `amr` claim. */
export function amrOf(methods: readonly Method[]): string[] {
  return methods.length > 1 ? [...methods, 'mfa'] : [...methods]
}

/** An authentication level, as the `acr` claim reports it. */
export type Level = 1 | 2 | 3 | 4

/**
 * The level that these methods reach: 1 a password, 2 a single code, 3 a passkey or a password with a code,
 * 4 a password with a software token. Source: developer guide, "Step-up authentication".
 */
export function levelOf(methods: readonly Method[]): Level | 0 {
  const has = (method: Method) => methods.includes(method)
  if (has('pwd') && has('otp')) return 4
  if (has('swk') || has('hwk')) return 3
  const code = has('sms') || has('email_otp')
  if (has('pwd') && code) return 3
  if (code) return 2
  return has('pwd') ? 1 : 0
}
