import assert from 'node:assert/strict'
import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { RevokeTokenCommand } from '@aws-sdk/client-cognito-identity-provider'
import { CompactEncrypt } from 'jose'
import { createUser } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { clientOf, createPlace, type Place, type Tokens, tokensOf } from '../../../test/tokens.ts'

const invalid = 'NotAuthorizedException: Invalid Refresh Token'
const revoked = 'NotAuthorizedException: Refresh Token has been revoked'

const ways = {
  InitiateAuth: (ClientId: string, REFRESH_TOKEN: string) => ({
    ClientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN },
  }),
  GetTokensFromRefreshToken: (ClientId: string, RefreshToken: string) => ({ ClientId, RefreshToken }),
}
const misspelled = {
  InitiateAuth: invalid,
  GetTokensFromRefreshToken:
    "InvalidParameterException: 1 validation error detected: Value at 'refreshToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

for (const operation of ['InitiateAuth', 'GetTokensFromRefreshToken'] as const) {
  describe(`a refresh token that is not ours, or not as we made it, is refused by ${operation}`, () => {
    onEachStore((server) => {
      let place: Place
      let mine: Tokens
      let again: Tokens
      let othersClient: Tokens
      let othersPool: Tokens
      before(async () => {
        place = await createPlace(server())
        const other = await createPlace(server())
        for (const { UserPoolId } of [place, other]) await createUser(server(), UserPoolId, 'ada')
        mine = await tokensOf(server(), place, 'ada')
        again = await tokensOf(server(), place, 'ada')
        othersClient = await tokensOf(server(), await clientOf(server(), place.UserPoolId), 'ada')
        othersPool = await tokensOf(server(), other, 'ada')
      })

      const parts = ({ RefreshToken } = mine) => RefreshToken.split('.')
      const withPart = (place: number, part: string) => parts().with(place, part).join('.')
      /** One bit of one part is another. */
      const flipped = (place: number) => {
        const bytes = Buffer.from(parts()[place] ?? '', 'base64url')
        bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
        return withPart(place, bytes.toString('base64url'))
      }
      const header = () => JSON.parse(Buffer.from(parts()[0] ?? '', 'base64url').toString())
      const digest = (encoding: 'hex' | 'base64url') =>
        createHash('sha256').update(mine.RefreshToken).digest(encoding)
      /** Encrypted to a key that everybody can read at the pool's address. */
      const encryptedToOurs = async (content: string) => {
        const answer = await server().web(`/${place.UserPoolId}/.well-known/jwks.json`)
        const { keys } = (await answer.json()) as { keys: { kid: string }[] }
        return new CompactEncrypt(Buffer.from(content))
          .setProtectedHeader(header())
          .encrypt(createPublicKey({ key: keys[0] as never, format: 'jwk' }))
      }

      const rows: readonly (readonly [
        what: string,
        make: () => string | Promise<string>,
        refusal?: string,
      ])[] = [
        // ---- no refresh token at all
        ['a word', () => 'token'],
        ['dots', () => '....'],
        ['an access token', () => mine.AccessToken],
        ['an ID token', () => mine.IdToken],
        ['the id of the session', () => '00000000-0000-4000-8000-000000000000'],
        ['its digest, which is what a stolen store has', () => digest('hex')],
        ['its digest in other letters', () => digest('base64url')],
        ['a text that a store could take for a pattern', () => '_'.repeat(mine.RefreshToken.length)],
        ['a hundred thousand letters', () => 'A'.repeat(100_000)],
        ['a blank', () => `${mine.RefreshToken} `, misspelled[operation]],
        ['a line end', () => `${mine.RefreshToken}\n`, misspelled[operation]],
        ['a per cent sign', () => '%', misspelled[operation]],
        ['a letter beyond ASCII', () => `${mine.RefreshToken}é`, misspelled[operation]],
        // ---- mine, altered
        ['one cut short by a letter', () => mine.RefreshToken.slice(0, -1)],
        ['one with a letter more', () => `${mine.RefreshToken}A`],
        ['one with padding', () => `${mine.RefreshToken}=`],
        ['one with an empty part more', () => `${mine.RefreshToken}.`],
        ['one without its tag', () => parts().slice(0, 4).join('.')],
        ['one whose tag is empty', () => withPart(4, '')],
        ['one whose key is empty', () => withPart(1, '')],
        ['one in capitals', () => mine.RefreshToken.toUpperCase()],
        ['one in small letters', () => mine.RefreshToken.toLowerCase()],
        ['one backwards', () => [...mine.RefreshToken].reverse().join('')],
        ['two of them', () => `${mine.RefreshToken}.${again.RefreshToken}`],
        ...[0, 1, 2, 3, 4].map(
          (place) => [`one with a bit flipped in part ${place}`, () => flipped(place)] as const,
        ),
        ...[1, 2, 3, 4].map(
          (place) =>
            [`one with part ${place} of another`, () => withPart(place, parts(again)[place] ?? '')] as const,
        ),
        ['one that says dir', () => withPart(0, encode({ ...header(), alg: 'dir' }))],
        ['one that says none', () => withPart(0, encode({ ...header(), alg: 'none', enc: 'none' }))],
        ['one with its header in another order', () => withPart(0, encode({ alg: 'RSA-OAEP', ...header() }))],
        ['one with a kid', () => withPart(0, encode({ ...header(), kid: '../../dev/null' }))],
        // ---- made by others
        ['one encrypted to our key', () => encryptedToOurs(randomBytes(32).toString('hex'))],
        ['mine, encrypted to our key', () => encryptedToOurs(mine.RefreshToken)],
        ['claims, encrypted to our key', () => encryptedToOurs(JSON.stringify({ sub: 'ada' }))],
        // ---- somebody else's
        ['one of another client', () => othersClient.RefreshToken],
        ['one of another pool', () => othersPool.RefreshToken],
        // ---- no longer in force
        [
          'one that was revoked',
          async () => {
            const { RefreshToken: Token } = await tokensOf(server(), place, 'ada')
            await server().client.send(new RevokeTokenCommand({ ClientId: place.ClientId, Token }))
            return Token
          },
          revoked,
        ],
      ]

      for (const [what, make, refusal = invalid] of rows) {
        test(what, async () => {
          const input = ways[operation](place.ClientId, await make())
          const { status, body } = await callRaw(server(), operation, JSON.stringify(input))
          const { __type, message } = JSON.parse(body)
          assert.deepEqual([status, `${__type}: ${message}`], [400, refusal])
        })
      }

      test('and one that is ours, is not', async () => {
        for (const { RefreshToken } of [mine, again]) {
          const input = ways[operation](place.ClientId, RefreshToken)
          const { status, body } = await callRaw(server(), operation, JSON.stringify(input))
          assert.equal(status, 200, body)
        }
      })
    })
  })
}
