import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  CompleteWebAuthnRegistrationCommand,
  ListWebAuthnCredentialsCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { Authenticator, type CreationOptions, type Otherwise } from '../../../test/authenticator.ts'
import {
  accessTokenOf,
  changeUser,
  completeRegistration,
  configure,
  createFactorClient,
  createFactorPool,
  creationOptions,
  enrolPasskey,
  firstFactors,
  type Place,
  tokenFactor,
} from '../../../test/factors.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import type { UserPoolId as PoolId, Username } from '../../domain/ids.ts'
import { minutes } from '../../lib/instant.ts'

const WebAuthnConfiguration = { RelyingPartyId: 'example.com' }
const invalid = refusal('InvalidParameterException', 'The credential is not valid.')
const noChallenge = refusal(
  'WebAuthnChallengeNotFoundException',
  'The challenge of the registration was not found or has expired.',
)
const notSupported = refusal(
  'WebAuthnCredentialNotSupportedException',
  'The passkey credential is from an unsupported device or provider.',
)

describe('CompleteWebAuthnRegistration', () => {
  onEachStore((server) => {
    let place: Place
    let strict: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration },
        firstFactors('WEB_AUTHN'),
      )
      strict = await createFactorPool(
        server(),
        {
          MfaConfiguration: 'OFF',
          WebAuthnConfiguration: { ...WebAuthnConfiguration, UserVerification: 'required' },
        },
        firstFactors('WEB_AUTHN'),
      )
    })
    const complete = (AccessToken: string, Credential: unknown) =>
      completeRegistration(server(), AccessToken, Credential)
    const optionsFor = (AccessToken: string): Promise<CreationOptions> =>
      creationOptions(server(), AccessToken)
    const list = async (AccessToken: string) =>
      (await server().client.send(new ListWebAuthnCredentialsCommand({ AccessToken }))).Credentials ?? []
    async function tokenFor(name: string, at = place): Promise<string> {
      await createUser(server(), at.UserPoolId, name, {})
      return accessTokenOf(server(), at, name)
    }

    test('registers a passkey, and answers an empty structure', async () => {
      const AccessToken = await tokenFor('ada')
      const authenticator = new Authenticator()
      const Credential = authenticator.register(await optionsFor(AccessToken))
      const { $metadata, ...output } = await server().client.send(
        new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }),
      )
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})
      const [passkey, ...others] = await list(AccessToken)
      assert.equal(passkey?.CredentialId, authenticator.credentialId)
      assert.deepEqual(others, [])
    })

    test('asks for no signature', async () => {
      const AccessToken = await tokenFor('unsigned')
      const Credential = new Authenticator().register(await optionsFor(AccessToken))
      const body = JSON.stringify({ AccessToken, Credential })
      const { status } = await callRaw(server(), 'CompleteWebAuthnRegistration', body)
      assert.equal(status, 200)
    })

    for (const [kind, options] of [
      ['an RSA key', { algorithm: 'RS256' }],
      ['a host below the relying party', { origin: 'https://www.example.com:8443' }],
      ['no user verification', { userVerified: false }],
      ['a synchronised passkey', { multiDevice: true }],
    ] as const) {
      test(`takes ${kind}`, async () => {
        const AccessToken = await tokenFor(kind.replaceAll(' ', '-'))
        await enrolPasskey(server(), AccessToken, options)
        assert.equal((await list(AccessToken)).length, 1)
      })
    }

    test('a challenge works once', async () => {
      const AccessToken = await tokenFor('once')
      const options = await optionsFor(AccessToken)
      await complete(AccessToken, new Authenticator().register(options))
      await assert.rejects(complete(AccessToken, new Authenticator().register(options)), noChallenge)
    })

    test('of two registrations with one challenge, one is made', async () => {
      const AccessToken = await tokenFor('racing')
      const options = await optionsFor(AccessToken)
      const answers = await Promise.allSettled(
        [1, 2, 3].map(() => complete(AccessToken, new Authenticator().register(options))),
      )
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const answer of answers) if (answer.status === 'rejected') noChallenge(answer.reason)
      assert.equal((await list(AccessToken)).length, 1)
    })

    test('a challenge that was never given, was replaced, or is of somebody else', async () => {
      const [AccessToken, another] = [await tokenFor('challenge'), await tokenFor('another')]
      const authenticator = new Authenticator()
      const made = { challenge: 'AAAA', rp: { id: 'example.com' } }
      await assert.rejects(complete(AccessToken, authenticator.register(made)), noChallenge)
      const first = await optionsFor(AccessToken)
      const second = await optionsFor(AccessToken)
      await assert.rejects(complete(AccessToken, authenticator.register(first)), noChallenge)
      await assert.rejects(complete(another, authenticator.register(second)), noChallenge)
      await complete(AccessToken, authenticator.register(second))
    })

    test('a challenge that has expired', async () => {
      const AccessToken = await tokenFor('late')
      const options = await optionsFor(AccessToken)
      server().clock.now += minutes(5)
      await assert.rejects(complete(AccessToken, new Authenticator().register(options)), noChallenge)
    })

    test('a token of another client', async () => {
      const AccessToken = await tokenFor('clients')
      const { UserPoolId } = place
      const other = { UserPoolId, ...(await createFactorClient(server(), UserPoolId)) }
      const Credential = new Authenticator().register(await optionsFor(AccessToken))
      await assert.rejects(
        complete(await accessTokenOf(server(), other, 'clients'), Credential),
        refusal(
          'WebAuthnClientMismatchException',
          'The access token is for a different client than the one that started the registration.',
        ),
      )
      await complete(AccessToken, Credential)
    })

    for (const origin of [
      'https://example.org',
      'https://example.com.evil.org',
      'https://notexample.com',
      'http://example.com',
      'android:apk-key-hash:AAAA',
      '',
    ]) {
      test(`an origin that is not the relying party's: ${origin}`, async () => {
        const AccessToken = await tokenFor(`origin-${origin}`.replace(/[^a-z-]/g, '-'))
        const Credential = new Authenticator().register(await optionsFor(AccessToken), { origin })
        await assert.rejects(
          complete(AccessToken, Credential),
          refusal(
            'WebAuthnOriginNotAllowedException',
            "The passkey credential's registration origin does not align with the user pool relying party id.",
          ),
        )
      })
    }

    test('a credential of another relying party', async () => {
      const AccessToken = await tokenFor('relying')
      const otherwise = { rpId: 'www.example.com' }
      const Credential = new Authenticator().register(await optionsFor(AccessToken), otherwise)
      await assert.rejects(
        complete(AccessToken, Credential),
        refusal(
          'WebAuthnRelyingPartyMismatchException',
          'The passkey credential is associated with a different relying party ID than the user pool relying party ID.',
        ),
      )
    })

    test('an algorithm that the pool does not take', async () => {
      const AccessToken = await tokenFor('algorithm')
      const Credential = new Authenticator({ algorithm: 'EdDSA' }).register(await optionsFor(AccessToken))
      await assert.rejects(complete(AccessToken, Credential), notSupported)
    })

    test('no user verification where the pool demands it', async () => {
      const AccessToken = await tokenFor('unverified', strict)
      const authenticator = new Authenticator({ userVerified: false })
      await assert.rejects(
        complete(AccessToken, authenticator.register(await optionsFor(AccessToken))),
        notSupported,
      )
      await enrolPasskey(server(), AccessToken)
    })

    test('a document that is no registration', async () => {
      const AccessToken = await tokenFor('documents')
      const options = await optionsFor(AccessToken)
      const authenticator = new Authenticator()
      const good = authenticator.register(options)
      const { response } = good
      const cut = Buffer.from(response.attestationObject, 'base64url').subarray(0, 40).toString('base64url')
      const unlike: unknown[] = [
        'text',
        1,
        true,
        [],
        {},
        { ...good, response: undefined },
        { ...good, response: { ...response, clientDataJSON: 'e30' } },
        { ...good, response: { ...response, clientDataJSON: 7 } },
        { ...good, response: { ...response, attestationObject: 'AAAA' } },
        { ...good, response: { ...response, attestationObject: cut } },
        { ...good, id: 'other' },
        { ...good, type: 'password' },
        JSON.parse(authenticator.sign(JSON.stringify({ ...options, rpId: 'example.com' }))),
      ]
      for (const document of unlike) await assert.rejects(complete(AccessToken, document), invalid)
      const absent: Otherwise = { userPresent: false }
      await assert.rejects(complete(AccessToken, authenticator.register(options, absent)), invalid)
      await complete(AccessToken, good)
    })

    test('a document that nests without end', async () => {
      const AccessToken = await tokenFor('nested')
      const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
      const body = `{"AccessToken":${JSON.stringify(AccessToken)},"Credential":${deep}}`
      const answer = await callRaw(server(), 'CompleteWebAuthnRegistration', body)
      assert.equal(answer.status, 400)
      assert.equal(JSON.parse(answer.body).__type, 'SerializationException')
    })

    test('hints that make no sense are dropped', async () => {
      const AccessToken = await tokenFor('hints')
      const good = new Authenticator().register(await optionsFor(AccessToken))
      await complete(AccessToken, {
        ...good,
        authenticatorAttachment: 'glued',
        response: { ...good.response, transports: ['usb', 7, 'x'.repeat(99), null] },
      })
      const [passkey] = await list(AccessToken)
      assert.deepEqual(passkey?.AuthenticatorTransports, ['usb'])
      assert.equal(passkey?.AuthenticatorAttachment, undefined)
      assert.equal(passkey?.FriendlyCredentialName, 'Passkey')
    })

    test('a credential that is registered already', async () => {
      const AccessToken = await tokenFor('twice')
      const authenticator = await enrolPasskey(server(), AccessToken)
      await assert.rejects(
        complete(AccessToken, authenticator.register(await optionsFor(AccessToken))),
        refusal('InvalidParameterException', 'The passkey credential is already registered.'),
      )
    })

    test('a user who has twenty by now', async () => {
      const AccessToken = await tokenFor('twenty')
      await enrolPasskey(server(), AccessToken)
      const Credential = new Authenticator().register(await optionsFor(AccessToken))
      const { passkeys } = server().app.store
      const [one] = await passkeys.page(place.UserPoolId as PoolId, 'twenty' as Username, { limit: 1 })
      assert.ok(one)
      for (let index = 2; index <= 20; index += 1) await passkeys.create({ ...one, id: `passkey-${index}` })
      await assert.rejects(
        complete(AccessToken, Credential),
        refusal('LimitExceededException', 'The limit of 20 passkeys has been reached.'),
      )
    })

    test('passkeys were turned off, or lost their relying party, since the start', async () => {
      const changing = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration },
        firstFactors('WEB_AUTHN'),
      )
      const AccessToken = await tokenFor('changing', changing)
      const Credential = new Authenticator().register(await optionsFor(AccessToken))
      const off = refusal(
        'WebAuthnNotEnabledException',
        "The passkey feature isn't enabled for the user pool.",
      )
      const { UserPoolId } = changing
      await configure(server(), UserPoolId, { MfaConfiguration: 'OPTIONAL', ...tokenFactor })
      await assert.rejects(complete(AccessToken, Credential), off)
      await server().client.send(new UpdateUserPoolCommand({ UserPoolId }))
      await assert.rejects(complete(AccessToken, Credential), off)
    })

    test('a user who must reset the password', async () => {
      const AccessToken = await tokenFor('reset')
      const Credential = new Authenticator().register(await optionsFor(AccessToken))
      await changeUser(server(), place.UserPoolId, 'reset', (user) => ({ ...user, status: 'RESET_REQUIRED' }))
      await assert.rejects(
        complete(AccessToken, Credential),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
    })
  })
})
