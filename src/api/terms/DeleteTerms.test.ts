import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { absentId, brandingAt } from '../../../test/branding.ts'
import { onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { noTerms, termsAt } from '../../../test/terms.ts'

describe('DeleteTerms', () => {
  onEachStore((server) => {
    const { place, lower } = brandingAt(server)
    const { create, describe: show, remove } = termsAt(server)

    test('takes these terms and no others', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      const other = await create(here, 'privacy-policy')
      const { $metadata, ...output } = await remove(here.UserPoolId, TermsId)
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      await assert.rejects(show(here.UserPoolId, TermsId), noTerms)
      assert.deepEqual(await show(here.UserPoolId, other.TermsId), other)
      await create(here)
    })

    test('of ten at once one does it', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => remove(here.UserPoolId, TermsId)),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) noTerms(reason)
    })

    test('also in a pool that went to a lower plan', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      await lower(here.UserPoolId)
      await remove(here.UserPoolId, TermsId)
    })

    test('knows terms by their id, in their pool', async () => {
      const here = await place()
      const { TermsId } = await create(await place())
      for (const id of [absentId, TermsId]) await assert.rejects(remove(here.UserPoolId, id), noTerms)
    })

    poolMustExist(server, (UserPoolId) => remove(UserPoolId, absentId))
  })
})
