import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { RevokeTokenCommand, UpdateUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider'
import { newDeviceIn, tracking } from '../../../test/devices.ts'
import { createUser } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  claimsOf,
  clientOf,
  createPlace,
  flows,
  getUser,
  type Place,
  refresh,
  refused,
  renew,
  rotating,
  secretHash,
  tokensOf,
} from '../../../test/tokens.ts'
import { days, minutes, seconds } from '../../lib/instant.ts'

describe('refresh tokens that rotate', () => {
  onEachStore((server) => {
    let strict: Place
    let graceful: Place
    before(async () => {
      strict = await createPlace(server(), rotating(0))
      graceful = await clientOf(server(), strict.UserPoolId, rotating(60))
      await createUser(server(), strict.UserPoolId, 'ada')
    })

    test('are replaced at every refresh, within one session', async () => {
      const { AccessToken, RefreshToken } = await tokensOf(server(), graceful, 'ada')
      const { origin_jti, auth_time } = claimsOf(AccessToken)
      const line = [RefreshToken]
      for (let round = 1; round <= 5; round += 1) {
        server().clock.now += minutes(10)
        const result = await renew(server(), graceful, line.at(-1) ?? '')
        assert.match(result.RefreshToken ?? '', /^eyJjdHkiOiJKV1Qi[\w-]+(\.[\w-]+){4}$/)
        line.push(result.RefreshToken ?? '')
        const claims = claimsOf(result.AccessToken)
        assert.deepEqual([claims.origin_jti, claims.auth_time], [origin_jti, auth_time])
      }
      assert.equal(new Set(line).size, 6)
    })

    test('live no longer than the first would have', async () => {
      const { RefreshToken } = await tokensOf(server(), graceful, 'ada')
      const end = server().clock.now + days(30)
      server().clock.now += days(29)
      const { RefreshToken: next = '' } = await renew(server(), graceful, RefreshToken)
      server().clock.now = end - seconds(1)
      const { RefreshToken: last = '' } = await renew(server(), graceful, next)
      server().clock.now = end
      await assert.rejects(renew(server(), graceful, last), refused.refreshExpired)
    })

    test('tried again within the grace period are answered alike: with the same successor', async () => {
      const { RefreshToken } = await tokensOf(server(), graceful, 'ada')
      const first = await renew(server(), graceful, RefreshToken)
      server().clock.now += seconds(59)
      const again = await renew(server(), graceful, RefreshToken)
      assert.equal(again.RefreshToken, first.RefreshToken)
      assert.notEqual(again.AccessToken, first.AccessToken)
      assert.ok((await renew(server(), graceful, first.RefreshToken ?? '')).RefreshToken)
    })

    test('used after their grace period end the session, and everything that came of it', async () => {
      const { RefreshToken } = await tokensOf(server(), graceful, 'ada')
      const bystander = await tokensOf(server(), graceful, 'ada')
      const first = await renew(server(), graceful, RefreshToken)
      server().clock.now += seconds(60)
      await getUser(server(), first.AccessToken ?? '')
      await assert.rejects(renew(server(), graceful, RefreshToken), refused.refreshReused)
      await assert.rejects(renew(server(), graceful, RefreshToken), refused.refreshRevoked)
      await assert.rejects(renew(server(), graceful, first.RefreshToken ?? ''), refused.refreshRevoked)
      await assert.rejects(getUser(server(), first.AccessToken ?? ''), refused.accessRevoked)
      assert.ok((await renew(server(), graceful, bystander.RefreshToken)).RefreshToken)
    })

    test('without a grace period are good once; a minute later it is no race any more', async () => {
      const { RefreshToken } = await tokensOf(server(), strict, 'ada')
      const { RefreshToken: next = '' } = await renew(server(), strict, RefreshToken)
      await assert.rejects(renew(server(), strict, RefreshToken), refused.refreshReused)
      server().clock.now += seconds(59)
      await assert.rejects(renew(server(), strict, RefreshToken), refused.refreshReused)
      const { RefreshToken: last = '' } = await renew(server(), strict, next)
      server().clock.now += seconds(1)
      await assert.rejects(renew(server(), strict, RefreshToken), refused.refreshReused)
      await assert.rejects(renew(server(), strict, last), refused.refreshRevoked)
      const unsaid = await clientOf(server(), strict.UserPoolId, rotating())
      const other = await tokensOf(server(), unsaid, 'ada')
      await renew(server(), unsaid, other.RefreshToken)
      await assert.rejects(renew(server(), unsaid, other.RefreshToken), refused.refreshReused)
    })

    test('without a grace period serve nobody else, also one whose clock says that they came first', async () => {
      const { RefreshToken } = await tokensOf(server(), strict, 'ada')
      await renew(server(), strict, RefreshToken)
      server().clock.now -= 1
      await assert.rejects(renew(server(), strict, RefreshToken), refused.refreshReused)
      server().clock.now += 1
    })

    test('are not replaced by a call that is refused', async () => {
      const at = await createPlace(server(), { ...rotating(0), GenerateSecret: true }, tracking)
      await createUser(server(), at.UserPoolId, 'ada')
      const { RefreshToken, result } = await tokensOf(server(), at, 'ada', {
        SECRET_HASH: secretHash(at, 'ada'),
      })
      const { key } = newDeviceIn(result)
      const wrongSecret = { ...at, ClientSecret: 'wrongwrongwrongwrongwrong' }
      await assert.rejects(renew(server(), wrongSecret, RefreshToken, key), {
        name: 'NotAuthorizedException',
      })
      await assert.rejects(renew(server(), at, RefreshToken), refused.refreshToken)
      assert.ok((await renew(server(), at, RefreshToken, key)).RefreshToken)
      // Nor does whoever has a used token, and not the secret, end anybody's session.
      await assert.rejects(renew(server(), wrongSecret, RefreshToken, key), {
        name: 'NotAuthorizedException',
      })
      await assert.rejects(renew(server(), at, RefreshToken, key), refused.refreshReused)
    })

    test('that were replaced still name their session to RevokeToken', async () => {
      const { RefreshToken } = await tokensOf(server(), graceful, 'ada')
      const { RefreshToken: next = '' } = await renew(server(), graceful, RefreshToken)
      await server().client.send(new RevokeTokenCommand({ ClientId: graceful.ClientId, Token: RefreshToken }))
      await assert.rejects(renew(server(), graceful, next), refused.refreshRevoked)
    })

    test('when a client stops rotating, the last one stays, and those before are revoked', async () => {
      const at = await clientOf(server(), strict.UserPoolId, rotating(60))
      const { RefreshToken } = await tokensOf(server(), at, 'ada')
      const { RefreshToken: last = '' } = await renew(server(), at, RefreshToken)
      await server().client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: at.UserPoolId,
          ClientId: at.ClientId,
          ExplicitAuthFlows: [...flows],
        }),
      )
      for (const admin of [false, true]) {
        const door = { ...at, admin }
        await assert.rejects(refresh(server(), door, RefreshToken), refused.refreshRevoked)
        assert.equal((await refresh(server(), door, last))?.RefreshToken, undefined)
      }
      assert.equal((await renew(server(), at, last)).RefreshToken, undefined)
    })

    describe('raced for by a hundred', () => {
      const race = (at: Place, token: string) =>
        Promise.allSettled(Array.from({ length: 100 }, () => renew(server(), at, token)))

      test('within a grace period are all answered with one and the same successor', async () => {
        const { RefreshToken, AccessToken } = await tokensOf(server(), graceful, 'ada')
        let token = RefreshToken
        for (let round = 0; round < 3; round += 1) {
          const results = await race(graceful, token)
          const given = results.map((result) =>
            result.status === 'fulfilled' ? result.value : assert.fail(result.reason),
          )
          const successors = new Set(given.map((result) => result.RefreshToken))
          assert.equal(successors.size, 1)
          const origins = new Set(given.map((result) => claimsOf(result.AccessToken).origin_jti))
          assert.deepEqual([...origins], [claimsOf(AccessToken).origin_jti])
          assert.equal(new Set(given.map((result) => claimsOf(result.AccessToken).jti)).size, 100)
          token = [...successors][0] ?? assert.fail()
        }
        assert.ok((await renew(server(), graceful, token)).RefreshToken)
      })

      test('without one have one winner, whose line goes on; the others hear of the reuse', async () => {
        const { RefreshToken } = await tokensOf(server(), strict, 'ada')
        let token = RefreshToken
        for (let round = 0; round < 3; round += 1) {
          const results = await race(strict, token)
          const winners = results.filter((result) => result.status === 'fulfilled')
          assert.equal(winners.length, 1)
          for (const result of results) if (result.status === 'rejected') refused.refreshReused(result.reason)
          token = winners[0]?.value.RefreshToken ?? assert.fail()
        }
        assert.ok((await renew(server(), strict, token)).RefreshToken)
      })
    })
  })
})
