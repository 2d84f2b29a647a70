import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { absentId, brandingAt, type Place } from '../../../test/branding.ts'
import { onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { noTerms, termsAt } from '../../../test/terms.ts'

describe('DescribeTerms', () => {
  onEachStore((server) => {
    const { place, lower } = brandingAt(server)
    const { create, describe: show } = termsAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('knows terms by their id, in their pool', async () => {
      const here = await place()
      const created = await create(here)
      assert.deepEqual(await show(here.UserPoolId, created.TermsId), created)
      for (const id of [absentId, created.TermsId]) {
        await assert.rejects(show(home.UserPoolId, id), noTerms)
      }
    })

    test('also in a pool that went to a lower plan', async () => {
      const here = await place()
      const created = await create(here)
      await lower(here.UserPoolId)
      assert.deepEqual(await show(here.UserPoolId, created.TermsId), created)
    })

    poolMustExist(server, (UserPoolId) => show(UserPoolId, absentId))
  })
})
