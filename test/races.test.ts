/**
 * Requests that race for what works once, against servers as their users start them: one process on SQLite, three on
 * one PostgreSQL. Everybody is right; one is served, and nobody hears of an error that is ours.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  type CognitoIdentityProviderClient,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { Crowd, type Json, type Reply, refusalIn } from './crowd.ts'
import { attributesIn, createClient, createPool, createUser, password, smsConfiguration } from './fixtures.ts'
import type { StoreKind } from './harness.ts'
import { createPlace, type Place as Store, withDatabase } from './places.ts'
import { type Bundle, bundled, type Running, sdkAt } from './server-process.ts'
import { claimOf, newDeviceSecret, newSrp } from './srp-client.ts'

const requests = 500
const connections = 64
const processes: Record<StoreKind, number> = { sqlite: 1, postgres: 3 }

const used = 'NotAuthorizedException: Invalid session for the user, session can only be used once.'
const invalid = 'NotAuthorizedException: Invalid session for the user.'
const limit = 'LimitExceededException: Attempt limit exceeded, please try after some time.'
const codeGone = 'ExpiredCodeException: Invalid code provided, please request a code again.'
const confirmed = 'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED'
const tokenUsed = 'ExpiredCodeException: Your software token has already been used once.'
const tokenVerified = 'EnableSoftwareTokenMFAException: Your software token has already been used once'
const reused = 'RefreshTokenReuseException: Refresh token has been reused.'
const deviceExists = 'DeviceKeyExistsException: Device key already exists.'

interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

interface Asked {
  readonly ChallengeName?: string
  readonly Session?: string
  readonly ChallengeParameters?: Readonly<Record<string, string>>
  readonly AuthenticationResult?: {
    readonly AccessToken: string
    readonly RefreshToken: string
    readonly NewDeviceMetadata?: { readonly DeviceKey: string; readonly DeviceGroupKey: string }
  }
}

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`${requests} at once, on ${kind} in ${processes[kind]} process${kind === 'postgres' ? 'es' : ''},`, () => {
    let store: Store
    let servers: Running[]
    let crowd: Crowd
    let client: CognitoIdentityProviderClient
    let url: string

    before(async () => {
      store = await createPlace(kind)
      const iam = join(store.folder, 'iam.yaml')
      await writeFile(
        iam,
        'users: [{ name: ada, policies: [AdministratorAccess], accessKeys: [{ id: AKIA1, secret: s }] }]',
      )
      const args = ['serve', '--port', '0', ...store.settings, '--iam-file', iam]
      // Tokens name their issuer: behind whatever spreads the requests, all processes are one.
      const shared = ['--public-url', 'http://localhost:9229', '--log-level', 'warn']
      servers = Array.from({ length: processes[kind] }, () => bundle.run([...args, ...shared]))
      const urls = await Promise.all(servers.map((server) => server.url()))
      url = urls[0] ?? ''
      client = sdkAt(url, 'AKIA1', 's')
      crowd = new Crowd(urls, connections)
    })
    after(async () => {
      crowd.close()
      client.destroy()
      for (const server of servers) {
        assert.equal((await server.end()).code, 0)
        assert.equal(server.stderr, '')
      }
      await store.remove()
    })

    const caller = {
      get client() {
        return client
      },
    }
    /** A pool without MFA, and a client of it. */
    async function createPlaceFor(
      pool: Partial<CreateUserPoolCommandInput> = {},
      app: Partial<CreateUserPoolClientCommandInput> = {},
    ): Promise<Place> {
      const UserPoolId = await createPool(caller, {
        MfaConfiguration: 'OFF',
        AutoVerifiedAttributes: ['email'],
        ...pool,
      })
      const { ClientId } = await createClient(caller, UserPoolId, {
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
        ...app,
      })
      return { UserPoolId, ClientId }
    }
    async function createMfaPlace(MfaConfiguration: 'ON' | 'OPTIONAL'): Promise<Place> {
      const place = await createPlaceFor()
      await client.send(
        new SetUserPoolMfaConfigCommand({
          UserPoolId: place.UserPoolId,
          MfaConfiguration,
          SoftwareTokenMfaConfiguration: { Enabled: true },
          ...(MfaConfiguration === 'OPTIONAL' && {
            SmsMfaConfiguration: { SmsConfiguration: smsConfiguration },
          }),
        }),
      )
      return place
    }

    const start = ({ ClientId }: Place, AuthFlow: string, AuthParameters: Json) =>
      crowd.call<Asked>('InitiateAuth', { ClientId, AuthFlow, AuthParameters })
    const signIn = (place: Place, USERNAME: string, PASSWORD = password) =>
      start(place, 'USER_PASSWORD_AUTH', { USERNAME, PASSWORD })
    async function tokensOf(place: Place, name: string) {
      const { AuthenticationResult } = await signIn(place, name)
      assert.ok(AuthenticationResult)
      return AuthenticationResult
    }
    /** The one message that went to this address. */
    async function codeTo(to: string): Promise<string> {
      const response = await fetch(`${url}/_cognate/inbox?to=${encodeURIComponent(to)}`)
      const { messages } = (await response.json()) as { messages: { code: string }[] }
      assert.equal(messages.length, 1)
      return messages[0]?.code ?? ''
    }
    async function shown({ UserPoolId }: Place, Username: string) {
      const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username }))
      return { status: user.UserStatus, attributes: attributesIn(user.UserAttributes) }
    }
    /** How many rows of a user a table has. */
    const rowsOf = (table: string, { UserPoolId }: Place, name: string) =>
      withDatabase(store, async (db) => {
        const found = await sql`
          select * from ${sql.table(table)} where pool_id = ${UserPoolId} and username = ${name}`.execute(db)
        return found.rows.length
      })
    const mustBeIn = async (place: Place, name: string, { body }: Reply, sessions = 1) => {
      const { AuthenticationResult }: Asked = JSON.parse(body)
      const { AccessToken } = AuthenticationResult ?? {}
      const user = await crowd.call('GetUser', { AccessToken })
      assert.equal(user.Username, name)
      assert.equal(await rowsOf('token_sessions', place, name), sessions)
    }

    /** All at once; the one reply that is a success, its place, and how often each refusal was heard. */
    async function race(operation: string, body: (index: number) => Json) {
      const replies = await Promise.all(
        Array.from({ length: requests }, (_, index) => crowd.send(operation, body(index))),
      )
      const refused = new Map<string, number>()
      const winners = new Map<number, Reply>()
      for (const [index, reply] of replies.entries()) {
        if (reply.status === 200) winners.set(index, reply)
        else refused.set(refusalIn(reply), (refused.get(refusalIn(reply)) ?? 0) + 1)
      }
      return { winners, refused }
    }

    /** The race that one wins, while all others are refused with these. */
    async function winner(operation: string, body: (index: number) => Json, ...expected: string[]) {
      const { winners, refused } = await race(operation, body)
      const [first] = winners
      assert.deepEqual([winners.size, first === undefined], [1, false], JSON.stringify([...refused]))
      assert.ok(first)
      const others = [...refused.keys()].filter(
        (refusal) => !expected.some((text) => refusal === `400 ${text}`),
      )
      assert.deepEqual(others, [])
      return { index: first[0], reply: first[1], refused: (text: string) => refused.get(`400 ${text}`) ?? 0 }
    }

    test('with the code of a sign-up: one confirms it', async () => {
      const place = await createPlaceFor()
      const email = 'sign-up@example.com'
      const { ClientId } = place
      const signUp = { ClientId, Username: 'ada', Password: password }
      await crowd.call('SignUp', { ...signUp, UserAttributes: [{ Name: 'email', Value: email }] })
      const ConfirmationCode = await codeTo(email)
      const body = () => ({ ClientId, Username: 'ada', ConfirmationCode })
      const { refused } = await winner('ConfirmSignUp', body, confirmed, codeGone, limit)
      assert.ok(refused(limit) >= requests - 15)
      const { status, attributes } = await shown(place, 'ada')
      assert.deepEqual([status, attributes.email_verified], ['CONFIRMED', 'true'])
      assert.equal(await rowsOf('codes', place, 'ada'), 0)
    })

    test('with the code of a forgotten password: one sets theirs, and it is the one that was told so', async () => {
      const place = await createPlaceFor()
      const email = 'forgot@example.com'
      await createUser(caller, place.UserPoolId, 'ada', { email, email_verified: 'true' })
      const { ClientId } = place
      await crowd.call('ForgotPassword', { ClientId, Username: 'ada' })
      const ConfirmationCode = await codeTo(email)
      const chosen = (index: number) => `Better-horse-${index}`
      const { index, refused } = await winner(
        'ConfirmForgotPassword',
        (index) => ({ ClientId, Username: 'ada', ConfirmationCode, Password: chosen(index) }),
        codeGone,
        limit,
      )
      // The code was asked for once; nineteen tries are left of the twenty.
      assert.ok(refused(limit) >= requests - 19)
      assert.ok((await signIn(place, 'ada', chosen(index))).AuthenticationResult)
      for (const other of [password, chosen((index + 1) % requests), chosen((index + 7) % requests)]) {
        const AuthParameters = { USERNAME: 'ada', PASSWORD: other }
        const input = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
        const wrong = '400 NotAuthorizedException: Incorrect username or password.'
        assert.equal(refusalIn(await crowd.send('InitiateAuth', input)), wrong)
      }
    })

    test('with the code of an address: one verifies it', async () => {
      const place = await createPlaceFor()
      const email = 'verify@example.com'
      await createUser(caller, place.UserPoolId, 'ada', { email })
      const { AccessToken } = await tokensOf(place, 'ada')
      await crowd.call('GetUserAttributeVerificationCode', { AccessToken, AttributeName: 'email' })
      const Code = await codeTo(email)
      const body = () => ({ AccessToken, AttributeName: 'email', Code })
      const { refused } = await winner('VerifyUserAttribute', body, codeGone, limit)
      assert.ok(refused(limit) >= requests - 15)
      assert.equal((await shown(place, 'ada')).attributes.email_verified, 'true')
      assert.equal(await rowsOf('codes', place, 'ada'), 0)
    })

    test('with a code by SMS: one signs in', async () => {
      const place = await createMfaPlace('OPTIONAL')
      const phone_number = '+15555550177'
      await createUser(caller, place.UserPoolId, 'ada', { phone_number })
      await client.send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId: place.UserPoolId,
          Username: 'ada',
          SMSMfaSettings: { Enabled: true, PreferredMfa: true },
        }),
      )
      const { ChallengeName, Session } = await signIn(place, 'ada')
      const ChallengeResponses = { USERNAME: 'ada', SMS_MFA_CODE: await codeTo(phone_number) }
      const answer = { ClientId: place.ClientId, ChallengeName, Session, ChallengeResponses }
      const { reply } = await winner('RespondToAuthChallenge', () => answer, used)
      await mustBeIn(place, 'ada', reply)
      assert.equal((await shown(place, 'ada')).attributes.phone_number_verified, 'true')
    })

    test('with a code by email that is the whole sign-in: one signs in', async () => {
      const place = await createPlaceFor({
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      })
      const email = 'whole@example.com'
      await createUser(caller, place.UserPoolId, 'ada', { email })
      const preferred = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'EMAIL_OTP' }
      const { ChallengeName, Session } = await start(place, 'USER_AUTH', preferred)
      const ChallengeResponses = { USERNAME: 'ada', EMAIL_OTP_CODE: await codeTo(email) }
      const answer = { ClientId: place.ClientId, ChallengeName, Session, ChallengeResponses }
      // Of a code that is the whole sign-in ten tries are looked at, right ones too.
      const { reply } = await winner('RespondToAuthChallenge', () => answer, used, invalid)
      await mustBeIn(place, 'ada', reply)
      assert.equal((await shown(place, 'ada')).attributes.email_verified, 'true')
    })

    const codeOf = (secret: unknown, steps = 0) =>
      new TOTP({ secret: Secret.fromBase32(String(secret)) }).generate({
        timestamp: Date.now() + steps * 30_000,
      })

    /** Somebody with an app: the secret behind it, the code of this step used up. */
    async function enrolled(place: Place, name: string): Promise<string> {
      await createUser(caller, place.UserPoolId, name, {})
      const { AccessToken } = await tokensOf(place, name)
      const { SecretCode } = await crowd.call('AssociateSoftwareToken', { AccessToken })
      await crowd.call('VerifySoftwareToken', { AccessToken, UserCode: codeOf(SecretCode) })
      await crowd.call('SetUserMFAPreference', {
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      })
      return String(SecretCode)
    }

    test('with one code of an app in two sessions: one signs in', async () => {
      const place = await createMfaPlace('OPTIONAL')
      const secret = await enrolled(place, 'ada')
      const sessions = [await signIn(place, 'ada'), await signIn(place, 'ada')] as const
      const answer = (index: number, SOFTWARE_TOKEN_MFA_CODE: string) => {
        const { ChallengeName, Session } = sessions[index % 2] ?? sessions[0]
        const ChallengeResponses = { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE }
        return { ClientId: place.ClientId, ChallengeName, Session, ChallengeResponses }
      }
      // The code of the next step is taken half a minute early.
      const code = codeOf(secret, 1)
      const { index, reply } = await winner(
        'RespondToAuthChallenge',
        (index) => answer(Math.floor(index / 2), code),
        tokenUsed,
        used,
      )
      await mustBeIn(place, 'ada', reply, 2)
      const other = await crowd.send('RespondToAuthChallenge', answer(Math.floor(index / 2) + 1, code))
      assert.equal(refusalIn(other), `400 ${tokenUsed}`)
    })

    test('with one proof of a password: one signs in', async () => {
      const place = await createPlaceFor()
      await createUser(caller, place.UserPoolId, 'ada', {})
      const srp = newSrp()
      const asked = await start(place, 'USER_SRP_AUTH', { USERNAME: 'ada', SRP_A: srp.A })
      const pool = place.UserPoolId.split('_')[1] ?? ''
      const claim = claimOf(srp, asked.ChallengeParameters, pool, 'ada', password)
      const ChallengeResponses = { USERNAME: 'ada', ...claim }
      const answer = { ClientId: place.ClientId, ChallengeName: asked.ChallengeName, ChallengeResponses }
      const { reply } = await winner('RespondToAuthChallenge', () => answer, used)
      await mustBeIn(place, 'ada', reply)
    })

    const rotating = (RetryGracePeriodSeconds: number) => ({
      RefreshTokenRotation: { Feature: 'ENABLED' as const, RetryGracePeriodSeconds },
    })
    const successorIn = ({ body }: Reply): string => JSON.parse(body).AuthenticationResult.RefreshToken

    test('with a refresh token that rotates at once: one is given the next, which refreshes', async () => {
      const place = await createPlaceFor({}, rotating(0))
      const { ClientId } = place
      await createUser(caller, place.UserPoolId, 'ada', {})
      const { RefreshToken } = await tokensOf(place, 'ada')
      const body = () => ({ ClientId, RefreshToken })
      const { reply } = await winner('GetTokensFromRefreshToken', body, reused)
      await mustBeIn(place, 'ada', reply)
      await crowd.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: successorIn(reply) })
    })

    test('with a refresh token in its grace period: all are given the same next one', async () => {
      const place = await createPlaceFor({}, rotating(60))
      const { ClientId } = place
      await createUser(caller, place.UserPoolId, 'ada', {})
      const { RefreshToken } = await tokensOf(place, 'ada')
      const { winners, refused } = await race('GetTokensFromRefreshToken', () => ({ ClientId, RefreshToken }))
      assert.deepEqual([...refused], [])
      const [successor, ...others] = new Set([...winners.values()].map(successorIn))
      assert.deepEqual(others, [])
      assert.ok(successor && successor !== RefreshToken)
      await crowd.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: successor })
    })

    test('with the first code of an app: one registers it', async () => {
      const place = await createMfaPlace('OPTIONAL')
      await createUser(caller, place.UserPoolId, 'ada', {})
      const { AccessToken } = await tokensOf(place, 'ada')
      const { SecretCode } = await crowd.call('AssociateSoftwareToken', { AccessToken })
      const UserCode = codeOf(SecretCode)
      await winner('VerifySoftwareToken', () => ({ AccessToken, UserCode }), tokenVerified)
      assert.equal(await rowsOf('software_tokens', place, 'ada'), 1)
      assert.equal(await rowsOf('codes', place, 'ada'), 0)
    })

    test('with the first code of an app while signing in: one goes on', async () => {
      const place = await createMfaPlace('ON')
      await createUser(caller, place.UserPoolId, 'ada', {})
      const asked = await signIn(place, 'ada')
      assert.equal(asked.ChallengeName, 'MFA_SETUP')
      const { SecretCode, Session } = await crowd.call('AssociateSoftwareToken', { Session: asked.Session })
      const UserCode = codeOf(SecretCode)
      const { reply } = await winner('VerifySoftwareToken', () => ({ Session, UserCode }), invalid)
      const done = await crowd.send('RespondToAuthChallenge', {
        ClientId: place.ClientId,
        ChallengeName: 'MFA_SETUP',
        Session: JSON.parse(reply.body).Session,
        ChallengeResponses: { USERNAME: 'ada' },
      })
      await mustBeIn(place, 'ada', done)
      assert.equal(await rowsOf('software_tokens', place, 'ada'), 1)
    })

    test('with secrets for one new device: one is taken, and it is the one that was told so', async () => {
      const place = await createPlaceFor({ DeviceConfiguration: { ChallengeRequiredOnNewDevice: true } })
      const { ClientId } = place
      await createUser(caller, place.UserPoolId, 'ada', {})
      const { AccessToken, NewDeviceMetadata } = await tokensOf(place, 'ada')
      assert.ok(NewDeviceMetadata)
      const { DeviceKey, DeviceGroupKey } = NewDeviceMetadata
      const secrets = Array.from({ length: 8 }, () => newDeviceSecret(DeviceGroupKey, DeviceKey))
      const secretOf = (index: number) => secrets[index % secrets.length] ?? assert.fail()
      const { index } = await winner(
        'ConfirmDevice',
        (index) => {
          const { DeviceSecretVerifierConfig } = secretOf(index)
          return { AccessToken, DeviceKey, DeviceSecretVerifierConfig }
        },
        deviceExists,
      )
      const presented = { USERNAME: 'ada', DEVICE_KEY: DeviceKey }
      const { Session } = await start(place, 'USER_PASSWORD_AUTH', { ...presented, PASSWORD: password })
      const srp = newSrp()
      const asked = await crowd.call<Asked>('RespondToAuthChallenge', {
        ClientId,
        ChallengeName: 'DEVICE_SRP_AUTH',
        Session,
        ChallengeResponses: { ...presented, SRP_A: srp.A },
      })
      const { password: secret } = secretOf(index)
      const claim = claimOf(srp, asked.ChallengeParameters, DeviceGroupKey, DeviceKey, secret)
      const reply = await crowd.send('RespondToAuthChallenge', {
        ClientId,
        ChallengeName: asked.ChallengeName,
        ChallengeResponses: { ...presented, ...claim },
      })
      await mustBeIn(place, 'ada', reply, 2)
    })
  })
}
