import assert from 'node:assert/strict'
import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
} from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CompactEncrypt } from 'jose'
import { createUser } from '../../../test/fixtures.ts'
import { callRaw, startServer, type TestServer } from '../../../test/harness.ts'
import { claimsOf, clientOf, createPlace, type Place, type Tokens, tokensOf } from '../../../test/tokens.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { signToken } from '../../flows/signing.ts'

type Json = Record<string, unknown>

const invalid = 'NotAuthorizedException: Invalid Access Token'
const unverified = 'NotAuthorizedException: Could not verify signature for Access Token'
const expired = 'NotAuthorizedException: Access Token has expired'
const revoked = 'NotAuthorizedException: Access Token has been revoked'
const scopeless = 'NotAuthorizedException: Access Token does not have required scopes'
const misspelled =
  "InvalidParameterException: 1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe('a token that is not ours, or not as we made it, is refused by GetUser', () => {
  let server: TestServer
  let place: Place
  let other: Place
  let mine: Tokens
  let theirs: Tokens
  let accessKey: KeyObject
  let attacker: ReturnType<typeof keyPair>
  const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
  before(async () => {
    server = await startServer()
    place = await createPlace(server)
    // The next pool, since the test's keys go round.
    other = await createPlace(server)
    for (const { UserPoolId } of [place, other]) await createUser(server, UserPoolId, 'ada')
    mine = await tokensOf(server, place, 'ada')
    theirs = await tokensOf(server, other, 'ada')
    const jwks = (await (await server.web(`/${place.UserPoolId}/.well-known/jwks.json`)).json()) as {
      keys: (Json & { kid: string })[]
    }
    const { kid } = header()
    const jwk = jwks.keys.find((key) => key.kid === kid)
    assert.ok(jwk)
    accessKey = createPublicKey({ key: jwk as never, format: 'jwk' })
    attacker = keyPair()
  })
  after(() => server.stop())

  const parts = (token = mine.AccessToken): [string, string, string] => token.split('.') as never
  const header = (token = mine.AccessToken): Json =>
    JSON.parse(Buffer.from(parts(token)[0], 'base64url').toString())
  const claims = (): Json => claimsOf(mine.AccessToken)
  /** Signed with the pool's own key: what only a mistake of ours could make. */
  const genuine = (changes: Json, use: 'id' | 'access' = 'access') =>
    signToken(server.app, place.UserPoolId as UserPoolId, use, without({ ...claims(), ...changes }))
  const without = (value: Json): Json =>
    Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined))
  /** The parts of a token of mine, some of them replaced. */
  const spliced = (replaced: { head?: unknown; body?: unknown; signature?: string }) => {
    const [head, body, signature] = parts()
    return [
      replaced.head === undefined ? head : encode(replaced.head),
      replaced.body === undefined ? body : encode(replaced.body),
      replaced.signature ?? signature,
    ].join('.')
  }
  const hmac = (secret: string | Buffer, algorithm = 'sha256', alg = 'HS256') => {
    const unsigned = `${encode({ ...header(), alg })}.${parts()[1]}`
    return `${unsigned}.${createHmac(algorithm, secret).update(unsigned).digest('base64url')}`
  }
  const signedBy = (key: KeyObject, head: Json, body: Json = claims()) => {
    const unsigned = `${encode(head)}.${encode(body)}`
    return `${unsigned}.${signWith('RSA-SHA256', Buffer.from(unsigned), key).toString('base64url')}`
  }
  const pem = () => accessKey.export({ type: 'spki', format: 'pem' })
  const bytes = (token?: string) => Buffer.from(parts(token)[2], 'base64url')
  const flipped = (place: number) => {
    const signature = bytes()
    signature.writeUInt8(signature.readUInt8(place) ^ 1, place)
    return spliced({ signature: signature.toString('base64url') })
  }
  /** The number that a signature is, plus a multiple of the key's modulus: the same in the eyes of careless arithmetic. */
  const congruent = (factor: bigint) => {
    const n = BigInt(
      `0x${Buffer.from(String(accessKey.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`,
    )
    const sum = (factor * n + BigInt(`0x${bytes().toString('hex')}`)).toString(16)
    return spliced({
      signature: Buffer.from(sum.padStart(sum.length + (sum.length % 2), '0'), 'hex').toString('base64url'),
    })
  }
  /** JSON in which a member stands twice; parsers keep the last. */
  const twice = (value: Json, name: string, first: unknown) =>
    JSON.stringify(value).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(first)},`)
  const jwe = async (content: string) =>
    new CompactEncrypt(Buffer.from(content))
      .setProtectedHeader({ cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP', kid: String(header().kid) })
      .encrypt(accessKey)
  const attackersJwk = () => attacker.publicKey.export({ format: 'jwk' }) as Json
  const user = async (name: string) => {
    await createUser(server, place.UserPoolId, name)
    return { tokens: await tokensOf(server, place, name), UserPoolId: place.UserPoolId, Username: name }
  }

  const rows: readonly (readonly [what: string, make: () => string | Promise<string>, refusal: string])[] = [
    // ---- no JWT at all
    ['a word', () => 'token', invalid],
    ['dots', () => '..', invalid],
    ['three parts of nothing', () => 'a.b.c', invalid],
    ['a header alone', () => parts()[0], invalid],
    ['a token without its signature', () => parts().slice(0, 2).join('.'), invalid],
    ['a token with a part more', () => `${mine.AccessToken}.x`, invalid],
    ['a token with an empty part more', () => `${mine.AccessToken}.`, invalid],
    ['two tokens in one', () => `${mine.AccessToken}.${mine.AccessToken}`, invalid],
    [
      'a token cut in the middle of its payload',
      () => spliced({ body: encode(claims()).slice(0, 40) }),
      invalid,
    ],
    ['an empty payload', () => spliced({ body: '' }), invalid],
    ['a payload that is no JSON', () => spliced({ body: 'not json' }), invalid],
    ['a payload that is a list', () => spliced({ body: [claims()] }), invalid],
    ['a payload that is a text', () => spliced({ body: '"claims"' }), invalid],
    ['a payload that is null', () => spliced({ body: 'null' }), invalid],
    ['a refresh token', () => mine.RefreshToken, invalid],
    ['a token of mine, encrypted to our key', () => jwe(mine.AccessToken), invalid],
    ['claims, encrypted to our key', () => jwe(JSON.stringify(claims())), invalid],
    [
      'a token in a token',
      () => spliced({ head: { ...header(), cty: 'JWT' }, body: mine.AccessToken }),
      invalid,
    ],
    // ---- letters that no token has
    ['a blank', () => 'a b', misspelled],
    ['nothing', () => '', misspelled],
    ['a line end behind it', () => `${mine.AccessToken}\n`, misspelled],
    ['a letter beyond ASCII', () => `${mine.AccessToken}é`, misspelled],
    ['standard base64', () => spliced({ signature: `+/${parts()[2].slice(2)}` }), misspelled],
    // ---- another kind of token
    ['an ID token', () => mine.IdToken, invalid],
    [
      'an ID token with the other use written into it',
      () =>
        signedBy(attacker.privateKey, header(mine.IdToken), {
          ...claimsOf(mine.IdToken),
          token_use: 'access',
        }),
      unverified,
    ],
    ['the claims of an access token under the key of ID tokens', () => genuine({}, 'id'), unverified],
    ['a header of ID tokens', () => spliced({ head: header(mine.IdToken) }), unverified],
    ['a token for the ID use, under the right key', () => genuine({ token_use: 'id' }), invalid],
    ['a token for no use', () => genuine({ token_use: undefined }), invalid],
    ['a token for a use that is no text', () => genuine({ token_use: ['access'] }), invalid],
    // ---- algorithms
    [
      'alg none without a signature',
      () => spliced({ head: { ...header(), alg: 'none' }, signature: '' }),
      unverified,
    ],
    ['alg none with one', () => spliced({ head: { ...header(), alg: 'none' } }), unverified],
    ['alg None', () => spliced({ head: { ...header(), alg: 'None' }, signature: '' }), unverified],
    ['no alg', () => spliced({ head: { kid: header().kid } }), unverified],
    ['HS256 under the public key, PEM', () => hmac(pem()), unverified],
    [
      'HS256 under the public key, PEM without its last line end',
      () => hmac(String(pem()).trim()),
      unverified,
    ],
    [
      'HS256 under the public key, DER',
      () => hmac(accessKey.export({ type: 'spki', format: 'der' })),
      unverified,
    ],
    [
      'HS256 under the modulus',
      () => hmac(Buffer.from(String(accessKey.export({ format: 'jwk' }).n), 'base64url')),
      unverified,
    ],
    ['HS256 under the kid', () => hmac(String(header().kid)), unverified],
    ['HS256 under the client id', () => hmac(place.ClientId), unverified],
    ['HS256 under no key', () => hmac(''), unverified],
    ['HS512 under the public key', () => hmac(pem(), 'sha512', 'HS512'), unverified],
    ['RS512 said of an RS256 signature', () => spliced({ head: { ...header(), alg: 'RS512' } }), unverified],
    [
      'PS256 by an attacker',
      () => {
        const unsigned = `${encode({ ...header(), alg: 'PS256' })}.${parts()[1]}`
        const key = { key: attacker.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }
        return `${unsigned}.${signWith('sha256', Buffer.from(unsigned), key).toString('base64url')}`
      },
      unverified,
    ],
    // ---- keys
    ['an attacker’s key under our kid', () => signedBy(attacker.privateKey, header()), unverified],
    [
      'an attacker’s key, brought along as jwk',
      () => signedBy(attacker.privateKey, { ...header(), jwk: attackersJwk() }),
      unverified,
    ],
    [
      'an attacker’s key at a jku',
      () => signedBy(attacker.privateKey, { ...header(), jku: 'https://example.com/jwks.json' }),
      unverified,
    ],
    [
      'an attacker’s key at an x5u',
      () => signedBy(attacker.privateKey, { ...header(), x5u: 'https://example.com/key.pem' }),
      unverified,
    ],
    ['another kid', () => spliced({ head: { ...header(), kid: `${'A'.repeat(43)}=` } }), unverified],
    ['no kid', () => spliced({ head: { alg: 'RS256' } }), unverified],
    ['a kid that is a path', () => spliced({ head: { ...header(), kid: '../../dev/null' } }), unverified],
    ['a kid that is a statement', () => spliced({ head: { ...header(), kid: "' or 1=1 --" } }), unverified],
    ['the kid of another pool', () => spliced({ head: header(theirs.AccessToken) }), unverified],
    [
      'an attacker’s certificate, brought along as x5c',
      () => signedBy(attacker.privateKey, { ...header(), x5c: [encode('certificate')] }),
      unverified,
    ],
    [
      'an attacker’s key, named by its thumbprint',
      () => signedBy(attacker.privateKey, { ...header(), 'x5t#S256': encode('thumbprint') }),
      unverified,
    ],
    ['a kid that is a number', () => spliced({ head: { ...header(), kid: 0 } }), unverified],
    [
      'a kid that is a list of ours',
      () => spliced({ head: { ...header(), kid: [header().kid] } }),
      unverified,
    ],
    ['a kid that is of every object', () => spliced({ head: { ...header(), kid: '__proto__' } }), unverified],
    // ---- headers
    [
      'a header that says twice which alg, none first',
      () => spliced({ head: twice(header(), 'alg', 'none') }),
      unverified,
    ],
    [
      'a header that says twice which kid, another first',
      () => spliced({ head: twice(header(), 'kid', header(theirs.AccessToken).kid) }),
      unverified,
    ],
    ['a typ in the header', () => spliced({ head: { ...header(), typ: 'JWT' } }), unverified],
    ['a crit in the header', () => spliced({ head: { ...header(), crit: ['exp'] } }), unverified],
    [
      'a payload said not to be encoded',
      () => spliced({ head: { ...header(), b64: false, crit: ['b64'] } }),
      unverified,
    ],
    ['a payload said to be compressed', () => spliced({ head: { ...header(), zip: 'DEF' } }), unverified],
    [
      'the header’s members in another order',
      () => spliced({ head: { alg: 'RS256', kid: header().kid } }),
      unverified,
    ],
    [
      'a blank in the header',
      () => spliced({ head: JSON.stringify(header()).replace(':', ': ') }),
      unverified,
    ],
    ['a header that is no JSON', () => spliced({ head: '{' }), unverified],
    // ---- payloads
    ...Object.entries({
      username: 'bob',
      sub: '00000000-0000-4000-8000-000000000000',
      scope: 'aws.cognito.signin.user.admin openid',
      exp: 4102444800,
      iat: 0,
      client_id: 'another',
      origin_jti: '00000000-0000-4000-8000-000000000000',
      extra: true,
    }).map(
      ([name, value]) =>
        [`another ${name}`, () => spliced({ body: { ...claims(), [name]: value } }), unverified] as const,
    ),
    [
      'a payload that says twice who it is, another first',
      () => spliced({ body: twice(claims(), 'username', 'bob') }),
      unverified,
    ],
    [
      'a payload that says twice who it is, another last',
      () => spliced({ body: JSON.stringify(claims()).replace(/\}$/, ',"username":"bob"}') }),
      unverified,
    ],
    [
      'a payload with the claims of every object',
      () => spliced({ body: twice(claims(), '__proto__', {}) }),
      unverified,
    ],
    [
      'a claim taken out',
      () => spliced({ body: without({ ...claims(), origin_jti: undefined }) }),
      unverified,
    ],
    [
      'a blank in the payload',
      () => spliced({ body: JSON.stringify(claims()).replace(':', ': ') }),
      unverified,
    ],
    // ---- signatures
    ['no signature', () => spliced({ signature: '' }), unverified],
    ['a bit flipped at the start', () => flipped(0), unverified],
    ['a bit flipped in the middle', () => flipped(128), unverified],
    ['a bit flipped at the end', () => flipped(255), unverified],
    [
      'a signature of zeros',
      () => spliced({ signature: Buffer.alloc(256).toString('base64url') }),
      unverified,
    ],
    [
      'a signature of ones',
      () => spliced({ signature: Buffer.alloc(256, 255).toString('base64url') }),
      unverified,
    ],
    [
      'a signature cut short',
      () => spliced({ signature: bytes().subarray(0, 255).toString('base64url') }),
      unverified,
    ],
    [
      'a signature with a byte more',
      () => spliced({ signature: Buffer.concat([bytes(), Buffer.of(0)]).toString('base64url') }),
      unverified,
    ],
    ['a signature with padding', () => `${mine.AccessToken}==`, unverified],
    ['a signature with letters that say nothing', () => `${mine.AccessToken}A`, unverified],
    [
      'a signature whose last letter decodes alike',
      () => {
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const last = letters.indexOf(mine.AccessToken.at(-1) ?? '')
        return mine.AccessToken.slice(0, -1) + letters.charAt(last ^ 1)
      },
      unverified,
    ],
    ['a signature plus the modulus', () => congruent(1n), unverified],
    ['a signature plus twice the modulus', () => congruent(2n), unverified],
    [
      'a signature with a zero in front',
      () => spliced({ signature: Buffer.concat([Buffer.of(0), bytes()]).toString('base64url') }),
      unverified,
    ],
    [
      'a signature said to be one',
      () => spliced({ signature: Buffer.of(1).toString('base64url') }),
      unverified,
    ],
    ['the signature of my ID token', () => spliced({ signature: parts(mine.IdToken)[2] }), unverified],
    [
      'the signature of another’s token',
      () => spliced({ signature: parts(theirs.AccessToken)[2] }),
      unverified,
    ],
    // ---- pools and issuers
    [
      'another pool’s token, said to be this one’s',
      () => signTokenOf(other, { iss: claims().iss }),
      unverified,
    ],
    [
      'this pool’s token, said to be another’s',
      () => genuine({ iss: claimsOf(theirs.AccessToken).iss }),
      unverified,
    ],
    [
      'a pool that is not there',
      () => genuine({ iss: 'http://localhost:9229/us-east-1_Absent123' }),
      invalid,
    ],
    ['an issuer elsewhere', () => genuine({ iss: `https://example.com/${place.UserPoolId}` }), invalid],
    [
      'the issuer that AWS would write',
      () => genuine({ iss: `https://cognito-idp.us-east-1.amazonaws.com/${place.UserPoolId}` }),
      invalid,
    ],
    ['an issuer with a slash behind it', () => genuine({ iss: `${claims().iss}/` }), invalid],
    ['an issuer in other letters', () => genuine({ iss: String(claims().iss).toUpperCase() }), invalid],
    ['no issuer', () => genuine({ iss: undefined }), invalid],
    ['an issuer that is no text', () => genuine({ iss: [claims().iss] }), invalid],
    // ---- time
    ['a token whose time is over', () => genuine({ exp: server.clock.now / 1000 - 1 }), expired],
    ['a token whose time ends now', () => genuine({ exp: server.clock.now / 1000 }), expired],
    ['a token without an end', () => genuine({ exp: undefined }), expired],
    ['a token whose end is no number', () => genuine({ exp: 'never' }), expired],
    // ---- scopes
    ['a token without scopes', () => genuine({ scope: '' }), scopeless],
    ['a token for openid', () => genuine({ scope: 'openid email profile' }), scopeless],
    ['a scope that begins alike', () => genuine({ scope: 'aws.cognito.signin.user.admin2' }), scopeless],
    ['a client’s own token', () => genuine({ username: undefined, sub: place.ClientId }), scopeless],
    // ---- force
    ['a session that there never was', () => genuine({ origin_jti: 'none' }), revoked],
    [
      'a user who signed out',
      async () => {
        const { tokens, UserPoolId, Username } = await user('signed-out')
        await server.client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }))
        return tokens.AccessToken
      },
      revoked,
    ],
    [
      'a user who signed out, at a client without revocation',
      async () => {
        const at = await clientOf(server, place.UserPoolId, { EnableTokenRevocation: false })
        await createUser(server, place.UserPoolId, 'plain')
        const { AccessToken } = await tokensOf(server, at, 'plain')
        await server.client.send(
          new AdminUserGlobalSignOutCommand({ UserPoolId: place.UserPoolId, Username: 'plain' }),
        )
        return AccessToken
      },
      revoked,
    ],
    [
      'a user who is disabled',
      async () => {
        const { tokens, UserPoolId, Username } = await user('disabled')
        await server.client.send(new AdminDisableUserCommand({ UserPoolId, Username }))
        return tokens.AccessToken
      },
      revoked,
    ],
    [
      'a user who is gone',
      async () => {
        const { tokens, UserPoolId, Username } = await user('gone')
        await server.client.send(new AdminDeleteUserCommand({ UserPoolId, Username }))
        return tokens.AccessToken
      },
      'UserNotFoundException: User does not exist.',
    ],
  ]

  const signTokenOf = ({ UserPoolId: id }: Place, changes: Json) =>
    signToken(server.app, id as UserPoolId, 'access', { ...claims(), ...changes })

  for (const [what, make, refusal] of rows) {
    test(what, async () => {
      const AccessToken = await make()
      const { status, body } = await callRaw(server, 'GetUser', JSON.stringify({ AccessToken }))
      const { __type, message } = JSON.parse(body)
      assert.deepEqual([status, `${__type}: ${message}`], [400, refusal])
    })
  }

  test('and one that is ours, is not', async () => {
    for (const token of [mine.AccessToken, theirs.AccessToken, await genuine({})]) {
      const { status, body } = await callRaw(server, 'GetUser', JSON.stringify({ AccessToken: token }))
      assert.equal(status, 200, body)
    }
    assert.ok(rows.length >= 60)
  })
})
