import { escapeHtml } from '../lib/html.ts'
import type { Pool } from './pool.ts'

export type Medium = 'SMS' | 'EMAIL'

/** A message before its values are in: `{####}` stands for the code or the password, `{username}` for the name. */
export interface Template {
  readonly subject?: string
  readonly body: string
}

/** What goes to a person. */
export interface Draft extends Template {
  readonly medium: Medium
}

export interface Values {
  /** Absent from a message that needs none. */
  readonly code?: string
  readonly username?: string
  /** Where `{##text##}` leads. */
  readonly link?: URL
}

/** In one pass: a password that reads `{username}` is a password still. Mail is HTML, and a name is text in it. */
export function fill(
  medium: Medium,
  { subject, body }: Template,
  { code, username = '', link }: Values,
): Draft {
  const filled = body.replace(mark, (found, text?: string) => {
    if (text !== undefined)
      return link === undefined ? found : `<a href="${escapeHtml(link.href)}">${text}</a>`
    if (found === '{####}') return code ?? found
    return medium === 'EMAIL' ? escapeHtml(username) : username
  })
  return { medium, ...(subject !== undefined && { subject }), body: filled }
}

const mark = /\{####\}|\{username\}|\{##((?:(?!##\}).)*)##\}/gs

/** Whether a template has a place for a link. */
export const hasLink = ({ body }: Template): boolean => /\{##(?!##\}).*?##\}/s.test(body)

/** The code of a sign-in. */
export function authenticationTemplate(pool: Pool, medium: Medium): Template {
  const standard = 'Your authentication code is {####}.'
  if (medium === 'SMS') return { body: pool.settings.SmsAuthenticationMessage ?? standard }
  const { Message, Subject } = pool.mfa.email ?? {}
  return { subject: Subject ?? 'Your authentication code', body: Message ?? standard }
}

/** The invitation of a user whom an administrator created. */
export function invitationTemplate(pool: Pool, medium: Medium): Template {
  const template = pool.settings.AdminCreateUserConfig.InviteMessageTemplate
  const standard = 'Your username is {username} and temporary password is {####}.'
  if (medium === 'SMS') return { body: template?.SMSMessage ?? standard }
  return {
    subject: template?.EmailSubject ?? 'Your temporary password',
    body: template?.EmailMessage ?? standard,
  }
}

/**
 * The welcome of one who has no password: "If your users don't have passwords, you can omit the placeholder", says AWS of its
 * template. A text of the pool's with a place for a password is meant for others.
 */
export function welcomeTemplate(pool: Pool, medium: Medium): Template {
  const template = pool.settings.AdminCreateUserConfig.InviteMessageTemplate
  const own = medium === 'SMS' ? template?.SMSMessage : template?.EmailMessage
  const body = own === undefined || own.includes('{####}') ? 'Your username is {username}.' : own
  return medium === 'SMS' ? { body } : { subject: template?.EmailSubject ?? 'Your username', body }
}

/** The code that verifies an email address or a phone number. */
export function verificationTemplate(pool: Pool, medium: Medium): Template {
  const template = pool.settings.VerificationMessageTemplate
  const standard = 'Your verification code is {####}.'
  if (medium === 'SMS') return { body: template.SmsMessage ?? standard }
  return {
    subject: template.EmailSubject ?? 'Your verification code',
    body: template.EmailMessage ?? standard,
  }
}

/** The link that confirms a sign-up, where a pool wants one and mail carries it. */
export function linkTemplate({ settings }: Pool): Template {
  const { EmailMessageByLink, EmailSubjectByLink } = settings.VerificationMessageTemplate
  return {
    subject: EmailSubjectByLink ?? 'Your verification link',
    body:
      EmailMessageByLink ?? 'Please click the link below to verify your email address. {##Verify Email##}',
  }
}

export const confirmsByLink = ({ settings }: Pool, medium: Medium): boolean =>
  medium === 'EMAIL' && settings.VerificationMessageTemplate.DefaultEmailOption === 'CONFIRM_WITH_LINK'

/** A destination as clients may see it: `+*******1234`, `j***@e***`. */
export function masked(medium: Medium, destination: string): string {
  if (medium === 'SMS') return `+*******${destination.slice(-4)}`
  const at = destination.lastIndexOf('@')
  return `${destination.slice(0, 1)}***@${destination.slice(at + 1, at + 2)}***`
}
