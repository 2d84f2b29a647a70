import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandInput,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { minutes } from '../../src/lib/instant.ts'
import {
  clientOf,
  codeSent,
  createPlace,
  flowsWithChoice,
  outcomes,
  type Place,
  secretHash,
  signUp,
  texts,
} from '../accounts.ts'
import { createFactorPool, firstFactors, setUpApp, tokenFactor } from '../factors.ts'
import { phone, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'

const notAuthorized = (message: string) => refusal('NotAuthorizedException', message)
const invalid = notAuthorized('Invalid session for the user.')
const expired = notAuthorized('Invalid session for the user, session is expired.')

describe('from sign-up to tokens, with the code and nothing else', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), {}, { ExplicitAuthFlows: [...flowsWithChoice] })
    })
    /** Signs up, and returns what confirming takes. */
    async function begin(name: string, at = place, attributes: Record<string, string> = {}) {
      const hash = at.ClientSecret ? { SecretHash: secretHash(at, name) } : {}
      const given = { email: `${name}@example.com`, ...attributes }
      const { Session } = await signUp(server(), at, name, given, hash)
      assert.ok(Session)
      return {
        ClientId: at.ClientId,
        Username: name,
        ConfirmationCode: await codeSent(server()),
        Session,
        ...hash,
      }
    }
    /** Confirms too, and returns the session that comes of it. */
    async function confirmed(name: string, at = place, attributes: Record<string, string> = {}) {
      const { Session } = await server().client.send(
        new ConfirmSignUpCommand(await begin(name, at, attributes)),
      )
      assert.ok(Session)
      return Session
    }
    const enter = (Session: string, input: Partial<InitiateAuthCommandInput> = {}) =>
      server().client.send(
        new InitiateAuthCommand({ ClientId: place.ClientId, AuthFlow: 'USER_AUTH', Session, ...input }),
      )
    const claims = (token = '') =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

    test('the session of ConfirmSignUp signs in without a challenge, once', async () => {
      const Session = await confirmed('smooth')
      const answer = await enter(Session)
      assert.equal(answer.ChallengeName, undefined)
      assert.equal(answer.AuthenticationResult?.TokenType, 'Bearer')
      assert.ok(answer.AuthenticationResult?.RefreshToken)
      const access = claims(answer.AuthenticationResult?.AccessToken)
      assert.deepEqual([access.username, access.amr], ['smooth', ['email_otp']])
      assert.deepEqual(await server().sent(), [])
      await assert.rejects(enter(Session), invalid)
    })

    test('the code is no second factor: where the pool demands one, it is set up first', async () => {
      const demanding = await createFactorPool(
        server(),
        { MfaConfiguration: 'ON', ...tokenFactor },
        { AutoVerifiedAttributes: ['email'] },
      )
      const at = { ...demanding, ClientSecret: undefined }
      const Session = await confirmed('careful', at)
      const asked = await enter(Session, { ClientId: at.ClientId })
      assert.equal(asked.ChallengeName, 'MFA_SETUP')
      assert.equal(asked.AuthenticationResult, undefined)
      await assert.rejects(enter(Session, { ClientId: at.ClientId }), invalid)
      const { AuthenticationResult } = await setUpApp(server(), at, asked, 'careful')
      assert.deepEqual(claims(AuthenticationResult?.AccessToken).amr, ['email_otp', 'otp', 'mfa'])
    })

    test('a number that was texted counts as such', async () => {
      const texting = await createPlace(
        server(),
        { AutoVerifiedAttributes: ['phone_number'] },
        { ExplicitAuthFlows: [...flowsWithChoice] },
      )
      const Session = await confirmed('texted', texting, { phone_number: phone })
      const answer = await enter(Session, { ClientId: texting.ClientId })
      assert.deepEqual(claims(answer.AuthenticationResult?.IdToken).amr, ['sms'])
    })

    test('the session of SignUp is not needed where such a code is a whole sign-in', async () => {
      const coded = await createPlace(server(), firstFactors('EMAIL_OTP'), {
        ExplicitAuthFlows: [...flowsWithChoice],
      })
      const without = async (name: string, at: Place) =>
        server().client.send(new ConfirmSignUpCommand({ ...(await begin(name, at)), Session: undefined }))
      const { Session } = await without('amplified', coded)
      assert.ok((await enter(Session ?? '', { ClientId: coded.ClientId })).AuthenticationResult)
      assert.equal((await without('passworded', place)).Session, undefined)
      const clientOfPasswords = await clientOf(server(), coded.UserPoolId)
      await signUp(server(), clientOfPasswords, 'unchosen', { email: 'unchosen@example.com' })
      const { Session: none } = await server().client.send(
        new ConfirmSignUpCommand({
          ClientId: clientOfPasswords.ClientId,
          Username: 'unchosen',
          ConfirmationCode: await codeSent(server()),
        }),
      )
      assert.equal(none, undefined)
    })

    test('parameters mean nothing beside it, neither a name nor a hash', async () => {
      const USERNAME = 'nobody'
      const answer = await enter(await confirmed('deaf'), { AuthParameters: { USERNAME } })
      assert.equal(claims(answer.AuthenticationResult?.AccessToken).username, 'deaf')
      const secret = await clientOf(server(), place.UserPoolId, {
        GenerateSecret: true,
        ExplicitAuthFlows: [...flowsWithChoice],
      })
      const Session = await confirmed('hashed', secret)
      assert.ok((await enter(Session, { ClientId: secret.ClientId })).AuthenticationResult)
    })

    test('administrators start it too', async () => {
      const start = (Session: string) =>
        server().client.send(
          new AdminInitiateAuthCommand({
            UserPoolId: place.UserPoolId,
            ClientId: place.ClientId,
            AuthFlow: 'USER_AUTH',
            Session,
          }),
        )
      const Session = await confirmed('served')
      const answers = await outcomes(Array.from({ length: 20 }, () => start(Session)))
      assert.deepEqual(answers, { done: 1, refused: ['NotAuthorizedException'] })
      await assert.rejects(start(Session), invalid)
      const late = await confirmed('served-late')
      server().clock.now += minutes(3)
      await assert.rejects(start(late), expired)
    })

    test('of many who use it at once one is signed in', async () => {
      const Session = await confirmed('raced')
      const calls = Array.from({ length: 20 }, () => enter(Session))
      assert.deepEqual(await outcomes(calls), { done: 1, refused: ['NotAuthorizedException'] })
    })

    test('both sessions live as long as the client says', async () => {
      const begun = await begin('slow')
      server().clock.now += minutes(3)
      await assert.rejects(server().client.send(new ConfirmSignUpCommand(begun)), expired)
      const { Session: _, ...without } = begun
      const { Session } = await server().client.send(new ConfirmSignUpCommand(without))
      assert.equal(Session, undefined)
      const handed = await confirmed('slower')
      server().clock.now += minutes(3)
      await assert.rejects(enter(handed), expired)
      const long = await clientOf(server(), place.UserPoolId, {
        ExplicitAuthFlows: [...flowsWithChoice],
        AuthSessionValidity: 15,
      })
      const patient = await confirmed('patient', long)
      server().clock.now += minutes(15) - 1
      assert.ok((await enter(patient, { ClientId: long.ClientId })).AuthenticationResult)
    })

    test('each is good for its own step, its own user and its own client', async () => {
      const begun = await begin('strict')
      const other = await begin('other')
      const stranger = await clientOf(server(), place.UserPoolId, {
        ExplicitAuthFlows: [...flowsWithChoice],
      })
      await assert.rejects(enter(begun.Session), invalid)
      for (const wrong of [
        { ...begun, Session: other.Session },
        { ...begun, ClientId: stranger.ClientId },
      ]) {
        await assert.rejects(server().client.send(new ConfirmSignUpCommand(wrong)), invalid)
      }
      const { Session } = await server().client.send(new ConfirmSignUpCommand(begun))
      assert.ok(Session)
      await assert.rejects(enter(Session, { ClientId: stranger.ClientId }), invalid)
      await assert.rejects(
        server().client.send(
          new RespondToAuthChallengeCommand({
            ClientId: place.ClientId,
            ChallengeName: 'PASSWORD',
            Session,
            ChallengeResponses: { USERNAME: 'strict', PASSWORD: 'Correct-horse-9' },
          }),
        ),
        invalid,
      )
      assert.ok((await enter(Session)).AuthenticationResult)
    })

    test('not for whoever was disabled or deleted meanwhile', async () => {
      const { UserPoolId } = place
      const disabled = await confirmed('disabled')
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
      await assert.rejects(enter(disabled), notAuthorized(texts.disabled))
      const deleted = await confirmed('deleted')
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'deleted' }))
      await assert.rejects(enter(deleted), invalid)
    })
  })
})
