/** What tests of sign-up, recovery and one's own account share. */

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  AdminGetUserCommand,
  type CodeDeliveryDetailsType,
  ConfirmSignUpCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { UserPoolId as PoolId, Username } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import { saveUser } from '../src/flows/save-user.ts'
import { attributeList, attributesIn, createClient, createPool, password } from './fixtures.ts'
import type { Sent, TestServer } from './harness.ts'

export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
  readonly ClientSecret: string | undefined
}

export const flows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const
export const flowsWithChoice = [...flows, 'ALLOW_USER_AUTH'] as const

/** A pool that verifies email addresses by itself and has no MFA, and a client of it. */
export async function createPlace(
  server: TestServer,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, {
    MfaConfiguration: 'OFF',
    AutoVerifiedAttributes: ['email'],
    ...pool,
  })
  return clientOf(server, UserPoolId, client)
}

export async function clientOf(
  server: TestServer,
  UserPoolId: string,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  return {
    UserPoolId,
    ...(await createClient(server, UserPoolId, { ExplicitAuthFlows: [...flows], ...client })),
  }
}

export const hides = { PreventUserExistenceErrors: 'ENABLED' } as const

export function signUp(
  server: TestServer,
  { ClientId }: Place,
  Username: string,
  attributes: Readonly<Record<string, string>> = {},
  input: Partial<SignUpCommandInput> = {},
) {
  return server.client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: password,
      UserAttributes: attributeList(attributes),
      ...input,
    }),
  )
}

export const confirm = (
  server: TestServer,
  { ClientId }: Place,
  Username: string,
  ConfirmationCode: string,
) => server.client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))

/** Somebody who signed up with an email address and confirmed it. */
export async function confirmedUser(
  server: TestServer,
  place: Place,
  name: string,
  attributes: Readonly<Record<string, string>> = { email: `${name}@example.com` },
): Promise<void> {
  await signUp(server, place, name, attributes)
  await confirm(server, place, name, await codeSent(server))
}

/** The one message that was sent since anybody asked, and no others. */
export async function messageSent(server: TestServer): Promise<Sent & { code: string }> {
  const [message, ...others] = await server.sent()
  assert.deepEqual(others, [])
  assert.ok(message?.code)
  return { ...message, code: message.code }
}

export const codeSent = async (server: TestServer): Promise<string> => (await messageSent(server)).code

/** Six digits that are not these. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

export const emailTo = (to: string, code: string): Sent => ({
  medium: 'EMAIL',
  to,
  subject: 'Your verification code',
  body: `Your verification code is ${code}.`,
  code,
})

export const smsTo = (to: string, code: string): Sent => ({
  medium: 'SMS',
  to,
  body: `Your verification code is ${code}.`,
  code,
})

export const byEmail = (Destination: string): CodeDeliveryDetailsType => ({
  AttributeName: 'email',
  DeliveryMedium: 'EMAIL',
  Destination,
})

export const bySms = (Destination: string): CodeDeliveryDetailsType => ({
  AttributeName: 'phone_number',
  DeliveryMedium: 'SMS',
  Destination,
})

/** Signs in with a password and returns the tokens. */
export async function tokensOf(
  server: TestServer,
  { ClientId }: Place,
  USERNAME: string,
  PASSWORD = password,
): Promise<{ AccessToken: string; RefreshToken: string }> {
  const { AuthenticationResult } = await server.client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  )
  assert.ok(AuthenticationResult?.AccessToken && AuthenticationResult.RefreshToken)
  return {
    AccessToken: AuthenticationResult.AccessToken,
    RefreshToken: AuthenticationResult.RefreshToken,
  }
}

export async function showUser(server: TestServer, { UserPoolId }: Place, Username: string) {
  const user = await server.client.send(new AdminGetUserCommand({ UserPoolId, Username }))
  return { ...user, attributes: attributesIn(user.UserAttributes) }
}

export const secretHash = ({ ClientId, ClientSecret }: Place, name: string): string =>
  createHmac('sha256', ClientSecret ?? '')
    .update(name + ClientId)
    .digest('base64')

/** Puts a user into a state that no operation leads to. */
export async function changeUser(
  server: TestServer,
  place: Place,
  username: string,
  change: (user: User) => User,
): Promise<void> {
  const { store } = server.app
  const id = place.UserPoolId as PoolId
  const pool = await store.pools.find(id)
  const user = await store.users.find(id, username as Username)
  assert.ok(pool && user)
  await saveUser(store, pool, user, change(user), server.clock.now)
}

/** A pool that verifies phone numbers and can send no SMS: no operation leads there, and a store may hold it. */
export async function takeSmsAway(server: TestServer, { UserPoolId }: Place): Promise<void> {
  const { pools } = server.app.store
  const pool = await pools.find(UserPoolId as PoolId)
  assert.ok(pool)
  const { SmsConfiguration: _, ...settings } = pool.settings
  await pools.save({ ...pool, settings })
}

/** How many of the calls came through, and the names of the refusals of the others. */
export async function outcomes(
  calls: readonly Promise<unknown>[],
): Promise<{ done: number; refused: string[] }> {
  const settled = await Promise.allSettled(calls)
  const refused = settled.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as Error).name] : [],
  )
  return { done: settled.length - refused.length, refused: [...new Set(refused)].sort() }
}

export const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:any'

export const texts = {
  mismatch: 'Invalid verification code provided, please try again.',
  expired: 'Invalid code provided, please request a code again.',
  limit: 'Attempt limit exceeded, please try after some time.',
  unknown: 'Username/client id combination not found.',
  disabled: 'User is disabled.',
  notConfirmed: 'User is not confirmed.',
  resetRequired: 'Password reset required for the user',
  unauthorized: 'A client attempted to write unauthorized attribute',
  undeliverable:
    'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
  hashMissing: (id: string) => `Client ${id} is configured with secret but SECRET_HASH was not received`,
  hashWrong: (id: string) => `Unable to verify secret hash for client ${id}`,
  trigger: (name: string) => `${name} invocation failed due to error ResourceNotFoundException.`,
}
