import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createClient, createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import {
  changeUser,
  claimsOf,
  createMfaPool,
  emailFactor,
  enableFactors,
  type Place,
  setLegacySms,
  setStatus,
  showUser,
  sms,
  smsFactor,
  tokensOf,
} from '../../../test/sign-in.ts'
import type { UserPoolId as PoolId } from '../../domain/ids.ts'
import { signToken } from '../../flows/signing.ts'
import { hours } from '../../lib/instant.ts'

describe('GetUser', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createPool(server())
      place = { UserPoolId, ClientId: (await createClient(server(), UserPoolId)).ClientId }
    })
    const get = (AccessToken: string) => server().client.send(new GetUserCommand({ AccessToken }))
    const tokenOf = async (name: string, at = place) => (await tokensOf(server(), at, name)).AccessToken
    async function clientWith(input: Parameters<typeof createClient>[2]): Promise<Place> {
      const { UserPoolId } = place
      return { UserPoolId, ...(await createClient(server(), UserPoolId, input)) }
    }

    test('shows the user of the token, with nothing that is not set', async () => {
      const email = 'shown@example.com'
      await createUser(server(), place.UserPoolId, 'shown', { email, email_verified: 'true' })
      const { sub } = (await showUser(server(), place.UserPoolId, 'shown')).attributes
      const { $metadata, ...user } = await get(await tokenOf('shown'))
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(user, {
        Username: 'shown',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
          { Name: 'sub', Value: sub },
        ],
      })
    })

    test('asks for no signature and minds none', async () => {
      await createUser(server(), place.UserPoolId, 'unsigned')
      const AccessToken = await tokenOf('unsigned')
      const { status, body } = await callRaw(server(), 'GetUser', JSON.stringify({ AccessToken }))
      assert.equal(status, 200)
      assert.deepEqual(Object.keys(JSON.parse(body)), ['Username', 'UserAttributes'])
      const stranger = server().as('AKIAUNKNOWN', 'secret')
      assert.equal((await stranger.send(new GetUserCommand({ AccessToken }))).Username, 'unsigned')
    })

    test('shows what the client may read', async () => {
      const at = await clientWith({ ReadAttributes: ['email', 'name'] })
      await createUser(server(), place.UserPoolId, 'read', {
        email: 'read@example.com',
        email_verified: 'true',
        name: 'Ada',
        nickname: 'A',
      })
      const { UserAttributes } = await get(await tokenOf('read', at))
      assert.deepEqual(Object.keys(attributesIn(UserAttributes)), ['email', 'name', 'sub'])
    })

    test('shows the second factors', async () => {
      const config = { MfaConfiguration: 'OPTIONAL' as const, ...smsFactor, ...emailFactor }
      const UserPoolId = await createMfaPool(server(), config)
      const at = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
      await createUser(server(), UserPoolId, 'factors', {
        email: 'factors@example.com',
        phone_number: '+15555550155',
      })
      const token = await tokenOf('factors', at)
      const factors = async () => {
        const { MFAOptions, PreferredMfaSetting, UserMFASettingList } = await get(token)
        return [MFAOptions, PreferredMfaSetting, UserMFASettingList]
      }
      assert.deepEqual(await factors(), [undefined, undefined, undefined])
      await setLegacySms(server(), UserPoolId, 'factors')
      assert.deepEqual(await factors(), [sms, undefined, undefined])
      await enableFactors(server(), UserPoolId, 'factors', 'EMAIL')
      assert.deepEqual(await factors(), [sms, 'EMAIL_OTP', ['EMAIL_OTP']])
      await enableFactors(server(), UserPoolId, 'factors', 'SMS', 'EMAIL')
      assert.deepEqual(await factors(), [sms, undefined, ['SMS_MFA', 'EMAIL_OTP']])
    })

    describe('an access token', () => {
      const invalid = refusal('NotAuthorizedException', 'Invalid Access Token')
      const unsigned = refusal('NotAuthorizedException', 'Could not verify signature for Access Token')
      const revoked = refusal('NotAuthorizedException', 'Access Token has been revoked')

      test('that is none', async () => {
        await createUser(server(), place.UserPoolId, 'none')
        const { AccessToken, IdToken } = await tokensOf(server(), place, 'none')
        const two = AccessToken.split('.').slice(0, 2).join('.')
        const empty = Buffer.from('{}').toString('base64url')
        for (const text of [
          'garbage',
          'a.b.c',
          `${empty}.${empty}.${empty}`,
          two,
          `${AccessToken}.more`,
          IdToken,
        ]) {
          await assert.rejects(get(text), invalid, text)
        }
      })

      test('that was altered', async () => {
        await createUser(server(), place.UserPoolId, 'altered')
        const [header = '', payload = '', signature = ''] = (await tokenOf('altered')).split('.')
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
        const other = Buffer.from(JSON.stringify({ ...claims, sub: 'other' })).toString('base64url')
        const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
        const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
        for (const text of [
          `${header}.${other}.${signature}`,
          `${header}.${payload}.${flipped}`,
          `${header}.${payload}.`,
          `${none}.${payload}.`,
          `${none}.${payload}.${signature}`,
        ]) {
          await assert.rejects(get(text), unsigned, text)
        }
      })

      test('that another pool signed, or that names a pool that is not there', async () => {
        // One after the other: the harness gives neighbours different keys.
        const [victim, UserPoolId] = [await createPool(server()), await createPool(server())]
        const at = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
        await createUser(server(), UserPoolId, 'elsewhere')
        const token = await tokenOf('elsewhere', at)
        assert.equal((await get(token)).Username, 'elsewhere')
        const claims = claimsOf(token)
        const borrowed = await signToken(server().app, UserPoolId as PoolId, 'access', {
          ...claims,
          iss: `http://localhost:9229/${victim}`,
        })
        await assert.rejects(get(borrowed), unsigned)
        const stranger = await signToken(server().app, UserPoolId as PoolId, 'access', {
          ...claims,
          iss: `https://example.com/${UserPoolId}`,
        })
        await assert.rejects(get(stranger), invalid)
        await server().client.send(new DeleteUserPoolCommand({ UserPoolId }))
        await assert.rejects(get(token), invalid)
      })

      test('that has expired', async () => {
        await createUser(server(), place.UserPoolId, 'expiring')
        const token = await tokenOf('expiring')
        server().clock.now += hours(1) - 1
        assert.equal((await get(token)).Username, 'expiring')
        server().clock.now += 1
        await assert.rejects(get(token), refusal('NotAuthorizedException', 'Access Token has expired'))
      })

      test('that was revoked, and stays so', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'revoked')
        const [token, other] = [await tokenOf('revoked'), await tokenOf('revoked')]
        const Username = 'revoked'
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username }))
        for (const text of [token, other]) await assert.rejects(get(text), revoked)
        await server().client.send(new AdminEnableUserCommand({ UserPoolId, Username }))
        for (const text of [token, other]) await assert.rejects(get(text), revoked)
        assert.equal((await get(await tokenOf('revoked'))).Username, 'revoked')
      })

      test('that was revoked, of a client that gives its tokens no ids', async () => {
        const { UserPoolId } = place
        const at = await clientWith({ EnableTokenRevocation: false })
        await createUser(server(), UserPoolId, 'idless')
        const token = await tokenOf('idless', at)
        server().clock.now += 1000
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'idless' }))
        await assert.rejects(get(token), revoked)
        await server().client.send(new AdminEnableUserCommand({ UserPoolId, Username: 'idless' }))
        await assert.rejects(get(token), revoked)
        server().clock.now += 1000
        assert.equal((await get(await tokenOf('idless', at))).Username, 'idless')
      })

      test('of a user who was disabled while a sign-in was under way', async () => {
        await createUser(server(), place.UserPoolId, 'slipped')
        const token = await tokenOf('slipped')
        await changeUser(server(), place.UserPoolId, 'slipped', (user) => ({ ...user, enabled: false }))
        await assert.rejects(get(token), revoked)
      })

      test('of a client that was deleted', async () => {
        const at = await clientWith({})
        await createUser(server(), place.UserPoolId, 'clientless')
        const token = await tokenOf('clientless', at)
        await server().client.send(new DeleteUserPoolClientCommand(at))
        await assert.rejects(get(token), revoked)
      })

      test('without the scope of self-service', async () => {
        await createUser(server(), place.UserPoolId, 'scopeless')
        const claims = claimsOf(await tokenOf('scopeless'))
        const poolId = place.UserPoolId as PoolId
        for (const scope of ['openid email', '', 'aws.cognito.signin.user.admins']) {
          await assert.rejects(
            get(await signToken(server().app, poolId, 'access', { ...claims, scope })),
            refusal('NotAuthorizedException', 'Access Token does not have required scopes'),
          )
        }
        const scope = 'openid aws.cognito.signin.user.admin'
        assert.ok(await get(await signToken(server().app, poolId, 'access', { ...claims, scope })))
      })

      test('of a user who was deleted, also when the name is given again', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'deleted')
        const token = await tokenOf('deleted')
        await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'deleted' }))
        await assert.rejects(get(token), refusal('UserNotFoundException', 'User does not exist.'))
        await createUser(server(), UserPoolId, 'deleted')
        await assert.rejects(get(token), refusal('UserNotFoundException', 'User does not exist.'))
      })

      test('of a user who must confirm or reset first', async () => {
        await createUser(server(), place.UserPoolId, 'held')
        const token = await tokenOf('held')
        await setStatus(server(), place.UserPoolId, 'held', 'UNCONFIRMED')
        await assert.rejects(get(token), refusal('UserNotConfirmedException', 'User is not confirmed.'))
        await setStatus(server(), place.UserPoolId, 'held', 'RESET_REQUIRED')
        await assert.rejects(
          get(token),
          refusal('PasswordResetRequiredException', 'Password reset required for the user'),
        )
      })

      test('is never echoed', async () => {
        const answer = await callRaw(server(), 'GetUser', JSON.stringify({ AccessToken: 'not a token' }))
        assert.equal(
          JSON.parse(answer.body).message,
          "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
        )
        await assert.rejects(
          server().client.send(new GetUserCommand({ AccessToken: undefined })),
          refusal(
            'InvalidParameterException',
            "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
          ),
        )
      })
    })
  })
})
