import { escapeHtml } from '../lib/html.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { Place } from './risk.ts'
import type { NotifyConfiguration, NotifyEmail, TakeoverAction } from './risk-configuration.ts'
import type { Draft } from './template.ts'

/** What a mail tells its user of a sign-in that looked risky. */
export interface NoticeFacts {
  readonly username: string
  readonly at: Instant
  readonly place: Place
  readonly eventId: string
  readonly feedbackToken: Secret
  /** Where somebody says whether it was them. */
  readonly link: (value: 'valid' | 'invalid') => string
}

type Kind = 'BlockEmail' | 'MfaEmail' | 'NoActionEmail'

/** Which of the three mails tells of an action. */
export const noticeOf: Record<TakeoverAction['EventAction'], Kind> = {
  BLOCK: 'BlockEmail',
  MFA_IF_CONFIGURED: 'MfaEmail',
  MFA_REQUIRED: 'MfaEmail',
  NO_ACTION: 'NoActionEmail',
}

const details = `
Time: {login-time}
Device: {device-name}
IP address: {ip-address}

If this was you, you may tell us so: {one-click-link-valid}
If it was not, tell us that, and change your password: {one-click-link-invalid}`

/** ours, for a pool that has no template. */
const standard: Record<Kind, NotifyEmail> = {
  BlockEmail: {
    Subject: 'Blocked sign-in attempt',
    TextBody: `We blocked a sign-in to your account that looked unusual.\n${details}`,
  },
  MfaEmail: {
    Subject: 'New sign-in attempt',
    TextBody: `We asked for a second factor at a sign-in to your account that looked unusual.\n${details}`,
  },
  NoActionEmail: {
    Subject: 'New sign-in attempt',
    TextBody: `There was a sign-in to your account that looked unusual.\n${details}`,
  },
}

/** The mail, with the placeholders of the developer guide ("Message templates") filled in. HTML comes before plain text. */
export function riskNotice(
  configuration: NotifyConfiguration | undefined,
  kind: Kind,
  facts: NoticeFacts,
): Draft {
  const { Subject, HtmlBody, TextBody } = configuration?.[kind] ?? standard[kind]
  const values = valuesOf(facts)
  const body =
    HtmlBody === undefined
      ? filled(TextBody ?? standard[kind].TextBody ?? '', values, (value) => value)
      : filled(HtmlBody, values, escapeHtml)
  return { medium: 'EMAIL', subject: filled(Subject, values, (value) => value), body }
}

/** Where an address is on the globe, nobody here knows. */
function valuesOf(facts: NoticeFacts): Readonly<Record<string, string>> {
  return {
    username: facts.username,
    'login-time': new Date(facts.at).toISOString(),
    'ip-address': facts.place.ip ?? 'unknown',
    'device-name': facts.place.device ?? 'unknown',
    city: 'unknown',
    country: 'unknown',
    'event-id': facts.eventId,
    'feedback-token': facts.feedbackToken.reveal(),
    'one-click-link-valid': facts.link('valid'),
    'one-click-link-invalid': facts.link('invalid'),
  }
}

/** In one pass: what a value says is no placeholder. */
const filled = (
  template: string,
  values: Readonly<Record<string, string>>,
  written: (value: string) => string,
): string =>
  template.replace(/\{([a-z-]+)\}/g, (mark, name: string) =>
    Object.hasOwn(values, name) ? written(values[name] ?? '') : mark,
  )
