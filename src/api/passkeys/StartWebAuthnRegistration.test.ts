import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  changeUser,
  configure,
  createFactorPool,
  enrolPasskey,
  firstFactors,
  type Place,
  tokenFactor,
} from '../../../test/factors.ts'
import { attributesIn, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import type { UserPoolId as PoolId, Username } from '../../domain/ids.ts'

const WebAuthnConfiguration = { RelyingPartyId: 'auth.example.com' }

describe('StartWebAuthnRegistration', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration },
        firstFactors('WEB_AUTHN'),
      )
    })
    const start = (AccessToken: string) =>
      server().client.send(new StartWebAuthnRegistrationCommand({ AccessToken }))
    async function tokenFor(name: string, at = place): Promise<string> {
      await createUser(server(), at.UserPoolId, name, { email: `${name}@example.com` })
      return accessTokenOf(server(), at, name)
    }

    test('hands out what a browser needs, member by member as AWS does', async () => {
      const AccessToken = await tokenFor('ada')
      const name = { UserPoolId: place.UserPoolId, Username: 'ada' }
      const { UserAttributes } = await server().client.send(new AdminGetUserCommand(name))
      const { sub = '' } = attributesIn(UserAttributes)
      const { $metadata, ...output } = await start(AccessToken)
      assert.equal($metadata.httpStatusCode, 200)
      const options = output.CredentialCreationOptions as unknown as { challenge: string }
      assert.match(options.challenge, /^[\w-]{43}$/)
      assert.deepEqual(options, {
        authenticatorSelection: {
          requireResidentKey: true,
          residentKey: 'required',
          userVerification: 'preferred',
        },
        challenge: options.challenge,
        excludeCredentials: [],
        pubKeyCredParams: [
          { alg: -7, type: 'public-key' },
          { alg: -257, type: 'public-key' },
        ],
        rp: { id: 'auth.example.com', name: 'auth.example.com' },
        timeout: 60_000,
        user: { displayName: 'ada', id: Buffer.from(sub).toString('base64url'), name: 'ada' },
      })
    })

    test('asks for no signature', async () => {
      const AccessToken = await tokenFor('unsigned')
      const { status } = await callRaw(server(), 'StartWebAuthnRegistration', JSON.stringify({ AccessToken }))
      assert.equal(status, 200)
    })

    test('excludes what is registered, and gives another challenge each time', async () => {
      const AccessToken = await tokenFor('again')
      const passkey = await enrolPasskey(server(), AccessToken, { origin: 'https://auth.example.com' })
      const [first, second] = [await start(AccessToken), await start(AccessToken)].map(
        ({ CredentialCreationOptions }) =>
          CredentialCreationOptions as unknown as { challenge: string; excludeCredentials: unknown[] },
      )
      assert.deepEqual(first?.excludeCredentials, [{ id: passkey.credentialId, type: 'public-key' }])
      assert.notEqual(first?.challenge, second?.challenge)
    })

    test('names whom the user signs in as where attributes are the username', async () => {
      const byEmail = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration },
        { ...firstFactors('WEB_AUTHN'), UsernameAttributes: ['email'] },
      )
      const email = 'named@example.com'
      await createUser(server(), byEmail.UserPoolId, email, { email })
      const { CredentialCreationOptions } = await start(await accessTokenOf(server(), byEmail, email))
      const { user } = CredentialCreationOptions as unknown as { user: { name: string; displayName: string } }
      assert.deepEqual([user.name, user.displayName], [email, email])
    })

    for (const [what, configuration] of [
      ['demands it', { ...WebAuthnConfiguration, UserVerification: 'required' }],
      [
        'takes passkeys for two factors',
        { ...WebAuthnConfiguration, FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' },
      ],
    ] as const) {
      test(`user verification is required in a pool that ${what}`, async () => {
        const strict = await createFactorPool(
          server(),
          { MfaConfiguration: 'OPTIONAL', ...tokenFactor, WebAuthnConfiguration: configuration },
          firstFactors('WEB_AUTHN'),
        )
        const { CredentialCreationOptions } = await start(await tokenFor('verified', strict))
        const options = CredentialCreationOptions as unknown as {
          authenticatorSelection: { userVerification: string }
        }
        assert.equal(options.authenticatorSelection.userVerification, 'required')
      })
    }

    test('a pool without passkeys', async () => {
      const off = await createFactorPool(server(), { MfaConfiguration: 'OFF', WebAuthnConfiguration })
      await assert.rejects(
        start(await tokenFor('off', off)),
        refusal('WebAuthnNotEnabledException', "The passkey feature isn't enabled for the user pool."),
      )
    })

    test('a pool without a relying party', async () => {
      const unnamed = await createFactorPool(server(), { MfaConfiguration: 'OFF' }, firstFactors('WEB_AUTHN'))
      const AccessToken = await tokenFor('unnamed', unnamed)
      const missing = refusal(
        'WebAuthnConfigurationMissingException',
        "The user pool doesn't have a configured relying party id.",
      )
      await assert.rejects(start(AccessToken), missing)
      const WebAuthnConfiguration = { UserVerification: 'required' } as const
      await configure(server(), unnamed.UserPoolId, { MfaConfiguration: 'OFF', WebAuthnConfiguration })
      await assert.rejects(start(AccessToken), missing)
    })

    test('a user who has twenty', async () => {
      const AccessToken = await tokenFor('twenty')
      const { passkeys } = server().app.store
      await enrolPasskey(server(), AccessToken, { origin: 'https://auth.example.com' })
      const [one] = await passkeys.page(place.UserPoolId as PoolId, 'twenty' as Username, { limit: 1 })
      assert.ok(one)
      for (let index = 2; index <= 20; index += 1) {
        await start(AccessToken)
        await passkeys.create({ ...one, id: `passkey-${index}` })
      }
      await assert.rejects(
        start(AccessToken),
        refusal('LimitExceededException', 'The limit of 20 passkeys has been reached.'),
      )
    })

    test('a user who must reset the password', async () => {
      const AccessToken = await tokenFor('reset')
      await changeUser(server(), place.UserPoolId, 'reset', (user) => ({ ...user, status: 'RESET_REQUIRED' }))
      await assert.rejects(
        start(AccessToken),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
    })

    test('a token of a user who is gone', async () => {
      const AccessToken = await tokenFor('gone')
      await server().client.send(
        new AdminDeleteUserCommand({ UserPoolId: place.UserPoolId, Username: 'gone' }),
      )
      await assert.rejects(
        start(AccessToken),
        refusal('NotAuthorizedException', 'Access Token has been revoked'),
      )
    })
  })
})
