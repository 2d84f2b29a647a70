import { Fault } from '../../domain/faults.ts'
import type { Method } from '../../domain/method.ts'
import type { Progress } from '../../domain/session.ts'
import { emailMfaMessage, masked, smsMfaMessage } from '../../domain/template.ts'
import { Secret } from '../../lib/secret.ts'
import { codeDigestOf } from '../digest.ts'
import { countFailure, mustNotBeLocked } from '../lockout.ts'
import { mustDeliver, post } from '../messages.ts'
import type { Subject } from '../step.ts'
import {
  type Answer,
  type ChallengeRules,
  type Outcome,
  parameter,
  type Question,
  type SignIn,
} from '../step.ts'

interface Facts {
  readonly medium: 'SMS' | 'EMAIL'
  readonly attribute: 'phone_number' | 'email'
  readonly response: string
  readonly method: Method
}

/** A code by SMS or email, as a second factor or, in choice-based sign-in, as the first. */
function codeChallenge(facts: Facts): ChallengeRules {
  return {
    begin: (signIn, subject, progress) => send(facts, signIn, subject, progress),
    judge: (answer) => judge(facts, answer),
  }
}

export const smsMfa = codeChallenge({
  medium: 'SMS',
  attribute: 'phone_number',
  response: 'SMS_MFA_CODE',
  method: 'sms',
})
export const smsOtp = codeChallenge({
  medium: 'SMS',
  attribute: 'phone_number',
  response: 'SMS_OTP_CODE',
  method: 'sms',
})
export const emailOtp = codeChallenge({
  medium: 'EMAIL',
  attribute: 'email',
  response: 'EMAIL_OTP_CODE',
  method: 'email_otp',
})

async function send(
  facts: Facts,
  signIn: SignIn,
  { name, user }: Subject,
  progress: Progress,
): Promise<Question> {
  const { app, pool, now } = signIn
  const { medium, attribute } = facts
  mustDeliver(pool, medium)
  // A code that is the whole sign-in has eight digits on the live service, one beside a password six.
  const code = app.random.digits(progress.methods.length === 0 ? 8 : 6)
  const to = user?.attributes[attribute] ?? ''
  const draft = medium === 'SMS' ? smsMfaMessage(pool, code) : emailMfaMessage(pool, code)
  return {
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: medium,
      CODE_DELIVERY_DESTINATION: masked(medium, user === undefined ? pretended(medium, name) : to),
      ...(user && { USER_ID_FOR_SRP: user.username }),
    },
    code,
    state: user === undefined ? { decoy: true } : {},
    ...(user && { along: (store) => post(app, store, pool, draft, to, code, now) }),
  }
}

/** Where a code would go if there were such a user: made of the name alone, so that it is the same every time. */
function pretended(medium: 'SMS' | 'EMAIL', name: string): string {
  if (medium === 'EMAIL') return name.includes('@') ? name : `${name}@${name}`
  const digits = [...name].map((character) => (character.codePointAt(0) ?? 0) % 10).join('')
  return `+${digits.padStart(4, '0')}`
}

/** A right code signs in, and verifies the address it was sent to; a wrong one counts and leaves the session. */
async function judge(facts: Facts, { signIn, subject, session, responses }: Answer): Promise<Outcome> {
  const code = parameter(responses, facts.response)
  const second = session.progress.methods.length > 0
  // First-factor codes are not locked on the live service; the session ends instead.
  if (second) await mustNotBeLocked(signIn, subject)
  const { codeDigest = '', decoy } = session.question
  const right = new Secret(codeDigest).matches(codeDigestOf(session.digest, code))
  const { user } = subject
  if (!right || decoy || user === undefined) {
    if (second) await countFailure(signIn, subject)
    throw new Fault('WrongCode')
  }
  const verified = { ...user.attributes, [`${facts.attribute}_verified`]: 'true' }
  const status = !second && user.status === 'UNCONFIRMED' ? 'CONFIRMED' : user.status
  const changed = { ...user, attributes: verified, status } as const
  return { kind: 'proven', user, changed, method: facts.method }
}
