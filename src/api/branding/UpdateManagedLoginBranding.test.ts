import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { AssetType } from '@aws-sdk/client-cognito-identity-provider'
import {
  absentId,
  asset,
  brandingAt,
  noBranding,
  notInLite,
  oneSource,
  type Place,
  theDefault,
  wrongSettings,
} from '../../../test/branding.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('UpdateManagedLoginBranding', () => {
  onEachStore((server) => {
    const { place, lower, create, describe: show, update, remove } = brandingAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('merges settings into those of the style, and keeps the rest', async () => {
      const { UserPoolId } = home
      const before = await create(home, {
        Settings: { components: { form: { borderRadius: 1 }, favicon: { enabledTypes: ['ICO', 'SVG'] } } },
        Assets: [asset()],
      })
      server().clock.now += 1000
      const after = {
        ...before,
        Settings: {
          components: { form: { borderRadius: 2 }, favicon: { enabledTypes: ['SVG'] } },
          categories: { form: { displayGraphics: false } },
        },
        LastModifiedDate: new Date(server().clock.now),
      }
      assert.deepEqual(
        await update(UserPoolId, before.ManagedLoginBrandingId, {
          Settings: {
            components: { form: { borderRadius: 2 }, favicon: { enabledTypes: ['SVG'] } },
            categories: { form: { displayGraphics: false } },
          },
        }),
        after,
      )
      assert.deepEqual(await show(UserPoolId, before.ManagedLoginBrandingId), after)
      assert.notDeepEqual(after.LastModifiedDate, after.CreationDate)
    })

    test('goes to the default and away from it; the images stay', async () => {
      const here = await place()
      const id = (await create(here, { Settings: { components: {} }, Assets: [asset()] }))
        .ManagedLoginBrandingId
      const plain = await update(here.UserPoolId, id, theDefault)
      assert.deepEqual(
        [plain.UseCognitoProvidedValues, plain.Settings, plain.Assets],
        [true, undefined, [asset()]],
      )
      const own = await update(here.UserPoolId, id, { UseCognitoProvidedValues: false, Settings: {} })
      assert.deepEqual([own.UseCognitoProvidedValues, own.Settings, own.Assets], [false, {}, [asset()]])
      assert.deepEqual(await show(here.UserPoolId, id), own)
    })

    test('adds images, and replaces those of the same category, mode and resource', async () => {
      const here = await place()
      const icon = (over: Partial<AssetType>) => asset({ Category: 'IDP_BUTTON_ICON', ...over })
      const light = asset()
      const first = icon({ ResourceId: 'first' })
      const { ManagedLoginBrandingId: id } = await create(here, { ...theDefault, Assets: [light, first] })
      const dark = asset({ ColorMode: 'DARK' })
      const other = asset({ Extension: 'PNG', Bytes: Buffer.from('other') })
      const second = icon({ ResourceId: 'second' })
      for (const [Assets, expected] of [
        [[], [light, first]],
        [
          [second, dark],
          [dark, light, first, second],
        ],
        [
          [light, other],
          [dark, other, first, second],
        ],
        [
          [icon({ ResourceId: 'first', Bytes: undefined })],
          [dark, other, { ...first, Bytes: undefined }, second],
        ],
      ] as const) {
        const style = { ...theDefault, Assets: [...Assets] }
        const plain = expected.map(({ Bytes, ...rest }) => ({ ...rest, ...(Bytes && { Bytes }) }))
        assert.deepEqual((await update(here.UserPoolId, id, style)).Assets, plain)
        assert.deepEqual((await show(here.UserPoolId, id)).Assets, plain)
      }
    })

    test('stops at forty images in all', async () => {
      const here = await place()
      const icons = (prefix: string, length: number) =>
        Array.from({ length }, (_, index) =>
          asset({ Category: 'IDP_BUTTON_ICON', ResourceId: `${prefix}${index}` }),
        )
      const { ManagedLoginBrandingId: id } = await create(here, { ...theDefault, Assets: icons('a', 39) })
      await assert.rejects(
        update(here.UserPoolId, id, { ...theDefault, Assets: icons('b', 2) }),
        invalid('A managed login branding can have at most 40 assets.'),
      )
      assert.equal((await show(here.UserPoolId, id)).Assets?.length, 39)
      const { Assets } = await update(here.UserPoolId, id, { ...theDefault, Assets: icons('b', 1) })
      assert.equal(Assets?.length, 40)
    })

    test('loses nothing of twenty updates at once', async () => {
      const here = await place()
      const { ManagedLoginBrandingId: id } = await create(here)
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          update(here.UserPoolId, id, {
            Settings: { components: { idpButton: { custom: { [`p${index}`]: index } } } },
            Assets: [asset({ ResourceId: `${index}` })],
          }),
        ),
      )
      const { Settings, Assets } = await show(here.UserPoolId, id)
      const { components } = Settings as { components: { idpButton: { custom: object } } }
      assert.equal(Object.keys(components.idpButton.custom).length, 20)
      assert.equal(Assets?.length, 20)
    })

    test('refuses what a new style is refused, and changes nothing', async () => {
      const here = await place()
      const { UserPoolId } = here
      const before = await create(here, { Settings: {} })
      const id = before.ManagedLoginBrandingId
      for (const style of [
        {},
        { UseCognitoProvidedValues: false },
        { UseCognitoProvidedValues: true, Settings: {} },
        { Assets: [asset()] },
      ]) {
        await assert.rejects(update(UserPoolId, id, style), oneSource)
      }
      await assert.rejects(
        update(UserPoolId, id, { Settings: { theme: 'dark' } }),
        wrongSettings('property: $.theme, errorType: UnknownProperty'),
      )
      await assert.rejects(
        update(UserPoolId, id, { ...theDefault, Assets: [asset({ Extension: 'ICO' })] }),
        invalid('Invalid extension ICO for asset category FORM_LOGO.'),
      )
      assert.deepEqual(await show(UserPoolId, id), before)
      await lower(UserPoolId)
      await assert.rejects(update(UserPoolId, id, theDefault), notInLite)
    })

    test('knows a style by its id, in its pool', async () => {
      const { ManagedLoginBrandingId: elsewhere } = await create(await place())
      for (const id of [absentId, elsewhere]) {
        await assert.rejects(update(home.UserPoolId, id, theDefault), noBranding)
      }
      const here = await place()
      const { ManagedLoginBrandingId: gone } = await create(here)
      await remove(here.UserPoolId, gone)
      await assert.rejects(update(here.UserPoolId, gone, theDefault), noBranding)
    })

    test('needs both ids, although the model does not', async () => {
      await assert.rejects(
        update(home.UserPoolId, undefined, theDefault),
        invalid('ManagedLoginBrandingId is required.'),
      )
      const nowhere = undefined as unknown as string
      await assert.rejects(update(nowhere, absentId, theDefault), invalid('UserPoolId is required.'))
      const unsigned = await callRaw(server(), 'UpdateManagedLoginBranding', '{}')
      assert.match(unsigned.body, /MissingAuthenticationTokenException/)
    })

    poolMustExist(server, (UserPoolId) => update(UserPoolId, absentId, theDefault))
  })
})
