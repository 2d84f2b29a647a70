import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AssociateSoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  configure,
  createFactorPool,
  type Place,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../../../test/factors.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { minutes } from '../../lib/instant.ts'

describe('AssociateSoftwareToken', () => {
  onEachStore((server) => {
    let place: Place
    let strict: Place
    before(async () => {
      place = await createFactorPool(server(), { MfaConfiguration: 'OPTIONAL', ...tokenFactor })
      strict = await createFactorPool(server(), { MfaConfiguration: 'ON', ...tokenFactor })
    })
    const associate = (input: { AccessToken?: string; Session?: string | undefined }) =>
      server().client.send(new AssociateSoftwareTokenCommand(input))
    async function tokenFor(name: string): Promise<string> {
      await createUser(server(), place.UserPoolId, name)
      return accessTokenOf(server(), place, name)
    }
    async function setUpOf(name: string) {
      await createUser(server(), strict.UserPoolId, name, {})
      return startByPassword(server(), strict, name)
    }

    test('hands out another 256-bit key each time, and no session where none was given', async () => {
      const AccessToken = await tokenFor('token')
      const { $metadata, ...first } = await associate({ AccessToken })
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(Object.keys(first), ['SecretCode'])
      assert.match(first.SecretCode ?? '', /^[A-Z2-7]{52}$/)
      assert.notEqual((await associate({ AccessToken })).SecretCode, first.SecretCode)
    })

    test('asks for no signature', async () => {
      const AccessToken = await tokenFor('unsigned')
      const { status } = await callRaw(server(), 'AssociateSoftwareToken', JSON.stringify({ AccessToken }))
      assert.equal(status, 200)
    })

    test('takes the session of MFA_SETUP and gives another', async () => {
      const { ChallengeName, Session } = await setUpOf('session')
      assert.equal(ChallengeName, 'MFA_SETUP')
      const answer = await associate({ Session })
      assert.match(answer.SecretCode ?? '', /^[A-Z2-7]{52}$/)
      assert.notEqual(answer.Session, Session)
      await assert.rejects(
        associate({ Session }),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
      assert.ok((await associate({ Session: answer.Session })).SecretCode)
    })

    test('a session may be used once, also by two at a time', async () => {
      const { Session } = await setUpOf('racing')
      const answers = await Promise.allSettled([associate({ Session }), associate({ Session })])
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    })

    test('a session lives as long again, and then it has expired', async () => {
      const { Session } = await setUpOf('expired')
      server().clock.now += minutes(2)
      const { Session: next } = await associate({ Session })
      server().clock.now += minutes(2)
      const { Session: last } = await associate({ Session: next })
      server().clock.now += minutes(3)
      await assert.rejects(
        associate({ Session: last }),
        refusal('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
      )
    })

    test('a session of another challenge, or none of ours', async () => {
      const sms = await createFactorPool(server(), { MfaConfiguration: 'ON', ...smsFactor, ...tokenFactor })
      await createUser(server(), sms.UserPoolId, 'phone')
      const { ChallengeName, Session } = await startByPassword(server(), sms, 'phone')
      assert.equal(ChallengeName, 'SMS_MFA')
      for (const text of [Session, 'x'.repeat(20), Buffer.alloc(70).toString('base64url')]) {
        await assert.rejects(
          associate({ Session: text }),
          refusal('NotAuthorizedException', 'Invalid session for the user.'),
        )
      }
    })

    test('a session of a user who is disabled or gone', async () => {
      const { Session } = await setUpOf('leaving')
      const name = { UserPoolId: strict.UserPoolId, Username: 'leaving' }
      await server().client.send(new AdminDisableUserCommand(name))
      await assert.rejects(associate({ Session }), refusal('NotAuthorizedException', 'User is disabled.'))
      await server().client.send(new AdminDeleteUserCommand(name))
      await assert.rejects(
        associate({ Session }),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
    })

    test('a token of a user who is gone', async () => {
      const AccessToken = await tokenFor('gone')
      await server().client.send(
        new AdminDeleteUserCommand({ UserPoolId: place.UserPoolId, Username: 'gone' }),
      )
      await assert.rejects(
        associate({ AccessToken }),
        refusal('NotAuthorizedException', 'Access Token has been revoked'),
      )
    })

    test('neither a token nor a session, or both', async () => {
      const AccessToken = await tokenFor('both')
      const { Session } = await setUpOf('both')
      for (const input of [{}, { AccessToken, Session }]) {
        await assert.rejects(
          associate(input),
          refusal(
            'InvalidParameterException',
            'Either an access token or a session is required, and not both.',
          ),
        )
      }
    })

    test('a pool without software tokens', async () => {
      const AccessToken = await tokenFor('switched-off')
      await configure(server(), place.UserPoolId, { MfaConfiguration: 'OPTIONAL', ...smsFactor })
      await assert.rejects(
        associate({ AccessToken }),
        refusal(
          'SoftwareTokenMFANotFoundException',
          'Software Token MFA has not been enabled by the userPool',
        ),
      )
      await configure(server(), place.UserPoolId, { MfaConfiguration: 'OPTIONAL', ...tokenFactor })
    })
  })
})
