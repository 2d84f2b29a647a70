/**
 * What Cognate is for: somebody points the AWS SDK at it and turns SMS MFA on for a user, and the next sign-in asks for
 * the code. A server process, a real socket, the published client; afterwards the server is started anew.
 */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { JwtRsaVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import { poolNameOf, type UserPoolId } from '../../src/domain/ids.ts'
import { g, power, privateKey } from '../../src/domain/srp.ts'
import { bytesFrom } from '../../src/lib/bytes.ts'
import { Secret } from '../../src/lib/secret.ts'
import { refusal } from '../fixtures.ts'
import { allRows, createPlace, type Place } from '../places.ts'
import { type Bundle, bundled, endAll } from '../server-process.ts'

const phone = '+15555550123'
const Password = 'Correct-horse-9'
const sms = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]
const iam =
  'users: [{ name: ada, policies: [AmazonCognitoPowerUser], accessKeys: [{ id: AKIAMAINJOB, secret: main-job }] }]'

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())
afterEach(endAll)

describe('the main job', () => {
  for (const kind of ['sqlite', 'postgres'] as const) {
    test(`on ${kind}`, async () => {
      const place = await createPlace(kind)
      await writeFile(join(place.folder, 'iam.yaml'), iam)
      const start = async (port: string) => {
        const server = bundle.run(['serve', '--port', port, ...place.settings])
        const url = await server.url()
        assert.equal(server.stderr, '')
        return { server, url, client: clientOfTheEnvironment(url) }
      }

      const first = await start('0')
      const { client, url } = first
      const { UserPool } = await client.send(
        new CreateUserPoolCommand({
          PoolName: 'main-job',
          MfaConfiguration: 'OPTIONAL',
          SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'cognate' },
        }),
      )
      const UserPoolId = UserPool?.Id ?? assert.fail()
      const { UserPoolClient } = await client.send(
        new CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: 'app',
          ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        }),
      )
      const ClientId = UserPoolClient?.ClientId ?? assert.fail()
      const Username = 'ada'
      const user = { UserPoolId, Username }
      await client.send(
        new AdminCreateUserCommand({ ...user, UserAttributes: [{ Name: 'phone_number', Value: phone }] }),
      )
      const [invitation] = await messagesTo(url, UserPoolId)
      assert.match(invitation?.body ?? '', /ada/)
      await client.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }))

      const signIn = (client: CognitoIdentityProviderClient) =>
        client.send(
          new AdminInitiateAuthCommand({
            UserPoolId,
            ClientId,
            AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: Username, PASSWORD: Password },
          }),
        )
      const answer = (client: CognitoIdentityProviderClient, Session: string | undefined, code: string) =>
        client.send(
          new AdminRespondToAuthChallengeCommand({
            UserPoolId,
            ClientId,
            ChallengeName: 'SMS_MFA',
            Session,
            ChallengeResponses: { USERNAME: Username, SMS_MFA_CODE: code },
          }),
        )
      /** Signs in as far as the code goes, and reads it off the inbox. */
      const askForCode = async (at: { url: string; client: CognitoIdentityProviderClient }) => {
        await fetch(`${at.url}/_cognate/inbox`, { method: 'DELETE' })
        const waiting = messagesTo(at.url, UserPoolId, '10s')
        const { ChallengeName, ChallengeParameters, Session } = await signIn(at.client)
        assert.equal(ChallengeName, 'SMS_MFA')
        assert.equal(ChallengeParameters?.CODE_DELIVERY_DELIVERY_MEDIUM, 'SMS')
        assert.equal(ChallengeParameters?.CODE_DELIVERY_DESTINATION, '+*******0123')
        const [message] = await waiting
        assert.equal(message?.to, phone)
        const code = message?.code ?? assert.fail()
        assert.match(code, /^[0-9]{6}$/)
        assert.ok(message?.body.includes(code))
        return { Session, code }
      }

      assert.ok((await signIn(client)).AuthenticationResult?.AccessToken)

      // On.
      const { $metadata, ...on } = await client.send(
        new AdminSetUserSettingsCommand({ ...user, MFAOptions: sms }),
      )
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(on, {})
      const shown = await client.send(new AdminGetUserCommand(user))
      assert.deepEqual(shown.MFAOptions, sms)
      assert.equal('PreferredMfaSetting' in shown, false)
      assert.equal('UserMFASettingList' in shown, false)

      // It is asked for, and a code works once.
      const { Session, code } = await askForCode(first)
      const { AuthenticationResult } = await answer(client, Session, code)
      await assert.rejects(answer(client, Session, code), { name: 'NotAuthorizedException' })
      const { AccessToken = '', IdToken = '', RefreshToken = '' } = AuthenticationResult ?? {}
      const access = await verified(url, UserPoolId, AccessToken)
      assert.equal(access.client_id, ClientId)
      assert.equal(access.token_use, 'access')
      assert.equal(access.username, Username)
      const id = await verified(url, UserPoolId, IdToken)
      assert.equal(id.aud, ClientId)
      assert.equal(id.token_use, 'id')
      assert.equal(id.phone_number, phone)
      assert.equal(id.sub, access.sub)

      // A server that starts anew knows it all, and nothing of what was secret is to be read in between.
      const pending = await askForCode(first)
      client.destroy()
      assert.equal((await first.server.end()).code, 0)
      await mustBeSealed(place, UserPoolId, Username, {
        password: Password,
        temporaryPassword: invitation?.code ?? assert.fail(),
        code: pending.code,
        session: pending.Session ?? assert.fail(),
        AccessToken,
        RefreshToken,
      })
      const second = await start(new URL(url).port)
      assert.equal(second.url, url)
      assert.deepEqual((await second.client.send(new AdminGetUserCommand(user))).MFAOptions, sms)
      assert.equal((await messagesTo(url, UserPoolId))[0]?.code, pending.code)
      assert.ok((await answer(second.client, pending.Session, pending.code)).AuthenticationResult)
      assert.deepEqual(await verified(url, UserPoolId, AccessToken), access)
      const { UserAttributes } = await second.client.send(new GetUserCommand({ AccessToken }))
      assert.ok(UserAttributes?.some(({ Name, Value }) => Name === 'phone_number' && Value === phone))
      const refreshed = await second.client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: RefreshToken },
        }),
      )
      assert.equal(
        (await verified(url, UserPoolId, refreshed.AuthenticationResult?.AccessToken)).sub,
        access.sub,
      )

      // And off.
      await second.client.send(new AdminSetUserSettingsCommand({ ...user, MFAOptions: [] }))
      assert.equal('MFAOptions' in (await second.client.send(new AdminGetUserCommand(user))), false)
      const without = await signIn(second.client)
      assert.equal(without.ChallengeName, undefined)
      assert.ok(without.AuthenticationResult?.AccessToken)
      await assert.rejects(
        second.client.send(new AdminSetUserSettingsCommand({ ...user, Username: 'nobody', MFAOptions: sms })),
        refusal('UserNotFoundException', 'User does not exist.'),
      )

      second.client.destroy()
      assert.equal((await second.server.end()).code, 0)
      await place.remove()
    })
  }
})

/** The client as anybody writes it, told by its environment alone where the service is and who is asking. */
function clientOfTheEnvironment(url: string): CognitoIdentityProviderClient {
  process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = url
  process.env.AWS_ACCESS_KEY_ID = 'AKIAMAINJOB'
  process.env.AWS_SECRET_ACCESS_KEY = 'main-job'
  process.env.AWS_REGION = 'us-east-1'
  return new CognitoIdentityProviderClient()
}

interface Shown {
  readonly to: string
  readonly body: string
  readonly code?: string
}

async function messagesTo(url: string, poolId: string, wait = '0s'): Promise<Shown[]> {
  const query = new URLSearchParams({ userPoolId: poolId, to: phone, wait })
  const response = await fetch(`${url}/_cognate/inbox?${query}`)
  const { messages } = (await response.json()) as { messages: Shown[] }
  return messages
}

/** The claims of a token, after AWS's own verifier has checked it against the keys that the server shows. */
async function verified(
  url: string,
  poolId: string,
  token: string | undefined,
): Promise<Record<string, unknown>> {
  const discovery = await fetch(`${url}/${poolId}/.well-known/openid-configuration`)
  const { issuer } = (await discovery.json()) as { issuer: string }
  const jwksUri = `${url}/${poolId}/.well-known/jwks.json`
  const verifier = JwtRsaVerifier.create({ issuer, audience: null, jwksUri })
  const response = await fetch(jwksUri)
  verifier.cacheJwks((await response.json()) as Jwks)
  return verifier.verify(token ?? '')
}

/** Neither a row nor a file holds a secret, nor the verifier of the password, by which it could be guessed. */
async function mustBeSealed(
  place: Place,
  poolId: string,
  username: string,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = await allRows(place)
  const user = rows.get('users')?.find((row) => row.username === username)
  const { salt } = JSON.parse(String(user?.password)) as { salt: string }
  const x = privateKey(
    poolNameOf(poolId as UserPoolId),
    username,
    new Secret(Password),
    Buffer.from(salt, 'hex'),
  )
  const verifier = Buffer.from(bytesFrom(power(g, x), 384))
  const hidden = {
    ...secrets,
    hex: verifier.toString('hex'),
    base64: verifier.toString('base64').slice(0, 500),
    base64url: verifier.toString('base64url').slice(0, 500),
    bytes: verifier.toString('latin1'),
  }
  const files = (await readdir(place.folder)).filter((file) => file.startsWith('cognate.sqlite'))
  const contents = files.map((file) => readFile(join(place.folder, file), 'latin1'))
  for (const text of [JSON.stringify([...rows]), ...(await Promise.all(contents))]) {
    assert.ok(text.includes(salt))
    for (const [name, secret] of Object.entries(hidden)) assert.ok(!text.includes(secret), name)
  }
}
