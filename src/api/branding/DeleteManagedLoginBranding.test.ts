import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { absentId, asset, brandingAt, noBranding, theDefault } from '../../../test/branding.ts'
import { onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DeleteManagedLoginBranding', () => {
  onEachStore((server) => {
    const { place, beside, create, describe: show, ofClient, remove, lower } = brandingAt(server)

    test('takes the style with its images, and leaves the others', async () => {
      const here = await place()
      const there = await beside(here)
      const { ManagedLoginBrandingId: id } = await create(here, { ...theDefault, Assets: [asset()] })
      const other = await create(there, { ...theDefault, Assets: [asset()] })
      const { $metadata, ...output } = await remove(here.UserPoolId, id)
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      await assert.rejects(show(here.UserPoolId, id), noBranding)
      assert.deepEqual(await ofClient(there), other)
      const again = await create(here)
      assert.deepEqual(again.Assets, [])
      assert.notEqual(again.ManagedLoginBrandingId, id)
    })

    test('of ten at once one does it', async () => {
      const here = await place()
      const { ManagedLoginBrandingId: id } = await create(here)
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => remove(here.UserPoolId, id)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) noBranding(reason)
    })

    test('also in a pool that went to a lower plan', async () => {
      const here = await place()
      const { ManagedLoginBrandingId: id } = await create(here)
      await lower(here.UserPoolId)
      await remove(here.UserPoolId, id)
      await assert.rejects(remove(here.UserPoolId, id), noBranding)
    })

    test('knows a style by its id, in its pool', async () => {
      const here = await place()
      const { ManagedLoginBrandingId: elsewhere } = await create(await place())
      for (const id of [absentId, elsewhere]) await assert.rejects(remove(here.UserPoolId, id), noBranding)
    })

    poolMustExist(server, (UserPoolId) => remove(UserPoolId, absentId))
  })
})
