import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ListWebAuthnCredentialsCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import {
  accessTokenOf,
  claimsOf,
  completeRegistration,
  createFactorPool,
  creationOptions,
  firstFactors,
  type Place,
  respond,
  startByChoice,
} from '../factors.ts'
import { createUser, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import { type Running, startBrowser, type Visitor } from './browser.ts'

const refused = refusal('NotAuthorizedException', 'The passkey could not be verified.')

describe('passkeys in a real browser', () => {
  let browser: Running
  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  onEachStore((server) => {
    const pool = (RelyingPartyId: string, UserVerification: 'required' | 'preferred' = 'preferred') =>
      createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration: { RelyingPartyId, UserVerification } },
        firstFactors('WEB_AUTHN'),
      )
    async function tokenFor(place: Place, name: string): Promise<string> {
      await createUser(server(), place.UserPoolId, name, {})
      return accessTokenOf(server(), place, name)
    }
    const optionsFor = async (AccessToken: string) =>
      (await creationOptions(server(), AccessToken)) as PublicKeyCredentialCreationOptionsJSON
    async function register(visitor: Visitor, AccessToken: string) {
      const credential = await visitor.create(await optionsFor(AccessToken))
      await completeRegistration(server(), AccessToken, credential)
      return credential
    }
    async function ask(place: Place, name: string) {
      const asked = await startByChoice(server(), place, name, 'WEB_AUTHN')
      assert.equal(asked.ChallengeName, 'WEB_AUTHN')
      return { ...asked, options: asked.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '' }
    }
    async function signIn(place: Place, name: string, visitor: Visitor) {
      const { options, ...asked } = await ask(place, name)
      const CREDENTIAL = JSON.stringify(await visitor.get(options))
      return respond(server(), place, asked, { USERNAME: name, CREDENTIAL })
    }

    test('registers one, and signs in with it again and again', async () => {
      const place = await pool('localhost')
      const AccessToken = await tokenFor(place, 'ada')
      const visitor = await browser.open('localhost')
      const { id } = await register(visitor, AccessToken)
      const { Credentials } = await server().client.send(new ListWebAuthnCredentialsCommand({ AccessToken }))
      assert.deepEqual(Credentials, [
        {
          CredentialId: id,
          FriendlyCredentialName: 'Platform passkey',
          RelyingPartyId: 'localhost',
          AuthenticatorAttachment: 'platform',
          AuthenticatorTransports: ['internal'],
          CreatedAt: new Date(server().clock.now),
        },
      ])
      for (let count = 1; count <= 3; count += 1) {
        const { AuthenticationResult } = await signIn(place, 'ada', visitor)
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).acr, 'urn:cognito:loa:3')
      }
    })

    test('signs in with one that was selected', async () => {
      const place = await pool('localhost')
      const visitor = await browser.open('localhost')
      await register(visitor, await tokenFor(place, 'selecting'))
      const choice = await startByChoice(server(), place, 'selecting')
      const asked = await respond(server(), place, choice, { USERNAME: 'selecting', ANSWER: 'WEB_AUTHN' })
      const credential = await visitor.get(asked.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '')
      const answer = { USERNAME: 'selecting', CREDENTIAL: JSON.stringify(credential) }
      assert.ok((await respond(server(), place, asked, answer)).AuthenticationResult)
    })

    test('an authenticator is registered once', async () => {
      const AccessToken = await tokenFor(await pool('localhost'), 'twice')
      const visitor = await browser.open('localhost')
      await register(visitor, AccessToken)
      await assert.rejects(visitor.create(await optionsFor(AccessToken)), { message: 'InvalidStateError' })
    })

    test('an answer to one challenge is none to another', async () => {
      const place = await pool('localhost')
      const visitor = await browser.open('localhost')
      await register(visitor, await tokenFor(place, 'replayed'))
      const [first, second] = [await ask(place, 'replayed'), await ask(place, 'replayed')]
      const CREDENTIAL = JSON.stringify(await visitor.get(first.options))
      const answer = { USERNAME: 'replayed', CREDENTIAL }
      await assert.rejects(respond(server(), place, second, answer), refused)
      assert.ok((await respond(server(), place, first, answer)).AuthenticationResult)
    })

    test('user verification is asked for, and its lack refused', async () => {
      const [easy, strict] = [await pool('localhost'), await pool('localhost', 'required')]
      const visitor = await browser.open('localhost')
      await register(visitor, await tokenFor(easy, 'fingers'))
      const token = await tokenFor(strict, 'fingers')
      await visitor.recognised(false)
      const options = await optionsFor(token)
      await assert.rejects(visitor.create(options), { message: 'NotAllowedError' })
      await visitor.recognised(true)
      await register(visitor, token)
      assert.ok((await signIn(strict, 'fingers', visitor)).AuthenticationResult)
      await visitor.recognised(false)
      const asked = await ask(strict, 'fingers')
      await assert.rejects(visitor.get(asked.options), { message: 'NotAllowedError' })
      // A page that does not ask as it was told to.
      const careless = JSON.stringify({ ...JSON.parse(asked.options), userVerification: 'discouraged' })
      const CREDENTIAL = JSON.stringify(await visitor.get(careless))
      await assert.rejects(respond(server(), strict, asked, { USERNAME: 'fingers', CREDENTIAL }), refused)
      await visitor.recognised(true)
    })

    test('a page elsewhere is refused by the browser', async () => {
      const place = await pool('localhost')
      const AccessToken = await tokenFor(place, 'elsewhere')
      const home = await browser.open('localhost')
      await register(home, AccessToken)
      const { options } = await ask(place, 'elsewhere')
      const creation = await optionsFor(AccessToken)
      for (const origin of ['https://example.test', 'https://localhost.example.test']) {
        const away = await home.visit(origin)
        await assert.rejects(away.get(options), { message: 'SecurityError' }, origin)
        await assert.rejects(away.create(creation), { message: 'SecurityError' }, origin)
      }
      assert.ok((await signIn(place, 'elsewhere', await home.visit('localhost'))).AuthenticationResult)
    })

    test('a page elsewhere that tells its browser something else is refused by the pool', async () => {
      const place = await pool('login.example.test')
      const AccessToken = await tokenFor(place, 'lying')
      const lie = async () => ({ ...(await optionsFor(AccessToken)), rp: { id: 'example.test', name: '' } })
      const other = await browser.open('https://other.example.test')
      await assert.rejects(
        completeRegistration(server(), AccessToken, await other.create(await lie())),
        refusal(
          'WebAuthnOriginNotAllowedException',
          "The passkey credential's registration origin does not align with the user pool relying party id.",
        ),
      )
      const login = await other.visit('https://login.example.test')
      await assert.rejects(
        completeRegistration(server(), AccessToken, await login.create(await lie())),
        refusal(
          'WebAuthnRelyingPartyMismatchException',
          'The passkey credential is associated with a different relying party ID than the user pool relying party ID.',
        ),
      )
      await register(login, AccessToken)
      const asked = await ask(place, 'lying')
      const away = await login.visit('https://other.example.test')
      const loosened = { ...JSON.parse(asked.options), rpId: 'example.test', allowCredentials: [] }
      const CREDENTIAL = JSON.stringify(await away.get(JSON.stringify(loosened)))
      await assert.rejects(respond(server(), place, asked, { USERNAME: 'lying', CREDENTIAL }), refused)
      const home = await away.visit('https://login.example.test')
      assert.ok((await signIn(place, 'lying', home)).AuthenticationResult)
    })

    test('a host below the relying party signs in with what another one registered', async () => {
      const place = await pool('example.test')
      const login = await browser.open('https://login.example.test')
      await register(login, await tokenFor(place, 'below'))
      const shop = await login.visit('https://shop.example.test:8443')
      assert.ok((await signIn(place, 'below', shop)).AuthenticationResult)
    })
  })
})
