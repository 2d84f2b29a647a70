import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminListUserAuthEventsCommand,
  AdminSetUserSettingsCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createClient, createPool, createUser, password } from '../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../test/harness.ts'
import { type Place, respond, start } from '../../test/sign-in.ts'
import { keptTrail, plain } from '../../test/trail.ts'
import type { SignInEvent, TrailEvent } from '../domain/trail-event.ts'

describe('the trail of sign-ins', () => {
  const trail = keptTrail()

  onEachStore(
    (server) => {
      let place: Place
      let sub: string | undefined
      let common: object

      before(async () => {
        const UserPoolId = await createPool(server())
        const { ClientId } = await createClient(server(), UserPoolId)
        place = { UserPoolId, ClientId }
        await createUser(server(), UserPoolId, 'ada')
        const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }))
        sub = attributesIn(user.UserAttributes).sub
        common = {
          kind: 'sign-in',
          time: new Date(server().clock.now).toISOString(),
          accountId: '123456789012',
          region: 'us-east-1',
          poolId: UserPoolId,
          clientId: ClientId,
        }
      })
      beforeEach(() => trail.told())

      /** The one sign-in of the one operation that was called. */
      function told(operation: string): object {
        const events = trail.told()
        assert.deepEqual(
          events.map(({ kind }) => kind),
          ['sign-in', 'operation'],
        )
        const [signIn, call] = events as [SignInEvent, TrailEvent]
        assert.equal(signIn.requestId, call.requestId)
        assert.equal(call.kind === 'operation' && call.operation, operation)
        assert.equal(signIn.operation, operation)
        assert.equal(call.sub, signIn.sub)
        const [event] = plain([signIn]) as [SignInEvent]
        const { operation: _, source, ...rest } = event
        assert.equal(source.address, '127.0.0.1')
        return rest
      }
      const byClient = () => ({ ...common, who: { kind: 'client', clientId: place.ClientId } })
      const byRoot = () => ({
        ...common,
        who: {
          kind: 'principal',
          type: 'Account',
          arn: 'arn:aws:iam::123456789012:root',
          userId: '123456789012',
        },
      })
      const idOf = (event: object) => (event as SignInEvent).signInId
      const right = { USERNAME: 'ada', PASSWORD: password }

      test('one that is right has its id in its tokens', async () => {
        const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, right)
        const claims = Buffer.from(AuthenticationResult?.AccessToken?.split('.')[1] ?? '', 'base64url')
        const { event_id: signInId } = JSON.parse(String(claims))
        assert.ok(signInId)
        assert.deepEqual(told('InitiateAuth'), {
          ...byClient(),
          sub,
          signInId,
          flow: 'password',
          answered: 'PASSWORD',
          result: 'Pass',
        })
      })

      test('a wrong password, at whose account', async () => {
        await assert.rejects(start(server(), 'InitiateAuth', place, { ...right, PASSWORD: 'Wrong-horse-9' }))
        const event = told('InitiateAuth')
        assert.deepEqual(event, {
          ...byClient(),
          sub,
          signInId: idOf(event),
          flow: 'password',
          answered: 'PASSWORD',
          result: 'Fail',
          fault: 'IncorrectCredentials',
        })
      })

      test('an unknown name, which may be a password, is not in it', async () => {
        await assert.rejects(start(server(), 'InitiateAuth', place, { ...right, USERNAME: password }))
        const event = told('InitiateAuth')
        assert.deepEqual(event, {
          ...byClient(),
          signInId: idOf(event),
          flow: 'password',
          answered: 'PASSWORD',
          result: 'Fail',
          fault: 'UserNotFound',
        })
      })

      test('a call that names nobody', async () => {
        await assert.rejects(start(server(), 'InitiateAuth', place, { PASSWORD: password }))
        assert.deepEqual(told('InitiateAuth'), { ...byClient(), result: 'Fail', fault: 'InvalidParameter' })
      })

      test('an answer without a session', async () => {
        const responses = { USERNAME: 'ada', SMS_MFA_CODE: '123456' }
        await assert.rejects(
          respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', 'x'.repeat(20), responses),
        )
        assert.deepEqual(told('RespondToAuthChallenge'), {
          ...byClient(),
          answered: 'SMS_MFA',
          result: 'Fail',
          fault: 'InvalidSession',
        })
      })

      test('one with a second factor is one, by an administrator', async () => {
        const set = (MFAOptions: { DeliveryMedium: 'SMS'; AttributeName: string }[]) =>
          server().client.send(
            new AdminSetUserSettingsCommand({ UserPoolId: place.UserPoolId, Username: 'ada', MFAOptions }),
          )
        await set([{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }])
        trail.told()
        const { Session } = await start(server(), 'AdminInitiateAuth', place, right)
        const begun = told('AdminInitiateAuth')
        const signInId = idOf(begun)
        const of = { ...byRoot(), sub, signInId, flow: 'password' }
        assert.deepEqual(begun, { ...of, answered: 'PASSWORD', asked: 'SMS_MFA', result: 'InProgress' })
        const [message] = await server().sent()
        const answer = (SMS_MFA_CODE: string) =>
          respond(server(), 'AdminRespondToAuthChallenge', place, 'SMS_MFA', Session, {
            USERNAME: 'ada',
            SMS_MFA_CODE,
          })
        await assert.rejects(answer('000000'))
        const wrong = told('AdminRespondToAuthChallenge')
        assert.deepEqual(wrong, { ...of, answered: 'SMS_MFA', result: 'Fail', fault: 'WrongAuthState' })
        await answer(message?.code ?? '')
        assert.deepEqual(told('AdminRespondToAuthChallenge'), { ...of, answered: 'SMS_MFA', result: 'Pass' })
        await set([])
      })

      test('in a pool that is protected it has the id of the event on record', async () => {
        const UserPoolId = await createPool(server(), {
          UserPoolTier: 'PLUS',
          UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
        })
        const { ClientId } = await createClient(server(), UserPoolId)
        await createUser(server(), UserPoolId, 'ada')
        trail.told()
        await start(server(), 'InitiateAuth', { UserPoolId, ClientId }, right)
        const { signInId, result } = told('InitiateAuth') as SignInEvent
        const { AuthEvents } = await server().client.send(
          new AdminListUserAuthEventsCommand({ UserPoolId, Username: 'ada' }),
        )
        assert.deepEqual(
          AuthEvents?.map(({ EventId, EventResponse }) => ({ EventId, EventResponse })),
          [{ EventId: signInId, EventResponse: result }],
        )
      })

      test('no refresh, and nothing that a client does not allow', async () => {
        const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, right)
        trail.told()
        const AuthParameters = { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' }
        const { ClientId } = place
        await server().client.send(
          new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
        )
        await assert.rejects(start(server(), 'InitiateAuth', place, right, 'CUSTOM_AUTH'))
        await callRaw(server(), 'InitiateAuth', JSON.stringify({ ClientId }))
        assert.deepEqual(
          trail.told().map(({ kind }) => kind),
          ['operation', 'operation', 'operation'],
        )
      })
    },
    { trail },
  )
})
