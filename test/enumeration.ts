/**
 * What somebody asks who wants to know which names have an account, at a client that hides it: every call that takes a
 * name, and every kind of user that must look like nobody to it. Shared by the test that compares the answers and the
 * bench that compares the times.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  type CognitoIdentityProviderClient,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Json, Reply } from './crowd.ts'
import { attributeList, createClient, createPool, password } from './fixtures.ts'
import { newSrp } from './srp-client.ts'

export type Kind =
  | 'unknown'
  | 'known'
  | 'disabled'
  | 'without an address'
  | 'to be reset'
  | 'unconfirmed'
  | 'unconfirmed, disabled'

export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

/** A pool whose users are called by names, or by email addresses, and a client that hides them. */
export async function createHidingPlace(
  client: CognitoIdentityProviderClient,
  names: 'usernames' | 'email addresses',
): Promise<Place> {
  const UserPoolId = await createPool(
    { client },
    {
      MfaConfiguration: 'OFF',
      SmsConfiguration: undefined,
      AutoVerifiedAttributes: ['email'],
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      ...(names === 'email addresses' && { UsernameAttributes: ['email'] }),
    },
  )
  const { ClientId } = await createClient({ client }, UserPoolId, {
    PreventUserExistenceErrors: 'ENABLED',
    ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
  })
  return { UserPoolId, ClientId }
}

/** Makes the user of that name what the kind says; of an unknown one there is nothing to make. */
export async function createKind(
  client: CognitoIdentityProviderClient,
  { UserPoolId, ClientId }: Place,
  kind: Kind,
  name: string,
): Promise<void> {
  const user = { UserPoolId, Username: name }
  const email = name.includes('@') ? name : `${name}@example.com`
  if (kind === 'unknown') return
  if (kind === 'unconfirmed' || kind === 'unconfirmed, disabled') {
    const UserAttributes = attributeList({ email })
    await client.send(new SignUpCommand({ ClientId, Username: name, Password: password, UserAttributes }))
  } else {
    const UserAttributes = attributeList({ email, email_verified: 'true' })
    await client.send(new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: 'SUPPRESS' }))
    await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
  }
  if (kind === 'without an address') {
    const unverified = attributeList({ email_verified: 'false' })
    await client.send(new AdminUpdateUserAttributesCommand({ ...user, UserAttributes: unverified }))
  }
  if (kind === 'to be reset') await client.send(new AdminResetUserPasswordCommand(user))
  if (kind.endsWith('disabled')) await client.send(new AdminDisableUserCommand(user))
}

export interface Call {
  readonly operation: string
  readonly body: Json
}

type Send = (operation: string, body: Json) => Promise<Reply>

export interface Probe {
  readonly name: string
  /** Who must look like nobody. */
  readonly kinds: readonly Kind[]
  /** What comes before the call; its answers are probes of their own. */
  readonly call: (send: Send, ClientId: string, name: string) => Promise<Call>
}

const start =
  (AuthFlow: string, parameters: () => Json = () => ({})) =>
  (ClientId: string, USERNAME: string): Call => ({
    operation: 'InitiateAuth',
    body: { ClientId, AuthFlow, AuthParameters: { USERNAME, ...parameters() } },
  })
const respond = (
  ClientId: string,
  ChallengeName: string,
  ChallengeResponses: Json,
  Session?: string,
): Call => ({
  operation: 'RespondToAuthChallenge',
  body: { ClientId, ChallengeName, ChallengeResponses, Session },
})
const alone =
  (call: (ClientId: string, name: string) => Call): Probe['call'] =>
  async (_, ClientId, name) =>
    call(ClientId, name)
const after =
  (
    first: (ClientId: string, name: string) => Call,
    then: (ClientId: string, name: string, answer: Json) => Call,
  ): Probe['call'] =>
  async (send, ClientId, name) => {
    const { operation, body } = first(ClientId, name)
    const reply = await send(operation, body)
    return then(ClientId, name, JSON.parse(reply.body))
  }

/** Making an A takes longer than anything that is measured. */
const { A: SRP_A } = newSrp()
const srp = start('USER_SRP_AUTH', () => ({ SRP_A }))
const byCode = start('USER_AUTH', () => ({ PREFERRED_CHALLENGE: 'EMAIL_OTP' }))
const byChoice = start('USER_AUTH')
const forgot = (ClientId: string, Username: string): Call => ({
  operation: 'ForgotPassword',
  body: { ClientId, Username },
})
const resend = (ClientId: string, Username: string): Call => ({
  operation: 'ResendConfirmationCode',
  body: { ClientId, Username },
})
const confirmReset = (ClientId: string, Username: string): Call => ({
  operation: 'ConfirmForgotPassword',
  body: { ClientId, Username, ConfirmationCode: 'wrong', Password: 'Better-horse-9' },
})
const confirmSignUp = (ClientId: string, Username: string): Call => ({
  operation: 'ConfirmSignUp',
  body: { ClientId, Username, ConfirmationCode: 'wrong' },
})

const timestamp = 'Mon Nov 23 12:00:00 UTC 2026'
const confirmed: readonly Kind[] = ['unknown', 'known', 'disabled']

/**
 * Somebody unconfirmed is told so by what takes a password, and that they are confirmed by what confirms a sign-up, at
 * every client; so are those who never had a password of their own by what resets one. AWS documents all of it.
 */
export const probes: readonly Probe[] = [
  {
    name: 'a password',
    kinds: [...confirmed, 'without an address', 'to be reset'],
    call: alone(start('USER_PASSWORD_AUTH', () => ({ PASSWORD: 'Wrong-horse-9' }))),
  },
  { name: 'SRP', kinds: [...confirmed, 'to be reset', 'unconfirmed'], call: alone(srp) },
  {
    name: 'the claim of SRP',
    kinds: ['unknown', 'known', 'to be reset', 'disabled'],
    call: after(srp, (ClientId, _, { ChallengeParameters }) => {
      const { USERNAME, SECRET_BLOCK } = ChallengeParameters as Record<string, string>
      return respond(ClientId, 'PASSWORD_VERIFIER', {
        USERNAME,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: randomBytes(32).toString('base64'),
        TIMESTAMP: timestamp,
      })
    }),
  },
  { name: 'a code at once', kinds: [...confirmed, 'unconfirmed'], call: alone(byCode) },
  {
    name: 'a code, answered',
    kinds: [...confirmed, 'unconfirmed'],
    call: after(byCode, (ClientId, USERNAME, { Session }) =>
      respond(ClientId, 'EMAIL_OTP', { USERNAME, EMAIL_OTP_CODE: 'wrong' }, Session as string),
    ),
  },
  { name: 'a choice', kinds: [...confirmed, 'unconfirmed'], call: alone(byChoice) },
  {
    name: 'a code by choice',
    kinds: [...confirmed, 'unconfirmed'],
    call: after(byChoice, (ClientId, USERNAME, { Session }) =>
      respond(ClientId, 'SELECT_CHALLENGE', { USERNAME, ANSWER: 'EMAIL_OTP' }, Session as string),
    ),
  },
  {
    name: 'ForgotPassword',
    kinds: [...confirmed, 'without an address', 'to be reset', 'unconfirmed'],
    call: alone(forgot),
  },
  { name: 'ConfirmForgotPassword', kinds: [...confirmed, 'without an address'], call: alone(confirmReset) },
  {
    name: 'ConfirmForgotPassword after ForgotPassword',
    kinds: [...confirmed, 'without an address', 'to be reset'],
    call: after(forgot, confirmReset),
  },
  {
    name: 'ResendConfirmationCode',
    kinds: ['unknown', 'unconfirmed', 'unconfirmed, disabled'],
    call: alone(resend),
  },
  {
    name: 'ConfirmSignUp after ResendConfirmationCode',
    kinds: ['unknown', 'unconfirmed', 'unconfirmed, disabled'],
    call: after(resend, confirmSignUp),
  },
]

/** An answer with everything in it that is made by chance, or of the name, replaced by what it looks like. */
export function masked({ status, body }: Reply, name: string): string {
  const form = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    if (key === 'SALT') return /^[1-9a-f][0-9a-f]{25,31}$/.test(value) ? 'a salt' : value
    if (key === 'SRP_B') return /^[1-9a-f][0-9a-f]{750,767}$/.test(value) ? 'a number of the group' : value
    // The length of B is a matter of chance, and it is in there.
    if (key === 'SECRET_BLOCK') return /^[\w+/=]{2900,3700}$/.test(value) ? 'a block' : value
    if (key === 'Session') return value.replace(/[\w-]/g, 'x')
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return 'a UUID'
    if (/DESTINATION|Destination/.test(key) && !name.includes('@'))
      return /^\w\*\*\*@\w\*\*\*$/.test(value) ? 'an address' : value
    return value === name ? 'the name' : value
  }
  return `${status} ${JSON.stringify(JSON.parse(body), form)}`
}

/** A name that says nothing of who is behind it. */
export const nameOf = (...facts: readonly (string | number)[]): string =>
  createHash('sha256').update(facts.join(' ')).digest('hex').slice(0, 12)
