import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { absentId, brandingAt, noBranding, type Place } from '../../../test/branding.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { defaultSettings } from '../../domain/branding-defaults.ts'
import { mergeSettings } from '../../domain/branding-settings.ts'

describe('DescribeManagedLoginBranding', () => {
  onEachStore((server) => {
    const { place, create, lower, describe: show } = brandingAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('shows what the style says, and when asked what it leaves to the default', async () => {
      const Settings = {
        categories: { global: { colorSchemeMode: 'DYNAMIC' } },
        components: { pageBackground: { darkMode: { color: '000000' } } },
      }
      const created = await create(home, { Settings })
      const id = created.ManagedLoginBrandingId
      assert.deepEqual(await show(home.UserPoolId, id), created)
      assert.deepEqual(await show(home.UserPoolId, id, false), created)
      const merged = await show(home.UserPoolId, id, true)
      assert.deepEqual(merged, { ...created, Settings: mergeSettings(defaultSettings, Settings) })
      assert.deepEqual(await show(home.UserPoolId, id), created)
    })

    test('shows the default itself where the style says nothing', async () => {
      const here = await place()
      const created = await create(here)
      const id = created.ManagedLoginBrandingId
      assert.ok(!('Settings' in (await show(here.UserPoolId, id))))
      const merged = await show(here.UserPoolId, id, true)
      assert.deepEqual(merged, { ...created, Settings: defaultSettings })
      // What comes back merged can be sent as it is, says AWS's guide.
      const { Settings } = await create(await place(), { Settings: merged.Settings })
      assert.deepEqual(Settings, defaultSettings)
    })

    test('shows a style that a pool has kept when it went to a lower plan', async () => {
      const here = await place()
      const created = await create(here)
      await lower(here.UserPoolId)
      assert.deepEqual(await show(here.UserPoolId, created.ManagedLoginBrandingId), created)
    })

    test('knows a style by its id, in its pool', async () => {
      const { ManagedLoginBrandingId } = await create(await place())
      for (const id of [absentId, ManagedLoginBrandingId]) {
        await assert.rejects(show(home.UserPoolId, id), noBranding)
      }
      const nil = '00000000-0000-0000-0000-000000000000'
      await assert.rejects(
        show(home.UserPoolId, nil),
        invalid(
          `1 validation error detected: Value '${nil}' at 'managedLoginBrandingId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`,
        ),
      )
    })

    poolMustExist(server, (UserPoolId) => show(UserPoolId, absentId))
  })
})
