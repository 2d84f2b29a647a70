import { aliasesOf } from '../../domain/alias.ts'
import type { Attributes } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import type { Method } from '../../domain/method.ts'
import type { Pool } from '../../domain/pool.ts'
import type { Progress } from '../../domain/session.ts'
import { authenticationTemplate, type Medium, masked } from '../../domain/template.ts'
import { isVerified, type User } from '../../domain/user.ts'
import { Secret } from '../../lib/secret.ts'
import type { Tables } from '../../ports/store.ts'
import { codeDigestOf } from '../digest.ts'
import { countFailure, mustNotBeLocked, mustStillNotBeLocked } from '../lockout.ts'
import { compose, mustDeliver, post } from '../messages.ts'
import {
  type Answer,
  type ChallengeRules,
  type Outcome,
  parameter,
  type Question,
  type SignIn,
  type Subject,
} from '../step.ts'

interface Facts {
  readonly medium: 'SMS' | 'EMAIL'
  readonly attribute: 'phone_number' | 'email'
  readonly response: string
  readonly method: Method
  /** Whether USER_ID_FOR_SRP goes out with it. */
  readonly tellsUserId?: boolean
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
  tellsUserId: true,
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

/** Digits of a code that is the whole sign-in, seen on the live service in September 2026, and of one beside a password. */
const digits = { first: 8, second: 6 }

/** A code beside a password is guarded by the lockout; one that is the whole sign-in is not, so its session ends. */
const mostGuesses = 10

async function send(
  facts: Facts,
  signIn: SignIn,
  { name, user }: Subject,
  progress: Progress,
): Promise<Question> {
  const { app, pool } = signIn
  const { medium, attribute } = facts
  mustDeliver(pool, medium)
  const code = app.random.digits(progress.methods.length === 0 ? digits.first : digits.second)
  const address = progress.newEmail ?? user?.attributes[attribute]
  if (user !== undefined && !address) throw new Fault('NoUsableFactor')
  const to = address ?? pretended(medium, name)
  return {
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: medium,
      CODE_DELIVERY_DESTINATION: masked(medium, to),
      ...(facts.tellsUserId && { USER_ID_FOR_SRP: user?.username ?? name }),
    },
    code,
    ...(user === undefined
      ? { state: { decoy: true } }
      : { along: await sending(signIn, user, medium, to, code) }),
  }
}

async function sending(signIn: SignIn, user: User, medium: Medium, to: string, code: string) {
  const template = authenticationTemplate(signIn.pool, medium)
  const letter = await compose(signIn, 'Authentication', user, { medium, to }, template, { code })
  return (store: Tables) => post(signIn, store, letter)
}

/** Where a code would go if there were such a user: made of the name alone, so that it is the same every time. */
function pretended(medium: 'SMS' | 'EMAIL', name: string): string {
  if (medium === 'EMAIL') return name.includes('@') ? name : `${name}@${name}`
  if (/^\+[0-9]{4,}$/.test(name)) return name
  const digits = [...name].map((character) => (character.codePointAt(0) ?? 0) % 10).join('')
  return `+${digits.padStart(4, '0')}`
}

/** A right code signs in, and verifies the address it was sent to; a wrong one counts and leaves the session. */
async function judge(facts: Facts, { signIn, subject, session, responses }: Answer): Promise<Outcome> {
  const { app, pool } = signIn
  const code = parameter(responses, facts.response)
  const second = session.progress.methods.length > 0
  if (second) await mustNotBeLocked(signIn, subject)
  // Counted before it is looked at, so that guesses made at the same time are counted all.
  else if ((await app.store.authSessions.countAttempt(pool.id, session.digest)) > mostGuesses)
    throw new Fault('InvalidSession')
  const { codeDigest = '', decoy } = session.question
  const right = new Secret(codeDigest).matches(codeDigestOf(session.digest, code))
  const { user } = subject
  if (!right || decoy || user === undefined) {
    if (second) await countFailure(signIn, subject)
    throw new Fault('WrongAuthState')
  }
  const confirmed: User = !second && user.status === 'UNCONFIRMED' ? { ...user, status: 'CONFIRMED' } : user
  const { newEmail } = session.progress
  const changed =
    newEmail === undefined
      ? await verified(app.store, pool, confirmed, facts.attribute)
      : withAttributes(confirmed, { email: newEmail, email_verified: 'true' })
  return {
    kind: 'proven',
    user,
    changed,
    method: facts.method,
    ...(second && { along: (store) => mustStillNotBeLocked(signIn, subject, store) }),
  }
}

/**
 * Whoever answers a code has the phone or the mailbox: it is verified from now on. Where that would make it an alias
 * that somebody else holds, it stays as it was, and the sign-in goes on.
 */
async function verified(
  store: Tables,
  pool: Pool,
  user: User,
  attribute: 'email' | 'phone_number',
): Promise<User> {
  if (isVerified(user.attributes, attribute)) return user
  const after = withAttributes(user, { [`${attribute}_verified`]: 'true' })
  for (const alias of aliasesOf(pool, after)) {
    const holder = await store.users.findByAlias(pool.id, alias)
    if (holder !== undefined && holder.username !== user.username) return user
  }
  return after
}

const withAttributes = (user: User, attributes: Attributes): User => ({
  ...user,
  attributes: { ...user.attributes, ...attributes },
})
