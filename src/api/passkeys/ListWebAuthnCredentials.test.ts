import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { ListWebAuthnCredentialsCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  changeUser,
  createFactorPool,
  enrolPasskey,
  firstFactors,
  type Place,
} from '../../../test/factors.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'

describe('ListWebAuthnCredentials', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF', WebAuthnConfiguration: { RelyingPartyId: 'example.com' } },
        firstFactors('WEB_AUTHN'),
      )
    })
    const list = (AccessToken: string, MaxResults?: number, NextToken?: string) =>
      server().client.send(new ListWebAuthnCredentialsCommand({ AccessToken, MaxResults, NextToken }))
    async function tokenFor(name: string): Promise<string> {
      await createUser(server(), place.UserPoolId, name, {})
      return accessTokenOf(server(), place, name)
    }

    test('nothing, as an empty list', async () => {
      const AccessToken = await tokenFor('none')
      const { body } = await callRaw(server(), 'ListWebAuthnCredentials', JSON.stringify({ AccessToken }))
      assert.deepEqual(JSON.parse(body), { Credentials: [] })
    })

    test('what is known of a passkey', async () => {
      const AccessToken = await tokenFor('ada')
      const passkey = await enrolPasskey(server(), AccessToken, {
        aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd',
        transports: ['internal', 'hybrid'],
      })
      const { $metadata, ...output } = await list(AccessToken)
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {
        Credentials: [
          {
            CredentialId: passkey.credentialId,
            FriendlyCredentialName: 'iCloud Keychain',
            RelyingPartyId: 'example.com',
            AuthenticatorAttachment: 'platform',
            AuthenticatorTransports: ['internal', 'hybrid'],
            CreatedAt: new Date(server().clock.now),
          },
        ],
      })
    })

    for (const [attachment, name] of [
      ['platform', 'Platform passkey'],
      ['cross-platform', 'Roaming passkey'],
      [null, 'Passkey'],
    ] as const) {
      test(`a passkey of nobody known is called ${name}`, async () => {
        const AccessToken = await tokenFor(name.replaceAll(' ', '-'))
        await enrolPasskey(server(), AccessToken, { attachment, transports: [] })
        const [passkey] = (await list(AccessToken)).Credentials ?? []
        assert.equal(passkey?.FriendlyCredentialName, name)
        assert.equal(passkey?.AuthenticatorAttachment, attachment ?? undefined)
        assert.deepEqual(passkey?.AuthenticatorTransports, [])
      })
    }

    test('page by page, and those of nobody else', async () => {
      const [AccessToken, another] = [await tokenFor('pages'), await tokenFor('another')]
      await enrolPasskey(server(), another)
      const ids = new Set<string>()
      for (let count = 0; count < 5; count += 1)
        ids.add((await enrolPasskey(server(), AccessToken)).credentialId)
      const pages: (string | undefined)[][] = []
      let next: string | undefined
      do {
        const page = await list(AccessToken, 2, next)
        pages.push((page.Credentials ?? []).map(({ CredentialId }) => CredentialId))
        next = page.NextToken
      } while (next)
      assert.deepEqual(
        pages.map(({ length }) => length),
        [2, 2, 1],
      )
      assert.deepEqual(new Set(pages.flat()), ids)
      assert.equal((await list(AccessToken, 0)).Credentials?.length, 5)
    })

    test('a page token of another user', async () => {
      const [one, other] = [await tokenFor('one'), await tokenFor('other')]
      for (const token of [one, other])
        for (let count = 0; count < 2; count += 1) await enrolPasskey(server(), token)
      const { NextToken } = await list(one, 1)
      assert.ok(NextToken)
      await assert.rejects(
        list(other, 1, NextToken),
        refusal('InvalidParameterException', 'Invalid pagination token.'),
      )
    })

    test('a user who must reset the password', async () => {
      const AccessToken = await tokenFor('reset')
      await changeUser(server(), place.UserPoolId, 'reset', (user) => ({ ...user, status: 'RESET_REQUIRED' }))
      await assert.rejects(
        list(AccessToken),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
    })
  })
})
