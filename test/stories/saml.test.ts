import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { onEachStore } from '../harness.ts'
import { browserAt, callback, exchange } from '../identity-provider.ts'
import { comeBySaml, newSigner, type Signer, samlPlace } from '../saml-provider.ts'

describe('sign-in by way of a SAML provider', () => {
  onEachStore((server) => {
    let idp: Signer
    before(async () => {
      idp = await newSigner()
    })

    test('from the app to the provider, back with a code, and on to tokens', async () => {
      const place = await samlPlace(server(), [idp])
      const back = await comeBySaml(server(), browserAt(server), idp, place)
      assert.equal(`${back.origin}${back.pathname}`, callback)
      const { status } = await exchange(server(), place, { code: back.searchParams.get('code') ?? '' })
      assert.equal(status, 200)
    })
  })
})
