import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf, history, inShort } from '../../test/events.ts'
import { createUser, password, refusal, signIn } from '../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../test/harness.ts'
import { claimsOf, codeSent, lambda, type Place, respond, setLegacySms, start } from '../../test/sign-in.ts'
import { claimOf, newSrp } from '../../test/srp-client.ts'
import type { UserPoolId as PoolId, Username } from '../domain/ids.ts'
import { days } from '../lib/instant.ts'
import { countedAs } from './quota.ts'

const wrongPassword = refusal('NotAuthorizedException', 'Incorrect username or password.')
const wrongCode = refusal('CodeMismatchException', 'Invalid code or auth state for the user.')

/** What the store has of these users, or of what stands for nobody. */
async function rowsOf(server: TestServer, { UserPoolId }: Place, usernames: readonly string[]) {
  const page = (username: string) =>
    server.app.store.authEvents.page(UserPoolId as PoolId, username as Username, { limit: 60 })
  return (await Promise.all(usernames.map(page))).flat()
}

describe('the record of events', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createRecordedPool(server())
    })
    const person = async (name: string) => {
      await createUser(server(), place.UserPoolId, name)
      return name
    }
    const of = (name: string) => history(server(), place.UserPoolId, name)

    test('a sign-in with a password, and a refusal of one', async () => {
      const USERNAME = await person('ada')
      await assert.rejects(
        start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: 'Wrong-horse-9' }),
        wrongPassword,
      )
      server().clock.now += 1000
      await start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: password })
      assert.deepEqual(await of('ada'), ['SignIn Pass: Password Success', 'SignIn Fail: Password Failure'])
    })

    test('its id is in the tokens, and stays there when they are refreshed', async () => {
      await person('traced')
      const { AuthenticationResult } = await signIn(server(), place.UserPoolId, place.ClientId, 'traced')
      const [event, ...others] = await eventsOf(server(), place.UserPoolId, 'traced')
      assert.deepEqual(others, [])
      const { AuthenticationResult: refreshed } = await server().client.send(
        new InitiateAuthCommand({
          ClientId: place.ClientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' },
        }),
      )
      const tokens = [AuthenticationResult, refreshed].flatMap((it) => [it?.AccessToken, it?.IdToken])
      assert.ok(event?.EventId)
      for (const token of tokens) assert.equal(claimsOf(token).event_id, event.EventId)
      assert.deepEqual(await of('traced'), ['SignIn Pass: Password Success'])
    })

    test('a sign-in with a second factor is one event, from its first call to its last', async () => {
      const USERNAME = await person('factored')
      await setLegacySms(server(), place.UserPoolId, USERNAME)
      const asked = await signIn(server(), place.UserPoolId, place.ClientId, USERNAME)
      const [begun] = await eventsOf(server(), place.UserPoolId, USERNAME)
      assert.deepEqual(await of(USERNAME), ['SignIn InProgress: Password Success'])
      const code = await codeSent(server())
      const answer = (SMS_MFA_CODE: string) =>
        respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', asked.Session, {
          USERNAME,
          SMS_MFA_CODE,
        })
      server().clock.now += 1000
      for (const _ of [1, 2]) {
        await assert.rejects(answer('not it'), wrongCode)
        assert.deepEqual(await of(USERNAME), ['SignIn Fail: Password Success, Mfa Failure'])
      }
      const { AuthenticationResult } = await answer(code)
      const [done, ...others] = await eventsOf(server(), place.UserPoolId, USERNAME)
      assert.deepEqual(others, [])
      assert.equal(inShort(done ?? {}), 'SignIn Pass: Password Success, Mfa Failure, Mfa Success')
      assert.deepEqual([done?.EventId, done?.CreationDate], [begun?.EventId, begun?.CreationDate])
      assert.equal(claimsOf(AuthenticationResult?.AccessToken).event_id, done?.EventId)
    })

    test('a call that is not even well-formed was no attempt', async () => {
      const USERNAME = await person('clumsy')
      await assert.rejects(
        start(server(), 'InitiateAuth', place, { USERNAME }),
        refusal('InvalidParameterException', 'Missing required parameter PASSWORD'),
      )
      assert.deepEqual(await of(USERNAME), [])
    })

    test('a sign-in by SRP, and no replay of its claim changes that it passed', async () => {
      const USERNAME = await person('proven')
      const srp = newSrp()
      const asked = await start(server(), 'InitiateAuth', place, { USERNAME, SRP_A: srp.A }, 'USER_SRP_AUTH')
      assert.deepEqual(await of(USERNAME), ['SignIn InProgress'])
      const group = place.UserPoolId.split('_')[1] ?? ''
      const claim = claimOf(srp, asked.ChallengeParameters, group, USERNAME, password)
      const answer = () =>
        respond(server(), 'RespondToAuthChallenge', place, 'PASSWORD_VERIFIER', undefined, {
          USERNAME,
          ...claim,
        })
      await answer()
      assert.deepEqual(await of(USERNAME), ['SignIn Pass: Password Success'])
      await assert.rejects(
        answer(),
        refusal('NotAuthorizedException', 'Invalid session for the user, session can only be used once.'),
      )
      assert.deepEqual(await of(USERNAME), ['SignIn Pass: Password Success'])
    })

    test('a user who is disabled', async () => {
      const USERNAME = await person('disabled')
      await server().client.send(
        new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: USERNAME }),
      )
      const parameters = { USERNAME, PASSWORD: password }
      await assert.rejects(start(server(), 'InitiateAuth', place, parameters))
      assert.deepEqual(await of(USERNAME), ['SignIn Fail'])
    })

    test('a password that was set meanwhile fails the sign-in that was under way', async () => {
      const USERNAME = await person('overtaken')
      await setLegacySms(server(), place.UserPoolId, USERNAME)
      const asked = await signIn(server(), place.UserPoolId, place.ClientId, USERNAME)
      const SMS_MFA_CODE = await codeSent(server())
      server().clock.now += 1000
      const { UserPoolId } = place
      await server().client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId,
          Username: USERNAME,
          Password: 'Another-horse-9',
          Permanent: true,
        }),
      )
      await assert.rejects(
        respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', asked.Session, {
          USERNAME,
          SMS_MFA_CODE,
        }),
      )
      assert.deepEqual(await of(USERNAME), ['SignIn Fail: Password Success'])
    })

    test('what nobody did is written like what somebody did, for a day, and shown to nobody', async () => {
      const hiding = await createRecordedPool(server(), {}, { PreventUserExistenceErrors: 'ENABLED' })
      const pool = await server().app.store.pools.find(hiding.UserPoolId as PoolId)
      assert.ok(pool)
      await createUser(server(), hiding.UserPoolId, 'somebody')
      for (const USERNAME of ['somebody', 'nobody']) {
        await assert.rejects(
          start(server(), 'InitiateAuth', hiding, { USERNAME, PASSWORD: 'Wrong-horse-9' }),
          wrongPassword,
        )
      }
      const rows = await rowsOf(server(), hiding, ['somebody', countedAs(pool, 'nobody', undefined)])
      const [somebody, nobody, ...others] = rows.map(({ username: _, id: __, expiresAt, ...facts }) => ({
        ...facts,
        kept: expiresAt - server().clock.now,
      }))
      assert.deepEqual(others, [])
      assert.equal(somebody?.kept, days(730))
      assert.deepEqual(nobody, { ...somebody, kept: days(1) })
      assert.deepEqual(await rowsOf(server(), hiding, ['nobody']), [])
      await assert.rejects(
        history(server(), hiding.UserPoolId, 'nobody'),
        refusal('UserNotFoundException', 'User does not exist.'),
      )
    })

    test('sign-up, another code, and signing in without more', async () => {
      const Username = 'newcomer'
      const { UserPoolId, ClientId } = place
      const email = [{ Name: 'email', Value: 'newcomer@example.com' }]
      const recorded = await createRecordedPool(server(), { AutoVerifiedAttributes: ['email'] })
      const { Session } = await server().client.send(
        new SignUpCommand({
          ClientId: recorded.ClientId,
          Username,
          Password: password,
          UserAttributes: email,
        }),
      )
      server().clock.now += 1000
      await server().sent()
      await server().client.send(new ResendConfirmationCodeCommand({ ClientId: recorded.ClientId, Username }))
      server().clock.now += 1000
      const ConfirmationCode = await codeSent(server())
      const confirmed = await server().client.send(
        new ConfirmSignUpCommand({ ClientId: recorded.ClientId, Username, ConfirmationCode, Session }),
      )
      const { AuthenticationResult } = await server().client.send(
        new InitiateAuthCommand({
          ClientId: recorded.ClientId,
          AuthFlow: 'USER_AUTH',
          AuthParameters: { USERNAME: Username },
          Session: confirmed.Session,
        }),
      )
      const [signedIn, ...before] = await eventsOf(server(), recorded.UserPoolId, Username)
      assert.equal(claimsOf(AuthenticationResult?.AccessToken).event_id, signedIn?.EventId)
      assert.deepEqual([signedIn ?? {}, ...before].map(inShort), [
        'SignIn Pass',
        'ResendCode Pass',
        'SignUp Pass',
      ])
      // Whoever is there already was not the one who tried.
      await person('standing')
      await assert.rejects(
        server().client.send(new SignUpCommand({ ClientId, Username: 'standing', Password: password })),
      )
      assert.deepEqual(await history(server(), UserPoolId, 'standing'), [])
    })

    test('a code to reset a password with, the new password, and the next', async () => {
      const Username = 'forgetful'
      const { UserPoolId, ClientId } = place
      await createUser(server(), UserPoolId, Username, { phone_number: '+15555550199' })
      await assert.rejects(server().client.send(new ForgotPasswordCommand({ ClientId, Username })))
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username,
          UserAttributes: [{ Name: 'phone_number_verified', Value: 'true' }],
        }),
      )
      server().clock.now += 1000
      await server().client.send(new ForgotPasswordCommand({ ClientId, Username }))
      const ConfirmationCode = await codeSent(server())
      const confirm = (code: string) =>
        server().client.send(
          new ConfirmForgotPasswordCommand({
            ClientId,
            Username,
            ConfirmationCode: code,
            Password: 'Another-horse-9',
          }),
        )
      server().clock.now += 1000
      await assert.rejects(confirm('000000'))
      server().clock.now += 1000
      await confirm(ConfirmationCode)
      const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, {
        USERNAME: Username,
        PASSWORD: 'Another-horse-9',
      })
      server().clock.now += 1000
      await server().client.send(
        new ChangePasswordCommand({
          AccessToken: AuthenticationResult?.AccessToken,
          PreviousPassword: 'Another-horse-9',
          ProposedPassword: 'Third-horse-9',
        }),
      )
      const told = await of(Username)
      assert.deepEqual(told.toSorted(), [
        'ForgotPassword Fail',
        'ForgotPassword Pass',
        'PasswordChange Fail',
        'PasswordChange Pass',
        'PasswordChange Pass',
        'SignIn Pass: Password Success',
      ])
      assert.equal(told[0], 'PasswordChange Pass')
      assert.equal(told.at(-1), 'ForgotPassword Fail')
    })

    test('sign-ins that triggers define are recorded in a mode of their own', async () => {
      const modes = [
        [undefined, []],
        [{ CustomAuthMode: 'AUDIT' }, ['SignIn Fail']],
      ] as const
      for (const [AdvancedSecurityAdditionalFlows, expected] of modes) {
        const at = await createRecordedPool(server(), {
          LambdaConfig: { DefineAuthChallenge: lambda },
          UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT', AdvancedSecurityAdditionalFlows },
        })
        await createUser(server(), at.UserPoolId, 'riddled')
        await assert.rejects(start(server(), 'InitiateAuth', at, { USERNAME: 'riddled' }, 'CUSTOM_AUTH'))
        assert.deepEqual(await history(server(), at.UserPoolId, 'riddled'), expected)
      }
    })

    test('nothing is recorded while threat protection is off', async () => {
      const off = await createRecordedPool(server(), { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } })
      await createUser(server(), off.UserPoolId, 'unwatched')
      await signIn(server(), off.UserPoolId, off.ClientId, 'unwatched')
      assert.deepEqual(await rowsOf(server(), off, ['unwatched']), [])
    })
  })
})
