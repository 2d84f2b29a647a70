/** What tests of sign-in share: the operations side by side, and the ways to bring a user into a state. */

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  type AuthFlowType,
  type ChallengeNameType,
  type CreateUserPoolCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { UserPoolId as PoolId, Username } from '../src/domain/ids.ts'
import type { User, UserStatus } from '../src/domain/user.ts'
import { saveUser } from '../src/flows/save-user.ts'
import { attributesIn, createPool, password, refusal, smsConfiguration } from './fixtures.ts'
import type { TestServer } from './harness.ts'

/** Where somebody signs in. */
export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

type Texts = Readonly<Record<string, string>>

/** What every operation of sign-in answers. */
export interface Answer {
  readonly ChallengeName?: ChallengeNameType | undefined
  readonly Session?: string | undefined
  readonly ChallengeParameters?: Record<string, string> | undefined
  readonly AuthenticationResult?:
    | {
        readonly AccessToken?: string | undefined
        readonly IdToken?: string | undefined
        readonly RefreshToken?: string | undefined
        readonly ExpiresIn?: number | undefined
        readonly TokenType?: string | undefined
      }
    | undefined
}

export type Starter = 'InitiateAuth' | 'AdminInitiateAuth'
export type Answerer = 'RespondToAuthChallenge' | 'AdminRespondToAuthChallenge'

/** The flow in which each operation takes a password. */
export const passwordFlow: Record<Starter, AuthFlowType> = {
  InitiateAuth: 'USER_PASSWORD_AUTH',
  AdminInitiateAuth: 'ADMIN_USER_PASSWORD_AUTH',
}

export function start(
  server: TestServer,
  operation: Starter,
  { UserPoolId, ClientId }: Place,
  AuthParameters: Texts | undefined,
  AuthFlow: AuthFlowType = passwordFlow[operation],
): Promise<Answer> {
  const input = { ClientId, AuthFlow, AuthParameters }
  return operation === 'InitiateAuth'
    ? server.client.send(new InitiateAuthCommand(input))
    : server.client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
}

export function respond(
  server: TestServer,
  operation: Answerer,
  { UserPoolId, ClientId }: Place,
  ChallengeName: ChallengeNameType,
  Session: string | undefined,
  ChallengeResponses: Texts | undefined,
): Promise<Answer> {
  const input = { ClientId, ChallengeName, Session, ChallengeResponses }
  return operation === 'RespondToAuthChallenge'
    ? server.client.send(new RespondToAuthChallengeCommand(input))
    : server.client.send(new AdminRespondToAuthChallengeCommand({ UserPoolId, ...input }))
}

/** Tokens of a user who signs in with the password and meets no challenge. */
export async function tokensOf(
  server: TestServer,
  place: Place,
  USERNAME: string,
  PASSWORD = password,
): Promise<{ AccessToken: string; IdToken: string; RefreshToken: string; ExpiresIn: number }> {
  const { AuthenticationResult } = await start(server, 'AdminInitiateAuth', place, { USERNAME, PASSWORD })
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = AuthenticationResult ?? {}
  assert.ok(AccessToken && IdToken && RefreshToken && ExpiresIn)
  return { AccessToken, IdToken, RefreshToken, ExpiresIn }
}

/** What a JWT says, unverified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

export const secretHash = (secret: string | undefined, name: string, clientId: string): string =>
  createHmac('sha256', secret ?? '')
    .update(name + clientId)
    .digest('base64')

/** The code in the one message that was sent since anybody asked. */
export async function codeSent(server: TestServer): Promise<string> {
  const [message, ...others] = await server.sent()
  assert.deepEqual(others, [])
  assert.ok(message?.code)
  return message.code
}

export async function showUser(server: TestServer, UserPoolId: string, Username: string) {
  const user = await server.client.send(new AdminGetUserCommand({ UserPoolId, Username }))
  return { ...user, attributes: attributesIn(user.UserAttributes) }
}

export const sms = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]

export const setLegacySms = (server: TestServer, UserPoolId: string, Username: string) =>
  server.client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions: sms }))

/** Enables factors for a user, and prefers one when there is only one. */
export function enableFactors(
  server: TestServer,
  UserPoolId: string,
  Username: string,
  ...factors: readonly ('SMS' | 'EMAIL')[]
) {
  const on = { Enabled: true, PreferredMfa: factors.length === 1 }
  return server.client.send(
    new AdminSetUserMFAPreferenceCommand({
      UserPoolId,
      Username,
      ...(factors.includes('SMS') && { SMSMfaSettings: on }),
      ...(factors.includes('EMAIL') && { EmailMfaSettings: on }),
    }),
  )
}

export const setPassword = (
  server: TestServer,
  UserPoolId: string,
  Username: string,
  Password: string,
  Permanent: boolean,
) => server.client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent }))

/** Puts a user into a state that no operation served yet leads to. */
export async function changeUser(
  server: TestServer,
  UserPoolId: string,
  username: string,
  change: (user: User) => User,
): Promise<void> {
  const { store } = server.app
  const pool = await store.pools.find(UserPoolId as PoolId)
  const user = await store.users.find(UserPoolId as PoolId, username as Username)
  assert.ok(pool && user)
  await saveUser(store, pool, user, change(user), server.clock.now)
}

export const setStatus = (server: TestServer, UserPoolId: string, username: string, status: UserStatus) =>
  changeUser(server, UserPoolId, username, (user) => ({ ...user, status }))

/** Mail through an identity of one's own, which email MFA asks for. */
export const emailConfiguration = {
  EmailSendingAccount: 'DEVELOPER',
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com',
} as const

/** A pool with these second factors and a way to deliver each. */
export async function createMfaPool(
  server: TestServer,
  config: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
  input: Partial<CreateUserPoolCommand['input']> = {},
): Promise<string> {
  const UserPoolId = await createPool(server, {
    MfaConfiguration: 'OFF',
    EmailConfiguration: emailConfiguration,
    ...input,
  })
  await server.client.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...config }))
  return UserPoolId
}

export const smsFactor = { SmsMfaConfiguration: { SmsConfiguration: smsConfiguration } }
export const emailFactor = { EmailMfaConfiguration: {} }
export const tokenFactor = { SoftwareTokenMfaConfiguration: { Enabled: true } }

/** A Lambda function that is not there. */
export const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:any'

/** Gives a pool that has SMS MFA these triggers. */
export const setTriggers = (server: TestServer, UserPoolId: string, LambdaConfig: LambdaConfigType) =>
  server.client.send(
    new UpdateUserPoolCommand({
      UserPoolId,
      LambdaConfig,
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: smsConfiguration,
    }),
  )

export const notRun = (trigger: string) =>
  refusal('UnexpectedLambdaException', `${trigger} invocation failed due to error ResourceNotFoundException.`)
