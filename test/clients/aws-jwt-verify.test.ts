/** AWS's verifier of tokens, as an API behind the service uses it: what it accepts, and what it does not. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  type AuthenticationResultType,
  type CreateUserPoolCommandInput,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  ParameterValidationError,
} from 'aws-jwt-verify/error'
import type { CognitoJwtPayload } from 'aws-jwt-verify/jwt-model'
import { createClient, createPool, createUser, password, phone } from '../fixtures.ts'
import { onEachService, overHttp, type Place } from './service.ts'

type TokenUse = 'access' | 'id'

describe('aws-jwt-verify', () => {
  onEachService(
    (service) => {
      const createPlace = async (input: Partial<CreateUserPoolCommandInput> = {}): Promise<Place> => {
        const UserPoolId = await createPool(service(), input)
        await createUser(service(), UserPoolId, 'ada')
        const { ClientId } = await createClient(service(), UserPoolId)
        return { UserPoolId, ClientId }
      }
      const start = (place: Place, AuthParameters: Record<string, string>, refreshes = false) =>
        service().client.send(
          new AdminInitiateAuthCommand({
            ...place,
            AuthFlow: refreshes ? 'REFRESH_TOKEN_AUTH' : 'ADMIN_USER_PASSWORD_AUTH',
            AuthParameters,
          }),
        )
      const signIn = (place: Place) => start(place, { USERNAME: 'ada', PASSWORD: password })
      async function tokensOf(place: Place): Promise<{ AccessToken: string; IdToken: string }> {
        const { AccessToken, IdToken } = (await signIn(place)).AuthenticationResult ?? {}
        assert.ok(AccessToken && IdToken)
        return { AccessToken, IdToken }
      }
      /** The verifier knows where AWS's pools show their keys; there it finds this server. */
      const verifierOf = ({ UserPoolId, ClientId }: Place, tokenUse: TokenUse) =>
        CognitoJwtVerifier.create(
          { userPoolId: UserPoolId, clientId: ClientId, tokenUse },
          { jwksCache: overHttp((uri) => uri.replace(/^https:\/\/[^/]+/, service().url)) },
        )
      const verify = async (place: Place, tokenUse: TokenUse, token = ''): Promise<CognitoJwtPayload> =>
        verifierOf(place, tokenUse).verify(token)
      async function bothVerified(place: Place, result: AuthenticationResultType | undefined) {
        const access = await verify(place, 'access', result?.AccessToken)
        const id = await verify(place, 'id', result?.IdToken)
        assert.equal(access.sub, id.sub)
        return { access, id }
      }

      let place: Place
      before(async () => {
        place = await createPlace()
      })

      test('accepts both tokens of a sign-in, of an answered challenge and of every refresh', async () => {
        const here = await createPlace()
        const { AuthenticationResult } = await signIn(here)
        const first = await bothVerified(here, AuthenticationResult)
        assert.equal(first.access.iss, `https://cognito-idp.us-east-1.amazonaws.com/${here.UserPoolId}`)
        const RefreshToken = AuthenticationResult?.RefreshToken ?? assert.fail()
        const refreshed = await start(here, { REFRESH_TOKEN: RefreshToken }, true)
        await bothVerified(here, refreshed.AuthenticationResult)
        const { ClientId, UserPoolId } = here
        const again = await service().client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }),
        )
        await bothVerified(here, again.AuthenticationResult)
        await service().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId,
            Username: 'ada',
            SMSMfaSettings: { Enabled: true },
          }),
        )
        const { ChallengeName, Session } = await signIn(here)
        const answered = await service().client.send(
          new AdminRespondToAuthChallengeCommand({
            ...here,
            ChallengeName,
            Session,
            ChallengeResponses: { USERNAME: 'ada', SMS_MFA_CODE: await service().codeTo(here, phone) },
          }),
        )
        await bothVerified(here, answered.AuthenticationResult)
      })

      test('accepts the tokens of a pool with the issuer of several regions', async () => {
        const here = await createPlace({ IssuerConfiguration: { Type: 'UPDATED' } })
        const { id } = await bothVerified(here, (await signIn(here)).AuthenticationResult)
        assert.equal(id.iss, `https://issuer-cognito-idp.us-east-1.amazonaws.com/${here.UserPoolId}`)
      })

      test('refuses a token with another payload, or without a signature', async () => {
        const { AccessToken, IdToken } = await tokensOf(place)
        for (const [use, token] of [
          ['access', AccessToken],
          ['id', IdToken],
        ] as const) {
          const [header = '', payload = '', signature = ''] = token.split('.')
          const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
          const other = encoded({ ...claims, sub: 'somebody else' })
          const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
          for (const [changed, refusal] of [
            [`${header}.${other}.${signature}`, JwtInvalidSignatureError],
            [`${header}.${payload}.${signature.slice(4)}`, JwtInvalidSignatureError],
            [`${encoded({ alg: 'none', kid })}.${payload}.${signature}`, JwtInvalidSignatureAlgorithmError],
          ] as const) {
            await assert.rejects(verify(place, use, changed), refusal, changed)
          }
          await verify(place, use, token)
        }
      })

      test('refuses one kind for the other, and the tokens of another client or pool', async () => {
        const { AccessToken, IdToken } = await tokensOf(place)
        await assert.rejects(verify(place, 'id', AccessToken), CognitoJwtInvalidTokenUseError)
        await assert.rejects(verify(place, 'access', IdToken), CognitoJwtInvalidTokenUseError)
        const { ClientId } = await createClient(service(), place.UserPoolId)
        const client = { ...place, ClientId }
        await assert.rejects(verify(client, 'id', IdToken), CognitoJwtInvalidClientIdError)
        const pool = { ...place, UserPoolId: (await createPlace()).UserPoolId }
        await assert.rejects(verify(pool, 'access', AccessToken), ParameterValidationError)
      })

      test('refuses what has expired', async ({ mock }) => {
        const { AccessToken } = await tokensOf(place)
        mock.timers.enable({ apis: ['Date'], now: Date.now() + 61 * 60_000 })
        await assert.rejects(verify(place, 'access', AccessToken), JwtExpiredError)
      })
    },
    ['sqlite'],
    ['--issuer', 'aws'],
  )
})

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')
