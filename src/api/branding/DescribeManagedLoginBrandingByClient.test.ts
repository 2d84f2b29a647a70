import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asset, brandingAt, theDefault } from '../../../test/branding.ts'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'
import { defaultSettings } from '../../domain/branding-defaults.ts'

describe('DescribeManagedLoginBrandingByClient', () => {
  onEachStore((server) => {
    const { place, beside, create, ofClient } = brandingAt(server)

    test("shows the client's own style, merged when asked", async () => {
      const here = await place()
      const there = await beside(here)
      const created = await create(here, { ...theDefault, Assets: [asset()] })
      const other = await create(there, { Settings: {} })
      assert.deepEqual(await ofClient(here), created)
      assert.deepEqual(await ofClient(there), other)
      assert.deepEqual(await ofClient(here, true), { ...created, Settings: defaultSettings })
    })

    test('a client without one', async () => {
      const here = await place()
      await assert.rejects(
        ofClient(here),
        refusal(
          'ResourceNotFoundException',
          `ManagedLoginBranding for client ${here.ClientId} does not exist.`,
        ),
      )
    })

    clientMustExist(server, (UserPoolId, ClientId) => ofClient({ UserPoolId, ClientId }))
  })
})
