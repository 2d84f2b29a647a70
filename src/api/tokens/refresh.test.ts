import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminForgetDeviceCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, newDeviceIn, tracking } from '../../../test/devices.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  claimsOf,
  clientOf,
  createPlace,
  type Place,
  refresh,
  refused,
  renew,
  secretHash,
  start,
  type Tokens,
  tokensOf,
  updatePool,
} from '../../../test/tokens.ts'
import { days, hours, minutes } from '../../lib/instant.ts'

const notAuthorized = (text: string) => refusal('NotAuthorizedException', text)

interface Way {
  readonly name: string
  readonly admin: boolean
  readonly renew: (place: Place, token: string, deviceKey?: string) => Promise<Tokens['result'] | undefined>
}

describe('a refresh', () => {
  onEachStore((server) => {
    const byFlow = (admin: boolean) => async (place: Place, token: string, DEVICE_KEY?: string) =>
      refresh(server(), { ...place, admin }, token, {
        ...(DEVICE_KEY && { DEVICE_KEY }),
        ...(place.ClientSecret && { SECRET_HASH: secretHash(place, 'secretive') }),
      })
    const ways: readonly Way[] = [
      { name: 'InitiateAuth', admin: false, renew: byFlow(false) },
      { name: 'AdminInitiateAuth', admin: true, renew: byFlow(true) },
      {
        name: 'GetTokensFromRefreshToken',
        admin: false,
        renew: (place, token, deviceKey) => renew(server(), place, token, deviceKey),
      },
    ]
    let place: Place
    before(async () => {
      place = await createPlace(server())
      await createUser(server(), place.UserPoolId, 'ada')
    })

    for (const { name, renew: again } of ways) {
      describe(`by ${name}`, () => {
        const user = async (what: string, at = place) => {
          const username = `${what}-${name}`
          await createUser(server(), at.UserPoolId, username)
          return username
        }

        test('gives new tokens of the same session, and no new refresh token', async () => {
          const { clock } = server()
          const { AccessToken, RefreshToken } = await tokensOf(server(), place, 'ada')
          const first = claimsOf(AccessToken)
          const jtis = new Set([first.jti])
          for (const round of [1, 2, 3]) {
            clock.now += minutes(10)
            const result = await again(place, RefreshToken)
            assert.deepEqual(Object.keys(result ?? {}).sort(), [
              'AccessToken',
              'ExpiresIn',
              'IdToken',
              'TokenType',
            ])
            assert.deepEqual([result?.ExpiresIn, result?.TokenType], [3600, 'Bearer'])
            for (const token of [result?.AccessToken, result?.IdToken]) {
              const { origin_jti, auth_time, iat, jti } = claimsOf(token)
              assert.deepEqual([origin_jti, auth_time], [first.origin_jti, first.auth_time])
              assert.equal(Number(iat), Number(first.iat) + round * 600)
              jtis.add(jti)
            }
          }
          assert.equal(jtis.size, 7)
        })

        test('shows what the user has become', async () => {
          const username = await user('changing')
          const { RefreshToken } = await tokensOf(server(), place, username)
          await server().client.send(
            new AdminUpdateUserAttributesCommand({
              UserPoolId: place.UserPoolId,
              Username: username,
              UserAttributes: [{ Name: 'nickname', Value: 'new' }],
            }),
          )
          assert.equal(claimsOf((await again(place, RefreshToken))?.IdToken).nickname, 'new')
        })

        test('needs a token that this client was given', async () => {
          const other = await clientOf(server(), place.UserPoolId)
          const { RefreshToken, AccessToken, IdToken } = await tokensOf(server(), place, 'ada')
          await assert.rejects(again(other, RefreshToken), refused.refreshToken)
          for (const token of ['made-up', AccessToken, IdToken, `${RefreshToken}A`]) {
            await assert.rejects(again(place, token), refused.refreshToken)
          }
        })

        test('ends with the token’s life, which a refresh does not lengthen', async () => {
          const username = await user('ending')
          const at = await clientOf(server(), place.UserPoolId, {
            RefreshTokenValidity: 2,
            TokenValidityUnits: { RefreshToken: 'hours' },
          })
          const { RefreshToken } = await tokensOf(server(), at, username)
          const end = server().clock.now + hours(2)
          server().clock.now += hours(1)
          await again(at, RefreshToken)
          server().clock.now = end - 1
          await again(at, RefreshToken)
          server().clock.now = end
          await assert.rejects(again(at, RefreshToken), refused.refreshExpired)
        })

        test('of a user who is disabled, signed out, or gone', async () => {
          const Username = await user('leaving')
          const { UserPoolId } = place
          const one = { UserPoolId, Username }
          const { RefreshToken } = await tokensOf(server(), place, Username)
          await server().client.send(new AdminUserGlobalSignOutCommand(one))
          await assert.rejects(again(place, RefreshToken), refused.refreshRevoked)
          const second = await tokensOf(server(), place, Username)
          await server().client.send(new AdminDisableUserCommand(one))
          await assert.rejects(again(place, second.RefreshToken), refused.disabled)
          await server().client.send(new AdminEnableUserCommand(one))
          await assert.rejects(again(place, second.RefreshToken), refused.refreshRevoked)
          const third = await tokensOf(server(), place, Username)
          await server().client.send(new AdminDeleteUserCommand(one))
          await assert.rejects(again(place, third.RefreshToken), refused.refreshToken)
        })

        test('asks for the device, where the pool tracks devices', async () => {
          const at = await createPlace(server(), {}, tracking)
          const Username = await user('devices', at)
          const tokens = await tokensOf(server(), at, Username)
          const { RefreshToken } = tokens
          const { key } = newDeviceIn(tokens.result)
          const elsewhere = newDeviceIn((await tokensOf(server(), at, Username)).result)
          await assert.rejects(again(at, RefreshToken), refused.refreshToken)
          await assert.rejects(again(at, RefreshToken, elsewhere.key), refused.refreshToken)
          const result = await again(at, RefreshToken, key)
          assert.equal(claimsOf(result?.AccessToken).device_key, key)
          assert.equal(result?.NewDeviceMetadata, undefined)
          await confirm(server(), tokens)
          assert.ok(await again(at, RefreshToken, key))
          await server().client.send(
            new AdminForgetDeviceCommand({ UserPoolId: at.UserPoolId, Username, DeviceKey: key }),
          )
          await assert.rejects(again(at, RefreshToken, key), refused.refreshToken)
          await updatePool(server(), at, {})
          assert.ok(await again(at, RefreshToken))
        })
      })
    }

    test('by the flow takes a hash over the username or the sub, and no other', async () => {
      const at = await createPlace(server(), { GenerateSecret: true })
      const { ClientId } = at
      await createUser(server(), at.UserPoolId, 'secretive')
      const { RefreshToken, IdToken } = await tokensOf(server(), at, 'secretive', {
        SECRET_HASH: secretHash(at, 'secretive'),
      })
      const sub = String(claimsOf(IdToken).sub)
      for (const admin of [false, true]) {
        const attempt = (SECRET_HASH?: string, token = RefreshToken) =>
          refresh(server(), { ...at, admin }, token, SECRET_HASH === undefined ? {} : { SECRET_HASH })
        for (const name of ['secretive', sub]) assert.ok(await attempt(secretHash(at, name)))
        await assert.rejects(
          attempt(secretHash(at, 'somebody')),
          notAuthorized(`SecretHash does not match for the client: ${ClientId}`),
        )
        await assert.rejects(
          attempt(undefined),
          notAuthorized(`Client ${ClientId} is configured with secret but SECRET_HASH was not received`),
        )
      }
      const open = await clientOf(server(), at.UserPoolId)
      const public_ = await tokensOf(server(), open, 'secretive')
      await assert.rejects(
        refresh(server(), open, public_.RefreshToken, { SECRET_HASH: 'any' }),
        notAuthorized(`SecretHash does not match for the client: ${open.ClientId}`),
      )
    })

    test('by GetTokensFromRefreshToken takes the client’s secret as it is', async () => {
      const at = await createPlace(server(), { GenerateSecret: true })
      const { ClientId, ClientSecret } = at
      await createUser(server(), at.UserPoolId, 'secretive')
      const { RefreshToken } = await tokensOf(server(), at, 'secretive', {
        SECRET_HASH: secretHash(at, 'secretive'),
      })
      const attempt = (ClientSecret: string | undefined, id = ClientId) =>
        server().client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId: id, RefreshToken, ClientSecret }),
        )
      assert.ok((await attempt(ClientSecret)).AuthenticationResult)
      await assert.rejects(
        attempt(undefined),
        notAuthorized(`Client ${ClientId} is configured for secret but secret was not received`),
      )
      const wrong = 'wrongwrongwrongwrongwrong'
      await assert.rejects(
        attempt(wrong),
        notAuthorized(`Client secret does not match for the client: ${ClientId}`),
      )
      const open = await clientOf(server(), at.UserPoolId)
      await assert.rejects(
        attempt(wrong, open.ClientId),
        notAuthorized(`Client secret does not match for the client: ${open.ClientId}`),
      )
      await assert.rejects(attempt(ClientSecret, 'absent'), refused.noClient('absent'))
    })

    test('a client that does not allow the flow can still use GetTokensFromRefreshToken', async () => {
      const at = await clientOf(server(), place.UserPoolId, {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      })
      const { RefreshToken } = await tokensOf(server(), at, 'ada')
      await assert.rejects(
        refresh(server(), at, RefreshToken),
        refusal('InvalidParameterException', 'Refresh Token flow not enabled for this client'),
      )
      assert.ok(await renew(server(), at, RefreshToken))
      await assert.rejects(
        start(server(), place, 'REFRESH_TOKEN', {}),
        refusal('InvalidParameterException', 'Missing required parameter REFRESH_TOKEN'),
      )
    })

    test('a session that ended is swept a day later, and unknown from then on', async () => {
      const { RefreshToken } = await tokensOf(server(), place, 'ada')
      server().clock.now += days(31)
      await assert.rejects(refresh(server(), place, RefreshToken), refused.refreshExpired)
      await server().app.store.tokenSessions.deleteExpired(server().clock.now)
      await assert.rejects(refresh(server(), place, RefreshToken), refused.refreshToken)
    })
  })
})
