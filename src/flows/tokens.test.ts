import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolClientCommandInput,
  type TimeUnitsType,
} from '@aws-sdk/client-cognito-identity-provider'
import { CognitoJwtVerifier, JwtRsaVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import { attributeList, createClient, createPool, createUser } from '../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../test/harness.ts'
import { claimsOf, type Place, showUser, start, tokensOf } from '../../test/sign-in.ts'
import { minutes } from '../lib/instant.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function newPlace(
  server: TestServer,
  pool: Parameters<typeof createPool>[1] = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, pool)
  return { UserPoolId, ClientId: (await createClient(server, UserPoolId, client)).ClientId }
}

async function refreshed(server: TestServer, place: Place, REFRESH_TOKEN: string) {
  const { AuthenticationResult } = await start(
    server,
    'InitiateAuth',
    place,
    { REFRESH_TOKEN },
    'REFRESH_TOKEN_AUTH',
  )
  assert.equal(AuthenticationResult?.RefreshToken, undefined)
  return {
    access: claimsOf(AuthenticationResult?.AccessToken),
    id: claimsOf(AuthenticationResult?.IdToken),
  }
}

async function jwksOf(server: TestServer, { UserPoolId }: Place): Promise<Jwks> {
  const response = await server.web(`/${UserPoolId}/.well-known/jwks.json`)
  return (await response.json()) as Jwks
}

const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))

describe('tokens', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await newPlace(server(), {
        Schema: [
          { Name: 'level', AttributeDataType: 'Number', Mutable: true },
          { Name: 'member', AttributeDataType: 'Boolean', Mutable: true },
        ],
      })
    })

    test('an access token says this and nothing else', async () => {
      await createUser(server(), place.UserPoolId, 'access')
      const { sub } = (await showUser(server(), place.UserPoolId, 'access')).attributes
      const now = server().clock.now / 1000
      const { AccessToken } = await tokensOf(server(), place, 'access')
      const { origin_jti, event_id, jti, ...claims } = claimsOf(AccessToken)
      for (const id of [origin_jti, event_id, jti]) assert.match(String(id), uuid)
      assert.equal(new Set([origin_jti, event_id, jti]).size, 3)
      assert.deepEqual(claims, {
        sub,
        iss: `http://localhost:9229/${place.UserPoolId}`,
        client_id: place.ClientId,
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        auth_time: now,
        exp: now + 3600,
        iat: now,
        username: 'access',
        acr: 'urn:cognito:loa:1',
        amr: ['pwd'],
      })
    })

    test('an ID token says this and nothing else, flags as booleans and all else as text', async () => {
      await createUser(server(), place.UserPoolId, 'id', {
        email: 'id@example.com',
        email_verified: 'True',
        phone_number: '+15555550154',
        phone_number_verified: 'false',
        name: 'Ada Lovelace',
        updated_at: '1700000000',
        'custom:level': '7',
        'custom:member': 'true',
      })
      const { sub } = (await showUser(server(), place.UserPoolId, 'id')).attributes
      const now = server().clock.now / 1000
      const { IdToken, AccessToken } = await tokensOf(server(), place, 'id')
      const { origin_jti, event_id, jti, ...claims } = claimsOf(IdToken)
      const access = claimsOf(AccessToken)
      assert.deepEqual([origin_jti, event_id], [access.origin_jti, access.event_id])
      assert.match(String(jti), uuid)
      assert.notEqual(jti, access.jti)
      assert.deepEqual(claims, {
        sub,
        email: 'id@example.com',
        email_verified: true,
        phone_number: '+15555550154',
        phone_number_verified: false,
        name: 'Ada Lovelace',
        updated_at: '1700000000',
        'custom:level': '7',
        'custom:member': 'true',
        iss: `http://localhost:9229/${place.UserPoolId}`,
        'cognito:username': 'id',
        aud: place.ClientId,
        token_use: 'id',
        auth_time: now,
        exp: now + 3600,
        iat: now,
        acr: 'urn:cognito:loa:1',
        amr: ['pwd'],
      })
    })

    test('an ID token holds what the client may read', async () => {
      const { UserPoolId } = place
      const ReadAttributes = ['email', 'custom:level']
      const at = { UserPoolId, ...(await createClient(server(), UserPoolId, { ReadAttributes })) }
      await createUser(server(), UserPoolId, 'read', {
        email: 'read@example.com',
        email_verified: 'true',
        name: 'Ada',
        'custom:level': '7',
        'custom:member': 'true',
      })
      const { IdToken, AccessToken } = await tokensOf(server(), at, 'read')
      const known = new Set(Object.keys(claimsOf(AccessToken)))
      const others = Object.keys(claimsOf(IdToken)).filter((name) => !known.has(name))
      assert.deepEqual(others.toSorted(), ['aud', 'cognito:username', 'custom:level', 'email'])
    })

    test('a client without revocation gets tokens without the ids that revocation goes by', async () => {
      const { UserPoolId } = place
      const input = { EnableTokenRevocation: false }
      const at = { UserPoolId, ...(await createClient(server(), UserPoolId, input)) }
      await createUser(server(), UserPoolId, 'irrevocable')
      const { IdToken, AccessToken } = await tokensOf(server(), at, 'irrevocable')
      for (const token of [IdToken, AccessToken]) {
        const { jti, origin_jti } = claimsOf(token)
        assert.deepEqual([jti, origin_jti], [undefined, undefined])
      }
    })

    test('the header names the key and the algorithm, and the two tokens have a key each', async () => {
      await createUser(server(), place.UserPoolId, 'headed')
      const { IdToken, AccessToken } = await tokensOf(server(), place, 'headed')
      const [id, access] = [headerOf(IdToken), headerOf(AccessToken)]
      for (const { kid, ...others } of [id, access]) {
        assert.match(kid, /^[A-Za-z0-9+/]{43}=$/)
        assert.deepEqual(others, { alg: 'RS256' })
      }
      assert.notEqual(id.kid, access.kid)
      const { keys } = await jwksOf(server(), place)
      assert.deepEqual(keys.map(({ kid }) => kid).toSorted(), [id.kid, access.kid].toSorted())
      for (const { kid: _, n, ...others } of keys as (Jwks['keys'][number] & { n: string })[]) {
        assert.equal(Buffer.from(n, 'base64url').length, 256)
        assert.deepEqual(others, { alg: 'RS256', e: 'AQAB', kty: 'RSA', use: 'sig' })
      }
    })

    describe('validity', () => {
      const rows: readonly (readonly [
        string,
        Partial<CreateUserPoolClientCommandInput> & { TokenValidityUnits?: Record<string, TimeUnitsType> },
        number,
        number,
      ])[] = [
        ['by default', {}, 3600, 3600],
        ['in hours, where no unit is named', { AccessTokenValidity: 2, IdTokenValidity: 3 }, 7200, 10800],
        [
          'in seconds',
          {
            AccessTokenValidity: 300,
            IdTokenValidity: 301,
            TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds' },
          },
          300,
          301,
        ],
        [
          'in minutes and days',
          {
            AccessTokenValidity: 5,
            IdTokenValidity: 1,
            TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'days' },
          },
          300,
          86400,
        ],
      ]
      for (const [index, [what, input, access, id]] of rows.entries()) {
        test(`${what}: ${access} and ${id} seconds`, async () => {
          const { UserPoolId } = place
          const at = { UserPoolId, ...(await createClient(server(), UserPoolId, input)) }
          await createUser(server(), UserPoolId, `valid-${index}`)
          const { AccessToken, IdToken, ExpiresIn } = await tokensOf(server(), at, `valid-${index}`)
          const life = (token: string) => Number(claimsOf(token).exp) - Number(claimsOf(token).iat)
          assert.deepEqual([life(AccessToken), life(IdToken), ExpiresIn], [access, id, access])
        })
      }
    })

    test('a chain of refreshes keeps its origin and its time of sign-in, and each token is new', async () => {
      await createUser(server(), place.UserPoolId, 'chained')
      const signedInAt = server().clock.now / 1000
      const { AccessToken, RefreshToken } = await tokensOf(server(), place, 'chained')
      const first = claimsOf(AccessToken)
      const jtis = new Set([first.jti])
      for (const round of [1, 2, 3]) {
        server().clock.now += minutes(10)
        const { access, id } = await refreshed(server(), place, RefreshToken)
        assert.deepEqual([access.origin_jti, id.origin_jti], [first.origin_jti, first.origin_jti])
        assert.deepEqual([access.auth_time, id.auth_time], [signedInAt, signedInAt])
        assert.deepEqual(
          [access.iat, access.exp],
          [signedInAt + round * 600, signedInAt + round * 600 + 3600],
        )
        assert.deepEqual([access.scope, access.username], [first.scope, 'chained'])
        jtis.add(access.jti).add(id.jti)
      }
      assert.equal(jtis.size, 7)
      const again = claimsOf((await tokensOf(server(), place, 'chained')).AccessToken)
      assert.notEqual(again.origin_jti, first.origin_jti)
      assert.equal(again.auth_time, signedInAt + 1800)
    })

    test('a refreshed ID token shows what the user has become', async () => {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'changing', { name: 'Before', nickname: 'gone' })
      const { RefreshToken } = await tokensOf(server(), place, 'changing')
      const UserAttributes = attributeList({ name: 'After', nickname: '' })
      await server().client.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId, Username: 'changing', UserAttributes }),
      )
      const { id } = await refreshed(server(), place, RefreshToken)
      assert.deepEqual([id.name, id.nickname], ['After', undefined])
    })

    test('are verified by aws-jwt-verify under this server’s own issuer', async () => {
      server().clock.now = Date.now()
      await createUser(server(), place.UserPoolId, 'verified')
      const { AccessToken, IdToken } = await tokensOf(server(), place, 'verified')
      const verifier = JwtRsaVerifier.create({
        issuer: `http://localhost:9229/${place.UserPoolId}`,
        audience: null,
      })
      verifier.cacheJwks(await jwksOf(server(), place))
      assert.equal((await verifier.verify(AccessToken)).username, 'verified')
      assert.equal((await verifier.verify(IdToken)).aud, place.ClientId)
      const altered = `${AccessToken.slice(0, -6)}AAAAAA`
      await assert.rejects(verifier.verify(altered), { message: 'Invalid signature' })
    })
  })
})

describe('tokens of a site that writes the issuer as AWS does', () => {
  onEachStore(
    (server) => {
      test('are verified by the verifier that AWS publishes for Cognito', async () => {
        server().clock.now = Date.now()
        const place = await newPlace(server())
        await createUser(server(), place.UserPoolId, 'aws')
        const { AccessToken, IdToken } = await tokensOf(server(), place, 'aws')
        const jwks = await jwksOf(server(), place)
        const { UserPoolId: userPoolId, ClientId: clientId } = place
        for (const [tokenUse, token, other] of [
          ['access', AccessToken, IdToken],
          ['id', IdToken, AccessToken],
        ] as const) {
          const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse })
          verifier.cacheJwks(jwks)
          const claims = await verifier.verify(token)
          assert.equal(claims.token_use, tokenUse)
          assert.equal(claims.iss, `https://cognito-idp.us-east-1.amazonaws.com/${userPoolId}`)
          await assert.rejects(verifier.verify(other))
        }
      })

      test('name the newer issuer where the pool is configured so', async () => {
        const place = await newPlace(server(), { IssuerConfiguration: { Type: 'UPDATED' } })
        await createUser(server(), place.UserPoolId, 'updated')
        const { AccessToken, RefreshToken } = await tokensOf(server(), place, 'updated')
        const iss = `https://issuer-cognito-idp.us-east-1.amazonaws.com/${place.UserPoolId}`
        assert.equal(claimsOf(AccessToken).iss, iss)
        assert.equal((await refreshed(server(), place, RefreshToken)).id.iss, iss)
      })
    },
    { site: { issuer: 'aws' } },
  )
})
