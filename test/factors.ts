/** What tests of factors share: pools with factors, authenticator apps and passkeys, and both operations of each step. */

import assert from 'node:assert/strict'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  CompleteWebAuthnRegistrationCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  StartWebAuthnRegistrationCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { Secret, TOTP } from 'otpauth'
import type { UserPoolId as PoolId, Username } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import { saveUser } from '../src/flows/save-user.ts'
import { Authenticator, type CreationOptions } from './authenticator.ts'
import { createClient, createPool, password, type Served, smsConfiguration } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

type Texts = Readonly<Record<string, string>>

export const smsFactor = { SmsMfaConfiguration: { SmsConfiguration: smsConfiguration } }
export const emailFactor = { EmailMfaConfiguration: {} }
export const tokenFactor = { SoftwareTokenMfaConfiguration: { Enabled: true } }

/** Mail through an identity of one's own, which email MFA asks for. */
const EmailConfiguration = {
  EmailSendingAccount: 'DEVELOPER',
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com',
} as const

export const firstFactors = (
  ...AllowedFirstAuthFactors: ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN')[]
): Pick<CreateUserPoolCommandInput, 'Policies'> => ({
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', ...AllowedFirstAuthFactors] } },
})

/** A pool with these factors and a client for every flow. */
export async function createFactorPool(
  server: Served,
  config: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
  input: Partial<CreateUserPoolCommandInput> = {},
  client: Parameters<typeof createClient>[2] = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, { MfaConfiguration: 'OFF', EmailConfiguration, ...input })
  await configure(server, UserPoolId, config)
  return { UserPoolId, ...(await createFactorClient(server, UserPoolId, client)) }
}

export const configure = (
  server: Served,
  UserPoolId: string,
  config: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
) => server.client.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...config }))

export const createFactorClient = (
  server: Served,
  UserPoolId: string,
  input: Parameters<typeof createClient>[2] = {},
) =>
  createClient(server, UserPoolId, {
    ExplicitAuthFlows: [
      'ALLOW_USER_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
    ...input,
  })

/** The two ways to sign in: as the public does, and as a server with IAM credentials. */
export type By = 'public' | 'admin'
export const everybody: readonly By[] = ['public', 'admin']

export function startByPassword(
  server: TestServer,
  { UserPoolId, ClientId }: Place,
  USERNAME: string,
  by: By = 'public',
  PASSWORD = password,
) {
  const AuthParameters = { USERNAME, PASSWORD }
  return by === 'public'
    ? server.client.send(
        new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
      )
    : server.client.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters,
        }),
      )
}

export function startByChoice(
  server: TestServer,
  { UserPoolId, ClientId }: Place,
  USERNAME: string,
  PREFERRED_CHALLENGE?: string,
  by: By = 'public',
) {
  const input = {
    ClientId,
    AuthFlow: 'USER_AUTH' as const,
    AuthParameters: { USERNAME, ...(PREFERRED_CHALLENGE && { PREFERRED_CHALLENGE }) },
  }
  return by === 'public'
    ? server.client.send(new InitiateAuthCommand(input))
    : server.client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
}

/** A challenge as an operation of sign-in answers it. */
export interface Asked {
  readonly ChallengeName?: ChallengeNameType | undefined
  readonly Session?: string | undefined
}

export function respond(
  server: TestServer,
  { UserPoolId, ClientId }: Place,
  { ChallengeName, Session }: Asked,
  ChallengeResponses: Texts,
  by: By = 'public',
) {
  const input = { ClientId, ChallengeName, Session, ChallengeResponses }
  return by === 'public'
    ? server.client.send(new RespondToAuthChallengeCommand(input))
    : server.client.send(new AdminRespondToAuthChallengeCommand({ UserPoolId, ...input }))
}

export async function accessTokenOf(server: TestServer, place: Place, name: string): Promise<string> {
  const { AuthenticationResult } = await startByPassword(server, place, name, 'admin')
  assert.ok(AuthenticationResult?.AccessToken)
  return AuthenticationResult.AccessToken
}

/** What a JWT says, unverified. */
export const claimsOf = (token: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'))

/** What an authenticator app shows, now or some steps away. */
export const appCode = (server: TestServer, secret: string | undefined, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret ?? '') }).generate({
    timestamp: server.clock.now + steps * 30_000,
  })

export const nextStep = (server: TestServer): void => {
  server.clock.now += 30_000
}

/** Registers an authenticator app with an access token, and returns its secret. The code of this step is used up. */
export async function enrolApp(
  server: TestServer,
  AccessToken: string,
  FriendlyDeviceName?: string,
): Promise<string> {
  const { SecretCode } = await server.client.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  assert.ok(SecretCode)
  const UserCode = appCode(server, SecretCode)
  await server.client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode, FriendlyDeviceName }))
  return SecretCode
}

/** Answers MFA_SETUP with an authenticator app, and returns what that comes to. The code of this step is used up. */
export async function setUpApp(
  server: TestServer,
  place: Place,
  { Session }: Asked,
  USERNAME: string,
  by: By = 'public',
) {
  const associated = await server.client.send(new AssociateSoftwareTokenCommand({ Session }))
  const verified = await server.client.send(
    new VerifySoftwareTokenCommand({
      Session: associated.Session,
      UserCode: appCode(server, associated.SecretCode),
    }),
  )
  const asked = { ChallengeName: 'MFA_SETUP' as const, Session: verified.Session }
  return { ...(await respond(server, place, asked, { USERNAME }, by)), secret: associated.SecretCode }
}

/** `StartWebAuthnRegistration`, as an authenticator reads it. */
export async function creationOptions(server: TestServer, AccessToken: string): Promise<CreationOptions> {
  const output = await server.client.send(new StartWebAuthnRegistrationCommand({ AccessToken }))
  return output.CredentialCreationOptions as unknown as CreationOptions
}

export const completeRegistration = (server: TestServer, AccessToken: string, Credential: unknown) =>
  server.client.send(
    new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: Credential as string }),
  )

/** Registers a passkey, and returns what signs with it. */
export async function enrolPasskey(
  server: TestServer,
  AccessToken: string,
  kind: ConstructorParameters<typeof Authenticator>[0] = {},
): Promise<Authenticator> {
  const authenticator = new Authenticator(kind)
  const options = await creationOptions(server, AccessToken)
  await completeRegistration(server, AccessToken, authenticator.register(options))
  return authenticator
}

/** Puts a user into a state that no operation leads to. */
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
