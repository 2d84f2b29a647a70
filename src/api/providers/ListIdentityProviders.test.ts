import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { oidcDetails, providersAt, wrong } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('ListIdentityProviders', () => {
  onEachStore((server) => {
    const { create, list } = providersAt(server)
    let UserPoolId: string
    beforeEach(async () => {
      UserPoolId = await createPool(server())
    })
    const createMany = async (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `provider-${String(index).padStart(2, '0')}`)
      server().documents.put(
        `${oidcDetails.oidc_issuer}/.well-known/openid-configuration`,
        JSON.stringify({
          authorization_endpoint: 'https://id.example.com/a',
          token_endpoint: 'https://id.example.com/t',
          jwks_uri: 'https://id.example.com/j',
        }),
      )
      for (const name of names)
        await create(UserPoolId, name, { ProviderType: 'OIDC', ProviderDetails: oidcDetails })
      return names
    }

    test('shows of each its name, its type and its dates', async () => {
      assert.deepEqual((await list(UserPoolId)).Providers, [])
      await create(UserPoolId, 'Google')
      const at = new Date(server().clock.now)
      const { Providers, NextToken } = await list(UserPoolId)
      assert.deepEqual(Providers, [
        { ProviderName: 'Google', ProviderType: 'Google', CreationDate: at, LastModifiedDate: at },
      ])
      assert.equal(NextToken, undefined)
    })

    test('a page has as many as were asked for, and never more than fifty', async () => {
      const names = await createMany(52)
      for (const [MaxResults, sizes] of [
        [undefined, [50, 2]],
        [0, [50, 2]],
        [60, [50, 2]],
        [26, [26, 26]],
      ] as const) {
        const found: (string | undefined)[] = []
        const pages: number[] = []
        let NextToken: string | undefined
        do {
          const page = await list(UserPoolId, { ...(MaxResults !== undefined && { MaxResults }), NextToken })
          found.push(...(page.Providers ?? []).map(({ ProviderName }) => ProviderName))
          pages.push(page.Providers?.length ?? 0)
          NextToken = page.NextToken
        } while (NextToken !== undefined)
        assert.deepEqual(pages, sizes)
        assert.deepEqual(found, names)
      }
    })

    test('a token is good for its pool alone', async () => {
      await createMany(2)
      const { NextToken } = await list(UserPoolId, { MaxResults: 1 })
      assert.ok(NextToken)
      const other = await createPool(server())
      for (const token of [NextToken, 'made-up'])
        await assert.rejects(list(other, { NextToken: token }), wrong('Invalid pagination token.'))
    })

    poolMustExist(server, (UserPoolId) => list(UserPoolId))
  })
})
