import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  RevokeTokenCommand,
  type RevokeTokenCommandInput,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import {
  claimsOf,
  clientOf,
  createPlace,
  flows,
  getUser,
  type Place,
  refresh,
  refused,
  secretHash,
  tokensOf,
} from '../../../test/tokens.ts'

const unauthorized = refusal('UnauthorizedException', 'Unable to authenticate the client.')
const wrongKind = refusal('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.')
const off = refusal('UnsupportedOperationException', 'Token revocation is not enabled for the client.')

describe('RevokeToken', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
      await createUser(server(), place.UserPoolId, 'ada')
    })
    const revoke = (
      { ClientId, ClientSecret }: Place,
      Token: string,
      more: Partial<RevokeTokenCommandInput> = {},
    ) => server().client.send(new RevokeTokenCommand({ ClientId, ClientSecret, Token, ...more }))

    test('ends the session of the token: its access and ID tokens with it, and no other session', async () => {
      const [mine, other] = [await tokensOf(server(), place, 'ada'), await tokensOf(server(), place, 'ada')]
      const refreshed = await refresh(server(), place, mine.RefreshToken)
      const { $metadata, ...answer } = await revoke(place, mine.RefreshToken)
      assert.deepEqual([$metadata.httpStatusCode, answer], [200, {}])
      await assert.rejects(refresh(server(), place, mine.RefreshToken), refused.refreshRevoked)
      for (const token of [mine.AccessToken, refreshed?.AccessToken ?? '']) {
        await assert.rejects(getUser(server(), token), refused.accessRevoked)
      }
      await getUser(server(), other.AccessToken)
      assert.ok(await refresh(server(), place, other.RefreshToken))
    })

    test('succeeds for a token that is revoked already, or that nobody knows', async () => {
      const { RefreshToken } = await tokensOf(server(), place, 'ada')
      for (const token of [RefreshToken, RefreshToken, 'made-up', 'a.b.c', `${RefreshToken}x`]) {
        const { $metadata: _, ...answer } = await revoke(place, token)
        assert.deepEqual(answer, {})
      }
    })

    test('takes refresh tokens only, whatever becomes of the others', async () => {
      const { AccessToken, IdToken } = await tokensOf(server(), place, 'ada')
      for (const token of [AccessToken, IdToken, `${AccessToken.slice(0, -4)}AAAA`]) {
        await assert.rejects(revoke(place, token), wrongKind)
      }
      await getUser(server(), AccessToken)
    })

    test('is for the client whose token it is, and for no other', async () => {
      const other = await clientOf(server(), place.UserPoolId)
      const { RefreshToken } = await tokensOf(server(), place, 'ada')
      await assert.rejects(revoke(other, RefreshToken), unauthorized)
      assert.ok(await refresh(server(), place, RefreshToken))
    })

    test('asks for the secret of a client that has one, and for none of one that has not', async () => {
      const at = await createPlace(server(), { GenerateSecret: true })
      await createUser(server(), at.UserPoolId, 'ada')
      const { RefreshToken } = await tokensOf(server(), at, 'ada', { SECRET_HASH: secretHash(at, 'ada') })
      const wrong = 'wrongwrongwrongwrongwrong'
      for (const ClientSecret of [undefined, wrong]) {
        await assert.rejects(revoke(at, RefreshToken, { ClientSecret }), unauthorized)
      }
      await assert.rejects(revoke(place, RefreshToken, { ClientSecret: wrong }), unauthorized)
      await assert.rejects(revoke(place, RefreshToken, { ClientId: 'absent' }), unauthorized)
      await revoke(at, RefreshToken)
    })

    test('is refused where the client turned revocation off; what was revoked stays so', async () => {
      const at = await clientOf(server(), place.UserPoolId)
      const { ClientId, UserPoolId } = at
      const before = await tokensOf(server(), at, 'ada')
      await revoke(at, before.RefreshToken)
      await server().client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId,
          ClientId,
          ExplicitAuthFlows: [...flows],
          EnableTokenRevocation: false,
        }),
      )
      await assert.rejects(refresh(server(), at, before.RefreshToken), refused.refreshRevoked)
      await assert.rejects(getUser(server(), before.AccessToken), refused.accessRevoked)
      const { RefreshToken, AccessToken, IdToken } = await tokensOf(server(), at, 'ada')
      for (const token of [AccessToken, IdToken]) {
        const { jti, origin_jti } = claimsOf(token)
        assert.deepEqual([jti, origin_jti], [undefined, undefined])
      }
      await assert.rejects(revoke(at, RefreshToken), off)
      await assert.rejects(revoke(at, AccessToken), off)
      assert.ok(await refresh(server(), at, RefreshToken))
    })

    test('takes no notice of a signature', async () => {
      const { RefreshToken } = await tokensOf(server(), place, 'ada')
      const { status, body } = await callRaw(
        server(),
        'RevokeToken',
        JSON.stringify({ Token: RefreshToken, ClientId: place.ClientId }),
      )
      assert.deepEqual([status, body], [200, '{}'])
    })

    test('every violation at once, and nothing sensitive in it', async () => {
      const { body } = await callRaw(
        server(),
        'RevokeToken',
        JSON.stringify({
          Token: 'a b',
          ClientId: '',
          ClientSecret: 'short',
          RevokeAssociatedSessions: 'ALL',
        }),
      )
      const { __type, message } = JSON.parse(body)
      assert.equal(__type, 'InvalidParameterException')
      assert.match(message, /^5 validation errors detected: /)
      assert.match(message, /'ALL' at 'revokeAssociatedSessions' .*enum value set: \[LINKED, NONE\]/)
      assert.doesNotMatch(message, /a b|short/)
    })
  })
})
