import type { Pool } from './pool.ts'

/** What goes to a person: the text, and the code in it for an inbox that a test reads. */
export interface Draft {
  readonly medium: 'SMS' | 'EMAIL'
  readonly subject?: string
  readonly body: string
}

/** In one pass: a password that reads `{username}` is a password still. */
function fill(template: string, values: { code: string; username?: string }): string {
  return template.replace(/\{####\}|\{username\}/g, (mark) =>
    mark === '{####}' ? values.code : (values.username ?? ''),
  )
}

/** The code of SMS MFA. */
export function smsMfaMessage(pool: Pool, code: string): Draft {
  const template = pool.settings.SmsAuthenticationMessage ?? 'Your authentication code is {####}.'
  return { medium: 'SMS', body: fill(template, { code }) }
}

/** The code of email MFA. */
export function emailMfaMessage(pool: Pool, code: string): Draft {
  const { Message, Subject } = pool.mfa.email ?? {}
  return {
    medium: 'EMAIL',
    subject: Subject ?? 'Your authentication code',
    body: fill(Message ?? 'Your authentication code is {####}.', { code }),
  }
}

/** The invitation of a user whom an administrator created. */
export function invitation(pool: Pool, medium: 'SMS' | 'EMAIL', username: string, password: string): Draft {
  const template = pool.settings.AdminCreateUserConfig.InviteMessageTemplate
  const standard = 'Your username is {username} and temporary password is {####}.'
  const values = { code: password, username }
  if (medium === 'SMS') return { medium, body: fill(template?.SMSMessage ?? standard, values) }
  return {
    medium,
    subject: template?.EmailSubject ?? 'Your temporary password',
    body: fill(template?.EmailMessage ?? standard, values),
  }
}

/**
 * The welcome of one who has no password: "If your users don't have passwords, you can omit the placeholder", says AWS of its
 * template. A text of the pool's with a place for a password is meant for others.
 */
export function welcome(pool: Pool, medium: 'SMS' | 'EMAIL', username: string): Draft {
  const template = pool.settings.AdminCreateUserConfig.InviteMessageTemplate
  const own = medium === 'SMS' ? template?.SMSMessage : template?.EmailMessage
  const text = own === undefined || own.includes('{####}') ? 'Your username is {username}.' : own
  const body = fill(text, { code: '', username })
  return medium === 'SMS'
    ? { medium, body }
    : { medium, subject: template?.EmailSubject ?? 'Your username', body }
}

/** The code that verifies an email address or a phone number. */
export function verificationMessage(pool: Pool, medium: 'SMS' | 'EMAIL', code: string): Draft {
  const template = pool.settings.VerificationMessageTemplate
  const standard = 'Your verification code is {####}.'
  if (medium === 'SMS') return { medium, body: fill(template.SmsMessage ?? standard, { code }) }
  return {
    medium,
    subject: template.EmailSubject ?? 'Your verification code',
    body: fill(template.EmailMessage ?? standard, { code }),
  }
}

/** A destination as clients may see it: `+*******1234`, `j***@e***`. */
export function masked(medium: 'SMS' | 'EMAIL', destination: string): string {
  if (medium === 'SMS') return `+*******${destination.slice(-4)}`
  const at = destination.lastIndexOf('@')
  return `${destination.slice(0, 1)}***@${destination.slice(at + 1, at + 2)}***`
}
