import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUpdateUserAttributesCommand,
  type AuthFlowType,
  type ChallengeNameType,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  type ExplicitAuthFlowsType,
  ForgotPasswordCommand,
  GetClientTokenCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserAttributeVerificationCodeCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, type Place, signUp } from '../../test/accounts.ts'
import { confirmedDevice, type TestDevice, tracking } from '../../test/devices.ts'
import { createUser, password, phone, smsConfiguration } from '../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../test/harness.ts'
import { emailConfiguration, setLegacySms, setPassword } from '../../test/sign-in.ts'
import { claimOf, newSrp } from '../../test/srp-client.ts'
import { tokensOf } from '../../test/tokens.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { pass } from '../../test/triggered.ts'
import { deliverDue } from './delivery.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/triggers.md'), 'utf8')

/** The table of docs/triggers.md: a call, and the sources in order. */
const documented = new Map(
  (page.split('| Call | Functions, in order |\n|---|---|\n')[1] ?? '')
    .split('\n\n')[0]
    ?.split('\n')
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
    .map(([call = '', sources = '']) => [call, sources.split(', ')]),
)

const ClientMetadata = { from: 'the call' }
const email = 'ada@example.com'
const verified = { email, email_verified: 'true', phone_number: phone }

const functions: Readonly<Record<string, TestFunction>> = {
  PreSignUp: (event) => ({ ...event, response: { autoConfirmUser: event.userName === 'vouched-for' } }),
  PostConfirmation: pass,
  PreAuthentication: pass,
  PostAuthentication: pass,
  PreTokenGeneration: pass,
  CustomMessage: pass,
  UserMigration: (event) => ({
    ...event,
    response: {
      userAttributes: { email, email_verified: 'true' },
      messageAction: 'SUPPRESS',
      ...(event.request.password && { finalUserStatus: 'CONFIRMED' }),
    },
  }),
  DefineAuthChallenge: (event) => ({
    ...event,
    response: event.request.session.at(-1)?.challengeResult
      ? { issueTokens: true }
      : { challengeName: 'CUSTOM_CHALLENGE' },
  }),
  CreateAuthChallenge: pass,
  VerifyAuthChallengeResponse: (event) => ({
    ...event,
    response: { answerCorrect: event.request.challengeAnswer === 'needle' },
  }),
}
const all = Object.fromEntries(Object.keys(functions).map((name) => [name, functionArnOf(name)]))
const sender = { LambdaArn: functionArnOf('sender'), LambdaVersion: 'V1_0' } as const
const configs: Readonly<Record<string, LambdaConfigType>> = {
  'with CustomMessage': all,
  'with senders': {
    ...all,
    CustomEmailSender: sender,
    CustomSMSSender: sender,
    KMSKeyID: 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357',
  },
}

/** Where a call is made, and by whom. */
interface At {
  readonly server: TestServer
  readonly place: Place
  readonly admin: boolean
}

/** A row: what must be before the call, which it returns. */
interface Row {
  readonly pool?: Partial<CreateUserPoolCommandInput>
  readonly client?: Partial<CreateUserPoolClientCommandInput>
  readonly call: (at: At) => Promise<() => Promise<unknown>>
}

function begin(
  { server, place: { UserPoolId, ClientId }, admin }: At,
  AuthFlow: AuthFlowType,
  AuthParameters: Record<string, string>,
) {
  const input = { ClientId, AuthFlow, AuthParameters, ClientMetadata }
  return admin
    ? server.client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
    : server.client.send(new InitiateAuthCommand(input))
}
function answer(
  { server, place: { UserPoolId, ClientId }, admin }: At,
  ChallengeName: ChallengeNameType,
  ChallengeResponses: Record<string, string>,
  Session?: string,
) {
  const input = { ClientId, ChallengeName, ChallengeResponses, Session, ClientMetadata }
  return admin
    ? server.client.send(new AdminRespondToAuthChallengeCommand({ UserPoolId, ...input }))
    : server.client.send(new RespondToAuthChallengeCommand(input))
}
const byPassword = (at: At, USERNAME = 'ada', more = {}) =>
  begin(at, at.admin ? 'ADMIN_USER_PASSWORD_AUTH' : 'USER_PASSWORD_AUTH', {
    USERNAME,
    PASSWORD: password,
    ...more,
  })
const custom = (at: At) => begin(at, 'CUSTOM_AUTH', { USERNAME: 'ada' })
const ada = ({ server, place }: At) => createUser(server, place.UserPoolId, 'ada', verified)
async function codeIn(server: TestServer): Promise<string> {
  const [message] = await server.sent()
  assert.ok(message?.code)
  return message.code
}
/** Both halves of a device's proof, the second still to be made. */
async function deviceClaim(at: At, device: TestDevice): Promise<Record<string, string>> {
  const named = { USERNAME: 'ada', DEVICE_KEY: device.key }
  const { Session } = await byPassword(at, 'ada', { DEVICE_KEY: device.key })
  const srp = newSrp()
  const asked = await answer(at, 'DEVICE_SRP_AUTH', { ...named, SRP_A: srp.A }, Session)
  return {
    ...named,
    ...claimOf(srp, asked.ChallengeParameters, device.groupKey, device.key, device.password),
  }
}

const rows: Readonly<Record<string, Row>> = {
  '`SignUp`': {
    call:
      async ({ server, place }) =>
      () =>
        signUp(server, place, 'ada', { email }, { ClientMetadata }),
  },
  '`SignUp` of somebody whom PreSignUp confirms': {
    call:
      async ({ server, place }) =>
      () =>
        signUp(server, place, 'vouched-for', { email }, { ClientMetadata }),
  },
  '`ConfirmSignUp`': {
    async call({ server, place }) {
      const { ClientId } = place
      await signUp(server, place, 'ada', { email })
      const ConfirmationCode = await codeIn(server)
      return () =>
        server.client.send(
          new ConfirmSignUpCommand({ ClientId, Username: 'ada', ConfirmationCode, ClientMetadata }),
        )
    },
  },
  '`AdminConfirmSignUp`': {
    async call({ server, place }) {
      const { UserPoolId } = place
      await signUp(server, place, 'ada')
      return () =>
        server.client.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'ada', ClientMetadata }))
    },
  },
  'the link in a mail that confirms a sign-up': {
    pool: { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' } },
    async call({ server, place }) {
      await signUp(server, place, 'ada', { email })
      const query = new URLSearchParams({
        client_id: place.ClientId,
        user_name: 'ada',
        confirmation_code: await codeIn(server),
      })
      return async () => assert.equal((await server.web(`/confirmUser?${query}`)).status, 200)
    },
  },
  '`ResendConfirmationCode`': {
    async call({ server, place }) {
      const { ClientId } = place
      await signUp(server, place, 'ada', { email })
      return () =>
        server.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'ada', ClientMetadata }))
    },
  },
  '`AdminCreateUser`': { call: async (at) => () => invite(at) },
  '`AdminCreateUser` with `RESEND`': {
    async call(at) {
      await invite(at)
      return () => invite(at, 'RESEND')
    },
  },
  '`InitiateAuth` with a password': {
    async call(at) {
      await ada(at)
      return () => byPassword(at)
    },
  },
  '`InitiateAuth` with a password, of somebody unknown': { call: async (at) => () => byPassword(at) },
  '`InitiateAuth` with SRP': {
    async call(at) {
      await ada(at)
      return () => begin(at, 'USER_SRP_AUTH', { USERNAME: 'ada', SRP_A: newSrp().A })
    },
  },
  '`InitiateAuth` where a code is sent': {
    async call(at) {
      await ada(at)
      await setLegacySms(at.server, at.place.UserPoolId, 'ada')
      return () => byPassword(at)
    },
  },
  '`InitiateAuth` with `CUSTOM_AUTH`': {
    async call(at) {
      await ada(at)
      return () => custom(at)
    },
  },
  '`InitiateAuth` with a refresh token': {
    async call(at) {
      await ada(at)
      const { RefreshToken } = await tokensOf(at.server, at.place, 'ada')
      return () => begin(at, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken })
    },
  },
  '`GetTokensFromRefreshToken`': {
    async call(at) {
      const { ClientId } = at.place
      await ada(at)
      const { RefreshToken } = await tokensOf(at.server, at.place, 'ada')
      return () =>
        at.server.client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, ClientMetadata }),
        )
    },
  },
  '`RespondToAuthChallenge` with what completes a sign-in': {
    async call(at) {
      await ada(at)
      await setLegacySms(at.server, at.place.UserPoolId, 'ada')
      const { Session } = await byPassword(at)
      const SMS_MFA_CODE = await codeIn(at.server)
      return () => answer(at, 'SMS_MFA', { USERNAME: 'ada', SMS_MFA_CODE }, Session)
    },
  },
  '`RespondToAuthChallenge` with a new password': {
    async call(at) {
      await ada(at)
      await setPassword(at.server, at.place.UserPoolId, 'ada', password, false)
      const { Session } = await byPassword(at)
      const responses = { USERNAME: 'ada', NEW_PASSWORD: `${password}!` }
      return () => answer(at, 'NEW_PASSWORD_REQUIRED', responses, Session)
    },
  },
  '`RespondToAuthChallenge` with a device’s claim': {
    pool: tracking,
    async call(at) {
      await ada(at)
      const { device } = await confirmedDevice(at.server, at.place, 'ada')
      const claim = await deviceClaim(at, device)
      return () => answer(at, 'DEVICE_PASSWORD_VERIFIER', claim)
    },
  },
  '`RespondToAuthChallenge` with a wrong custom answer': {
    async call(at) {
      await ada(at)
      const { Session } = await custom(at)
      return () => answer(at, 'CUSTOM_CHALLENGE', { USERNAME: 'ada', ANSWER: 'storm' }, Session)
    },
  },
  '`RespondToAuthChallenge` with the right custom answer': {
    async call(at) {
      await ada(at)
      const { Session } = await custom(at)
      return () => answer(at, 'CUSTOM_CHALLENGE', { USERNAME: 'ada', ANSWER: 'needle' }, Session)
    },
  },
  '`ForgotPassword`': {
    async call(at) {
      await ada(at)
      return () => forgot(at)
    },
  },
  '`ForgotPassword` of somebody unknown': { call: async (at) => () => forgot(at) },
  '`AdminResetUserPassword`': {
    async call(at) {
      const { UserPoolId } = at.place
      await ada(at)
      return () =>
        at.server.client.send(
          new AdminResetUserPasswordCommand({ UserPoolId, Username: 'ada', ClientMetadata }),
        )
    },
  },
  '`ConfirmForgotPassword`': {
    async call(at) {
      await ada(at)
      await forgot(at)
      const code = { ConfirmationCode: await codeIn(at.server), Password: `${password}!`, ClientMetadata }
      const { ClientId } = at.place
      return () =>
        at.server.client.send(new ConfirmForgotPasswordCommand({ ClientId, Username: 'ada', ...code }))
    },
  },
  '`UpdateUserAttributes`': {
    async call(at) {
      await ada(at)
      const { AccessToken } = await tokensOf(at.server, at.place, 'ada')
      const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
      return () =>
        at.server.client.send(
          new UpdateUserAttributesCommand({ AccessToken, UserAttributes, ClientMetadata }),
        )
    },
  },
  '`AdminUpdateUserAttributes`': {
    async call(at) {
      await ada(at)
      const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
      const named = { UserPoolId: at.place.UserPoolId, Username: 'ada' }
      return () =>
        at.server.client.send(
          new AdminUpdateUserAttributesCommand({ ...named, UserAttributes, ClientMetadata }),
        )
    },
  },
  '`GetUserAttributeVerificationCode`': {
    async call(at) {
      await ada(at)
      const { AccessToken } = await tokensOf(at.server, at.place, 'ada')
      return () =>
        at.server.client.send(
          new GetUserAttributeVerificationCodeCommand({
            AccessToken,
            AttributeName: 'email',
            ClientMetadata,
          }),
        )
    },
  },
  '`GetClientToken`, with events of version 3': {
    client: {
      GenerateSecret: true,
      ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType],
    },
    async call({ server, place }) {
      const { UserPoolId, ClientId, ClientSecret } = place
      const config = { LambdaArn: functionArnOf('PreTokenGeneration'), LambdaVersion: 'V3_0' } as const
      await server.client.send(
        new UpdateUserPoolCommand({
          UserPoolId,
          MfaConfiguration: 'OFF',
          LambdaConfig: { PreTokenGenerationConfig: config },
        }),
      )
      return () =>
        server.client.send(new GetClientTokenCommand({ ClientId, Secret: ClientSecret, ClientMetadata }))
    },
  },
}

const invite = ({ server, place }: At, MessageAction?: 'RESEND') =>
  server.client.send(
    new AdminCreateUserCommand({
      UserPoolId: place.UserPoolId,
      Username: 'ada',
      UserAttributes: [{ Name: 'email', Value: email }],
      DesiredDeliveryMediums: ['EMAIL'],
      ClientMetadata,
      ...(MessageAction && { MessageAction }),
    }),
  )
const forgot = ({ server, place: { ClientId } }: At) =>
  server.client.send(new ForgotPasswordCommand({ ClientId, Username: 'ada', ClientMetadata }))

/** Under which name an event has the metadata of the call. */
function metadataIn(request: Readonly<Record<string, unknown>>): string[] {
  return ['clientMetadata', 'validationData'].filter((name) =>
    Object.hasOwn((request[name] as object | null | undefined) ?? {}, 'from'),
  )
}
function metadataFor(call: string, source: string): string[] {
  if (call.startsWith('the link')) return []
  if (!call.startsWith('`InitiateAuth`')) return ['clientMetadata']
  return /^(PreAuthentication|UserMigration)/.test(source) ? ['validationData'] : []
}

test('the page has a row for every call that is made here, and no other', () => {
  assert.deepEqual([...documented.keys()], Object.keys(rows))
})

onEachStore((server) => {
  for (const [how, LambdaConfig] of Object.entries(configs)) {
    describe(how, () => {
      for (const [name, { pool, client, call }] of Object.entries(rows)) {
        for (const admin of /^`(Initiate|RespondTo)Auth/.test(name) ? [false, true] : [false]) {
          test(admin ? `${name}, by an administrator` : name, async () => {
            const place = await createPlace(
              server(),
              {
                LambdaConfig,
                EmailConfiguration: emailConfiguration,
                SmsConfiguration: smsConfiguration,
                MfaConfiguration: 'OPTIONAL',
                ...pool,
              },
              {
                ExplicitAuthFlows: [
                  'ALLOW_USER_PASSWORD_AUTH',
                  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
                  'ALLOW_USER_SRP_AUTH',
                  'ALLOW_CUSTOM_AUTH',
                  'ALLOW_REFRESH_TOKEN_AUTH',
                ],
                ...client,
              },
            )
            server().functions.define({ ...functions, sender: () => undefined })
            await server().sent()
            const make = await call({ server: server(), place, admin })
            await server().sent()
            server().functions.events()
            await make()
            await deliverDue(server().app, 'EMAIL')
            await deliverDue(server().app, 'SMS')
            const events = server().functions.events()
            assert.deepEqual(
              events.map(({ triggerSource }) =>
                how === 'with senders'
                  ? triggerSource.replace(/^Custom(Email|SMS)Sender/, 'CustomMessage')
                  : triggerSource,
              ),
              documented.get(name),
            )
            for (const { request, triggerSource } of events) {
              assert.deepEqual(metadataIn(request), metadataFor(name, triggerSource), triggerSource)
              assert.ok(how !== 'with senders' || !triggerSource.startsWith('CustomMessage'), triggerSource)
            }
          })
        }
      }
    })
  }
})
