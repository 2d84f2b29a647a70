import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { DeleteUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  asset,
  brandingAt,
  noBranding,
  notInLite,
  oneSource,
  type Place,
  theDefault,
  wrongSettings,
} from '../../../test/branding.ts'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'
import { mostBrandings } from '../../domain/branding.ts'
import { defaultSettings } from '../../domain/branding-defaults.ts'

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const exists = ({ ClientId }: Place) =>
  refusal(
    'ManagedLoginBrandingExistsException',
    `A ManagedLoginBranding already exists for client ${ClientId}`,
  )
const full = refusal(
  'LimitExceededException',
  'The limit of 20 managed login branding styles in a user pool has been reached.',
)

describe('CreateManagedLoginBranding', () => {
  onEachStore((server) => {
    const { place, beside, lower, create, describe: show, ofClient, remove } = brandingAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('answers with the style, as it is described from then on', async () => {
      server().clock.now += 1234
      const at = new Date(server().clock.now)
      const dates = { CreationDate: at, LastModifiedDate: at }
      const logo = asset({ ResourceId: 'a-1 b' })
      const whole = [
        asset({ Category: 'FAVICON_ICO', Extension: 'ICO', ColorMode: 'DYNAMIC' }),
        asset({ Category: 'FORM_LOGO', ColorMode: 'DARK', Extension: 'WEBP', Bytes: Buffer.alloc(0) }),
        logo,
        { Category: 'PAGE_BACKGROUND', ColorMode: 'LIGHT', Extension: 'PNG' } as const,
      ]
      const settings = { components: { form: { borderRadius: 8.5 } } }
      for (const [style, shown] of [
        [theDefault, { UseCognitoProvidedValues: true, Assets: [] }],
        [{ Settings: {} }, { UseCognitoProvidedValues: false, Settings: {}, Assets: [] }],
        [
          { UseCognitoProvidedValues: false, Settings: settings },
          { UseCognitoProvidedValues: false, Settings: settings, Assets: [] },
        ],
        [
          { Settings: defaultSettings, Assets: whole.toReversed() },
          { UseCognitoProvidedValues: false, Settings: defaultSettings, Assets: whole },
        ],
        // AWS's comment says that they exclude one another; measured, they do not.
        [
          { ...theDefault, Assets: [logo] },
          { UseCognitoProvidedValues: true, Assets: [logo] },
        ],
      ] as const) {
        const here = await beside(home)
        const created = await create(here, structuredClone(style) as never)
        const { ManagedLoginBrandingId, ...rest } = created
        assert.match(ManagedLoginBrandingId ?? '', uuid4)
        assert.deepEqual(rest, { UserPoolId: home.UserPoolId, ...shown, ...dates })
        assert.deepEqual(await show(home.UserPoolId, ManagedLoginBrandingId), created)
        assert.deepEqual(await ofClient(here), created)
      }
    })

    test('keeps forty images of a million bytes to the byte', async () => {
      const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 256))
      const here = await place()
      const one = asset({ Bytes: bytes })
      const created = await create(here, { ...theDefault, Assets: [one] })
      assert.deepEqual(created.Assets, [one])
      await assert.rejects(
        create(here, { ...theDefault, Assets: [asset({ Bytes: Buffer.alloc(1_000_001) })] }),
        invalid(
          "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1000001 cap=1000001]' at 'assets.1.member.bytes' failed to satisfy constraint: Member must have length less than or equal to 1000000",
        ),
      )
      const many = Array.from({ length: 40 }, (_, index) =>
        asset({ Category: 'IDP_BUTTON_ICON', ResourceId: String(index + 10) }),
      )
      const { Assets } = await create(await place(), { ...theDefault, Assets: many })
      assert.deepEqual(Assets, many)
    })

    test('takes one source of its settings, and no other number of them', async () => {
      for (const style of [
        {},
        { UseCognitoProvidedValues: false },
        { UseCognitoProvidedValues: true, Settings: {} },
        { Assets: [asset()] },
      ]) {
        await assert.rejects(create(home, style), oneSource)
      }
      await assert.rejects(ofClient(home), { name: 'ResourceNotFoundException' })
    })

    test('refuses settings that no page knows, and images of a wrong type', async () => {
      await assert.rejects(
        create(home, { Settings: { components: { form: { instructions: true, borderRadius: 'big' } } } }),
        wrongSettings(
          'property: $.components.form.instructions, errorType: UnknownProperty',
          'property: $.components.form.borderRadius, errorType: InvalidType',
        ),
      )
      for (const [Category, Extension] of [
        ['FAVICON_ICO', 'PNG'],
        ['FAVICON_SVG', 'PNG'],
        ['FORM_LOGO', 'ICO'],
      ] as const) {
        await assert.rejects(
          create(home, { ...theDefault, Assets: [asset(), asset({ Category, Extension })] }),
          invalid(`Invalid extension ${Extension} for asset category ${Category}.`),
        )
      }
    })

    test('gives a client one style and no second', async () => {
      const here = await place()
      const first = await create(here)
      await assert.rejects(create(here, { Settings: {}, Assets: [asset()] }), exists(here))
      assert.deepEqual(await ofClient(here), first)
      const racers = await place()
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => create(racers)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) exists(racers)(reason)
    })

    test('stops at twenty in a pool, also when several are created at once', async () => {
      const first = await place()
      const standing = await create(first)
      for (let count = 1; count < mostBrandings - 1; count += 1) await create(await beside(first))
      const racers = await Promise.all(Array.from({ length: 4 }, () => beside(first)))
      const outcomes = await Promise.allSettled(racers.map((racer) => create(racer)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 3)
      for (const { reason } of losers) full(reason)
      await assert.rejects(create(first), exists(first))
      await remove(first.UserPoolId, standing.ManagedLoginBrandingId)
      await create(first)
    })

    test('is not for pools of the Lite plan', async () => {
      const here = await place()
      await lower(here.UserPoolId)
      await assert.rejects(create(here), notInLite)
    })

    test('a style goes with its client', async () => {
      const here = await place()
      const { ManagedLoginBrandingId } = await create(here, { ...theDefault, Assets: [asset()] })
      await server().client.send(new DeleteUserPoolClientCommand(here))
      await assert.rejects(show(here.UserPoolId, ManagedLoginBrandingId), noBranding)
    })

    test('a client that is deleted meanwhile leaves no style', async () => {
      const here = await place()
      const outcomes = await Promise.allSettled([
        create(here, { ...theDefault, Assets: [asset()] }),
        server().client.send(new DeleteUserPoolClientCommand(here)),
      ])
      assert.equal(outcomes[1].status, 'fulfilled')
      const [created] = outcomes
      if (created.status === 'rejected') assert.equal(created.reason.name, 'ResourceNotFoundException')
      else await assert.rejects(show(here.UserPoolId, created.value.ManagedLoginBrandingId), noBranding)
    })

    clientMustExist(server, (UserPoolId, ClientId) => create({ UserPoolId, ClientId }))
  })
})
