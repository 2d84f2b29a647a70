/** What tests of tokens, sessions and devices share. */

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  type AuthenticationResultType,
  type AuthFlowType,
  type ChallengeNameType,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { UserPoolId as PoolId, Username } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import { saveUser } from '../src/flows/save-user.ts'
import { createClient, createPool, password, refusal } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import { claimOf, newSrp } from './srp-client.ts'

/** Where somebody signs in. */
export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
  readonly ClientSecret: string | undefined
  /** Calls go to the operations of administrators. */
  readonly admin?: boolean
}

export type Texts = Readonly<Record<string, string>>

export const flows = [
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
] as const
/** A client that rotates cannot refresh by InitiateAuth. */
export const rotating = (RetryGracePeriodSeconds?: number) => ({
  ExplicitAuthFlows: flows.filter((flow) => flow !== 'ALLOW_REFRESH_TOKEN_AUTH'),
  RefreshTokenRotation: { Feature: 'ENABLED' as const, RetryGracePeriodSeconds },
})

/** A pool without MFA, and a client that allows every flow with a password. */
export async function createPlace(
  server: TestServer,
  client: Partial<CreateUserPoolClientCommandInput> = {},
  pool: Partial<CreateUserPoolCommandInput> = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, {
    MfaConfiguration: 'OFF',
    SmsConfiguration: undefined,
    ...pool,
  })
  return clientOf(server, UserPoolId, client)
}

export async function clientOf(
  server: TestServer,
  UserPoolId: string,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  const ids = await createClient(server, UserPoolId, { ExplicitAuthFlows: [...flows], ...client })
  return { UserPoolId, ...ids }
}

export interface Tokens {
  readonly AccessToken: string
  readonly IdToken: string
  readonly RefreshToken: string
  readonly result: AuthenticationResultType
}

export function wholeTokens(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken, IdToken, RefreshToken } = result ?? {}
  assert.ok(result && AccessToken && IdToken && RefreshToken)
  return { AccessToken, IdToken, RefreshToken, result }
}

export function start(server: TestServer, place: Place, AuthFlow: AuthFlowType, AuthParameters: Texts) {
  const { UserPoolId, ClientId, admin } = place
  const input = { ClientId, AuthFlow, AuthParameters }
  return admin
    ? server.client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
    : server.client.send(new InitiateAuthCommand(input))
}

export function respond(
  server: TestServer,
  { UserPoolId, ClientId, admin }: Place,
  ChallengeName: ChallengeNameType,
  ChallengeResponses: Texts,
  Session?: string,
) {
  const input = { ClientId, ChallengeName, ChallengeResponses, Session }
  return admin
    ? server.client.send(new AdminRespondToAuthChallengeCommand({ UserPoolId, ...input }))
    : server.client.send(new RespondToAuthChallengeCommand(input))
}

/** Signs in with the password. */
export const signIn = (server: TestServer, place: Place, USERNAME: string, more: Texts = {}) =>
  start(server, place, place.admin ? 'ADMIN_USER_PASSWORD_AUTH' : 'USER_PASSWORD_AUTH', {
    USERNAME,
    PASSWORD: password,
    ...more,
  })

/** Tokens of a user who signs in with the password and meets no challenge. */
export const tokensOf = async (server: TestServer, place: Place, name: string, more: Texts = {}) =>
  wholeTokens((await signIn(server, place, name, more)).AuthenticationResult)

export const startSrp = (server: TestServer, place: Place, parameters: Texts) =>
  start(server, place, 'USER_SRP_AUTH', parameters)

/** The name under which a pool goes into SRP. */
export const poolName = ({ UserPoolId }: Place): string => UserPoolId.slice(UserPoolId.lastIndexOf('_') + 1)

/** Both steps of USER_SRP_AUTH. `more` goes with each, `withClaim` with the second. */
export async function signInBySrp(
  server: TestServer,
  place: Place,
  USERNAME: string,
  secret = password,
  more: Texts = {},
  withClaim: Texts = {},
) {
  const srp = newSrp()
  const started = await startSrp(server, place, { USERNAME, SRP_A: srp.A, ...more })
  const { USER_ID_FOR_SRP = '' } = started.ChallengeParameters ?? {}
  const claim = claimOf(srp, started.ChallengeParameters, poolName(place), USER_ID_FOR_SRP, secret)
  return respond(server, place, 'PASSWORD_VERIFIER', {
    USERNAME: USER_ID_FOR_SRP,
    ...claim,
    ...more,
    ...withClaim,
  })
}

/** REFRESH_TOKEN_AUTH. */
export const refresh = async (server: TestServer, place: Place, REFRESH_TOKEN: string, more: Texts = {}) =>
  (await start(server, place, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN, ...more })).AuthenticationResult

/** GetTokensFromRefreshToken. */
export async function renew(
  server: TestServer,
  { ClientId, ClientSecret }: Place,
  RefreshToken: string,
  DeviceKey?: string,
): Promise<AuthenticationResultType> {
  const { AuthenticationResult } = await server.client.send(
    new GetTokensFromRefreshTokenCommand({ ClientId, ClientSecret, RefreshToken, DeviceKey }),
  )
  assert.ok(AuthenticationResult?.AccessToken && AuthenticationResult.IdToken)
  return AuthenticationResult
}

export const getUser = (server: TestServer, AccessToken: string) =>
  server.client.send(new GetUserCommand({ AccessToken }))

/** What a JWT says, unverified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

export const secretHash = ({ ClientId, ClientSecret }: Place, name: string): string =>
  createHmac('sha256', ClientSecret ?? '')
    .update(name + ClientId)
    .digest('base64')

/** Puts a user into a state that no operation leads to. */
export async function changeUser(
  server: TestServer,
  { UserPoolId }: Place,
  username: string,
  change: (user: User) => User,
): Promise<void> {
  const { store } = server.app
  const pool = await store.pools.find(UserPoolId as PoolId)
  const user = await store.users.find(UserPoolId as PoolId, username as Username)
  assert.ok(pool && user)
  await saveUser(store, pool, user, change(user), server.clock.now)
}

export const updatePool = (
  server: TestServer,
  { UserPoolId }: Place,
  input: Partial<UpdateUserPoolCommandInput>,
) => server.client.send(new UpdateUserPoolCommand({ UserPoolId, ...input }))

const notAuthorized = (text: string) => refusal('NotAuthorizedException', text)

export const refused = {
  credentials: notAuthorized('Incorrect username or password.'),
  disabled: notAuthorized('User is disabled.'),
  locked: notAuthorized('Password attempts exceeded'),
  sessionUsed: notAuthorized('Invalid session for the user, session can only be used once.'),
  sessionExpired: notAuthorized('Invalid session for the user, session is expired.'),
  session: notAuthorized('Invalid session for the user.'),
  accessToken: notAuthorized('Invalid Access Token'),
  accessRevoked: notAuthorized('Access Token has been revoked'),
  refreshToken: notAuthorized('Invalid Refresh Token'),
  refreshRevoked: notAuthorized('Refresh Token has been revoked'),
  refreshExpired: notAuthorized('Refresh Token has expired'),
  refreshReused: refusal('RefreshTokenReuseException', 'Refresh token has been reused.'),
  notConfirmed: refusal('UserNotConfirmedException', 'User is not confirmed.'),
  mustReset: refusal('PasswordResetRequiredException', 'Password reset required for the user'),
  unknownUser: refusal('UserNotFoundException', 'User does not exist.'),
  noDevice: refusal('ResourceNotFoundException', 'Device does not exist.'),
  trackingOff: refusal(
    'InvalidUserPoolConfigurationException',
    'Device tracking not currently enabled for this pool.',
  ),
  noClient: (id: string) => refusal('ResourceNotFoundException', `User pool client ${id} does not exist.`),
}
