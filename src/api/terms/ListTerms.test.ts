import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { brandingAt, type Place } from '../../../test/branding.ts'
import { badToken } from '../../../test/groups.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { termsAt } from '../../../test/terms.ts'

describe('ListTerms', () => {
  onEachStore((server) => {
    const { place, beside, lower } = brandingAt(server)
    const { create, list } = termsAt(server)
    let home: Place
    /** As the list shows them, in its order. */
    let expected: object[]
    before(async () => {
      home = await place()
      const all = []
      for (const where of [home, await beside(home), await beside(home)]) {
        for (const name of ['terms-of-use', 'privacy-policy']) {
          server().clock.now += 1000
          all.push(await create(where, name))
        }
      }
      await create(await place())
      expected = all
        .toSorted((a, b) => ((a.TermsId ?? '') < (b.TermsId ?? '') ? -1 : 1))
        .map(({ UserPoolId: _, ClientId: __, Links: ___, TermsSource: ____, ...described }) => described)
    })

    test('shows all of a pool, in few words', async () => {
      const { $metadata: _, ...output } = await list(home.UserPoolId)
      assert.deepEqual(output, { Terms: expected })
    })

    test('a page at a time', async () => {
      for (const MaxResults of [1, 2, 3, 5, 6, 60]) {
        const found: object[] = []
        let NextToken: string | undefined
        do {
          const page = await list(home.UserPoolId, { MaxResults, NextToken })
          found.push(...(page.Terms ?? []))
          assert.ok((page.Terms?.length ?? 0) <= MaxResults)
          NextToken = page.NextToken
        } while (NextToken !== undefined)
        assert.deepEqual(found, expected)
      }
    })

    test('takes no token but its own', async () => {
      const { NextToken } = await list(home.UserPoolId, { MaxResults: 1 })
      const other = await place()
      await assert.rejects(list(other.UserPoolId, { NextToken }), badToken)
      for (const made of ['', 'made-up', `${NextToken}x`]) {
        await assert.rejects(list(home.UserPoolId, { NextToken: made }), badToken)
      }
      await assert.rejects(
        list(home.UserPoolId, { MaxResults: 61 }),
        invalid(
          "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60",
        ),
      )
    })

    test('is empty where there are none, in any plan', async () => {
      const here = await place()
      await lower(here.UserPoolId)
      const { $metadata: _, ...output } = await list(here.UserPoolId)
      assert.deepEqual(output, { Terms: [] })
    })

    poolMustExist(server, list)
  })
})
