import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminSetUserMFAPreferenceCommand,
  DeleteWebAuthnCredentialCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { Authenticator, keyPair, type Otherwise } from '../authenticator.ts'
import {
  type Asked,
  accessTokenOf,
  appCode,
  type By,
  claimsOf,
  configure,
  createFactorPool,
  enrolApp,
  enrolPasskey,
  everybody,
  firstFactors,
  nextStep,
  type Place,
  respond,
  startByChoice,
  startByPassword,
  tokenFactor,
} from '../factors.ts'
import { createUser, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'

const WebAuthnConfiguration = { RelyingPartyId: 'example.com' }
const bothFactors = {
  ...WebAuthnConfiguration,
  FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
} as const
const refused = refusal('NotAuthorizedException', 'The passkey could not be verified.')

interface Challenge extends Asked {
  readonly ChallengeParameters?: Record<string, string> | undefined
}

describe('signing in with a passkey', () => {
  onEachStore((server) => {
    let place: Place
    let double: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OPTIONAL', ...tokenFactor, WebAuthnConfiguration },
        firstFactors('EMAIL_OTP', 'WEB_AUTHN'),
      )
      double = await createFactorPool(
        server(),
        { MfaConfiguration: 'ON', ...tokenFactor, WebAuthnConfiguration: bothFactors },
        firstFactors('WEB_AUTHN'),
      )
    })
    async function person(
      name: string,
      kind: ConstructorParameters<typeof Authenticator>[0] = {},
    ): Promise<Authenticator> {
      await createUser(server(), place.UserPoolId, name, { email: `${name}@example.com` })
      return enrolPasskey(server(), await accessTokenOf(server(), place, name), kind)
    }
    const optionsIn = ({ ChallengeParameters }: Challenge) => ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS
    const answer = (asked: Asked, USERNAME: string, CREDENTIAL: string, by: By = 'public', at = place) =>
      respond(server(), at, asked, { USERNAME, CREDENTIAL }, by)

    for (const by of everybody) {
      test(`that is preferred comes at once, by the ${by} operations`, async () => {
        const name = `preferred-${by}`
        const passkey = await person(name)
        const asked = await startByChoice(server(), place, name, 'WEB_AUTHN', by)
        assert.equal(asked.ChallengeName, 'WEB_AUTHN')
        assert.deepEqual(asked.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'])
        assert.deepEqual(Object.keys(asked.ChallengeParameters ?? {}), ['CREDENTIAL_REQUEST_OPTIONS'])
        const options = JSON.parse(optionsIn(asked) ?? '')
        assert.match(options.challenge, /^[\w-]{43}$/)
        assert.deepEqual(Object.entries(options), [
          ['challenge', options.challenge],
          ['timeout', 180_000],
          ['rpId', 'example.com'],
          ['allowCredentials', [{ type: 'public-key', id: passkey.credentialId, transports: ['internal'] }]],
          ['userVerification', 'preferred'],
        ])
        const signedIn = await answer(asked, name, passkey.sign(optionsIn(asked)), by)
        assert.deepEqual(signedIn.ChallengeParameters, {})
        const { acr, amr } = claimsOf(signedIn.AuthenticationResult?.AccessToken)
        assert.deepEqual({ acr, amr }, { acr: 'urn:cognito:loa:3', amr: ['hwk'] })
        assert.deepEqual(await server().sent(), [])
      })

      test(`that is selected, by the ${by} operations`, async () => {
        const name = `selected-${by}`
        const passkey = await person(name, { multiDevice: true })
        const choice = await startByChoice(server(), place, name, undefined, by)
        assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
        const asked = await respond(server(), place, choice, { USERNAME: name, ANSWER: 'WEB_AUTHN' }, by)
        assert.equal(asked.ChallengeName, 'WEB_AUTHN')
        const { AuthenticationResult } = await answer(asked, name, passkey.sign(optionsIn(asked)), by)
        assert.deepEqual(claimsOf(AuthenticationResult?.IdToken).amr, ['swk'])
      })

      test(`a signature that is wrong in any way, by the ${by} operations`, async () => {
        const name = `wrong-${by}`
        const passkey = await person(name)
        const asked = await startByChoice(server(), place, name, 'WEB_AUTHN', by)
        const options = optionsIn(asked)
        const otherwise: [what: string, otherwise: Otherwise][] = [
          ['another challenge', { challenge: 'AAAA' }],
          ['another origin', { origin: 'https://example.org' }],
          ['no encryption', { origin: 'http://example.com' }],
          ['another relying party', { rpId: 'example.org' }],
          ['another key', { key: keyPair('ES256').privateKey }],
          ['nobody there', { userPresent: false }],
        ]
        for (const [what, one] of otherwise)
          await assert.rejects(answer(asked, name, passkey.sign(options, one), by), refused, what)
        const stranger = new Authenticator().sign(options)
        for (const text of [stranger, '{}', 'null', '[]', 'text', '{"id":"\\u0000","response":{}}'])
          await assert.rejects(answer(asked, name, text, by), refused, text)
        assert.ok((await answer(asked, name, passkey.sign(options), by)).AuthenticationResult)
      })
    }

    for (const algorithm of ['ES256', 'RS256'] as const) {
      test(`with ${algorithm}, again and again`, async () => {
        const passkey = await person(algorithm, { algorithm })
        for (let count = 1; count <= 3; count += 1) {
          const asked = await startByChoice(server(), place, algorithm, 'WEB_AUTHN')
          const { AuthenticationResult } = await answer(asked, algorithm, passkey.sign(optionsIn(asked)))
          assert.ok(AuthenticationResult)
        }
      })
    }

    test('a counter that did not go on betrays a copy', async () => {
      const passkey = await person('counted')
      const sign = async (otherwise: Otherwise) => {
        const asked = await startByChoice(server(), place, 'counted', 'WEB_AUTHN')
        return answer(asked, 'counted', passkey.sign(optionsIn(asked), otherwise))
      }
      assert.ok((await sign({ counter: 7 })).AuthenticationResult)
      for (const counter of [7, 6, 0]) await assert.rejects(sign({ counter }), refused)
      assert.ok((await sign({ counter: 8 })).AuthenticationResult)
    })

    test('an answer works once', async () => {
      const passkey = await person('once', { multiDevice: true })
      const asked = await startByChoice(server(), place, 'once', 'WEB_AUTHN')
      const credential = passkey.sign(optionsIn(asked))
      const answers = await Promise.allSettled([1, 2, 3].map(() => answer(asked, 'once', credential)))
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
      await assert.rejects(answer(asked, 'once', credential), { name: 'NotAuthorizedException' })
    })

    test('the passkey of one user signs nobody else in', async () => {
      const [mine] = [await person('mine'), await person('theirs')]
      const asked = await startByChoice(server(), place, 'theirs', 'WEB_AUTHN')
      await assert.rejects(answer(asked, 'theirs', mine.sign(optionsIn(asked))), refused)
    })

    test('a passkey that is deleted in the meantime', async () => {
      const passkey = await person('deleted')
      const asked = await startByChoice(server(), place, 'deleted', 'WEB_AUTHN')
      const AccessToken = await accessTokenOf(server(), place, 'deleted')
      const CredentialId = passkey.credentialId
      await server().client.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId }))
      await assert.rejects(answer(asked, 'deleted', passkey.sign(optionsIn(asked))), refused)
    })

    test('a user without one chooses something else', async () => {
      await createUser(server(), place.UserPoolId, 'without', { email: 'without@example.com' })
      const { ChallengeName, AvailableChallenges } = await startByChoice(
        server(),
        place,
        'without',
        'WEB_AUTHN',
      )
      assert.equal(ChallengeName, 'SELECT_CHALLENGE')
      assert.deepEqual(AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'])
    })

    test('passkeys of a former relying party count no more', async () => {
      const moving = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration },
        firstFactors('WEB_AUTHN'),
      )
      await createUser(server(), moving.UserPoolId, 'moved', {})
      const AccessToken = await accessTokenOf(server(), moving, 'moved')
      await enrolPasskey(server(), AccessToken)
      const choice = await startByChoice(server(), moving, 'moved')
      const move = (RelyingPartyId: string) =>
        configure(server(), moving.UserPoolId, {
          MfaConfiguration: 'OFF',
          WebAuthnConfiguration: { RelyingPartyId },
        })
      await move('example.org')
      assert.equal(
        (await startByChoice(server(), moving, 'moved', 'WEB_AUTHN')).ChallengeName,
        'SELECT_CHALLENGE',
      )
      const next = await enrolPasskey(server(), AccessToken, { origin: 'https://example.org' })
      const asked = await startByChoice(server(), moving, 'moved', 'WEB_AUTHN')
      const { allowCredentials } = JSON.parse(optionsIn(asked) ?? '')
      assert.deepEqual(
        allowCredentials.map(({ id }: { id: string }) => id),
        [next.credentialId],
      )
      assert.ok(
        (await answer(asked, 'moved', next.sign(optionsIn(asked)), 'public', moving)).AuthenticationResult,
      )
      await configure(server(), moving.UserPoolId, { MfaConfiguration: 'OFF' })
      for (const by of everybody) {
        await assert.rejects(
          respond(server(), moving, choice, { USERNAME: 'moved', ANSWER: 'WEB_AUTHN' }, by),
          refused,
        )
      }
    })

    test('where a second factor is on, a password comes first', async () => {
      await person('guarded')
      await enrolApp(server(), await accessTokenOf(server(), place, 'guarded'))
      await server().client.send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId: place.UserPoolId,
          Username: 'guarded',
          SoftwareTokenMfaSettings: { Enabled: true },
        }),
      )
      const choice = await startByChoice(server(), place, 'guarded', 'WEB_AUTHN')
      assert.deepEqual(choice.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
      await assert.rejects(
        respond(server(), place, choice, { USERNAME: 'guarded', ANSWER: 'WEB_AUTHN' }),
        refusal('InvalidParameterException', 'Password Challenge is Required to SignIn'),
      )
    })

    test('a passkey that counts for two factors satisfies a pool that demands them', async () => {
      await createUser(server(), double.UserPoolId, 'double', {})
      await configure(server(), double.UserPoolId, {
        MfaConfiguration: 'OPTIONAL',
        ...tokenFactor,
        WebAuthnConfiguration: bothFactors,
      })
      const AccessToken = await accessTokenOf(server(), double, 'double')
      const secret = await enrolApp(server(), AccessToken)
      const passkey = await enrolPasskey(server(), AccessToken)
      await configure(server(), double.UserPoolId, {
        MfaConfiguration: 'ON',
        ...tokenFactor,
        WebAuthnConfiguration: bothFactors,
      })
      const before = await startByChoice(server(), double, 'double', 'WEB_AUTHN')
      assert.deepEqual(before.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
      const Enabled = true
      await server().client.send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId: double.UserPoolId,
          Username: 'double',
          SoftwareTokenMfaSettings: { Enabled, PreferredMfa: true },
          WebAuthnMfaSettings: { Enabled },
        }),
      )
      const asked = await startByChoice(server(), double, 'double', 'WEB_AUTHN')
      assert.equal(JSON.parse(optionsIn(asked) ?? '').userVerification, 'required')
      const respondWith = (credential: string) => answer(asked, 'double', credential, 'public', double)
      await assert.rejects(respondWith(passkey.sign(optionsIn(asked), { userVerified: false })), refused)
      assert.ok((await respondWith(passkey.sign(optionsIn(asked)))).AuthenticationResult)
      // A password is still one factor.
      nextStep(server())
      const second = await startByPassword(server(), double, 'double')
      assert.equal(second.ChallengeName, 'SOFTWARE_TOKEN_MFA')
      const code = { USERNAME: 'double', SOFTWARE_TOKEN_MFA_CODE: appCode(server(), secret) }
      assert.ok((await respond(server(), double, second, code)).AuthenticationResult)
    })
  })
})
