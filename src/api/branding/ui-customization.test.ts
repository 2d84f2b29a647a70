import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  DeleteUserPoolClientCommand,
  GetUICustomizationCommand,
  SetUICustomizationCommand,
  type SetUICustomizationCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { domainsAt } from '../../../test/domains.ts'
import { createClient, createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'

const CSS = '.label-customizable {font-weight: 400;}'
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from([0, 255, 1])])
const gif = Buffer.from('GIF89a\u0001')
const noDomain = invalid('There has to be an existing domain associated with this user pool')

onEachStore((server, store) => {
  const domains = domainsAt(server)
  let count = 0
  async function createPlace() {
    const UserPoolId = await createPool(server())
    const { ClientId } = await createClient(server(), UserPoolId)
    count += 1
    await domains.create(UserPoolId, `${store}-${count}`)
    return { UserPoolId, ClientId }
  }
  const get = async (UserPoolId: string, ClientId?: string) =>
    (await server().client.send(new GetUICustomizationCommand({ UserPoolId, ClientId }))).UICustomization
  const set = async (UserPoolId: string, input: Omit<SetUICustomizationCommandInput, 'UserPoolId'> = {}) =>
    (await server().client.send(new SetUICustomizationCommand({ UserPoolId, ...input }))).UICustomization

  let place: { UserPoolId: string; ClientId: string }
  before(async () => {
    place = await createPlace()
  })

  /** Gives the pool of a shared suite a domain first, where there is such a pool. */
  const withDomain =
    (send: (UserPoolId: string, ClientId: string) => Promise<unknown>) =>
    async (UserPoolId: string, ClientId: string) => {
      count += 1
      await Promise.allSettled([domains.create(UserPoolId, `${store}-${count}`)])
      return send(UserPoolId, ClientId)
    }

  describe('SetUICustomization', () => {
    test('for one client and for all, with style and logo', async () => {
      const { UserPoolId, ClientId } = place
      server().clock.now = Date.UTC(2026, 10, 24, 1, 2, 3)
      const at = new Date(server().clock.now)
      const facts = { UserPoolId, CSSVersion: '20261124010203', LastModifiedDate: at, CreationDate: at }
      const own = { ...facts, ClientId, CSS }
      assert.deepEqual(await set(UserPoolId, { ClientId, CSS }), own)
      assert.deepEqual(await get(UserPoolId, ClientId), own)
      const everybodys = {
        ...facts,
        ClientId: 'ALL',
        ImageUrl: `http://localhost:9229/${UserPoolId}/ALL/20261124010203/assets/images/image.png`,
      }
      assert.deepEqual(await set(UserPoolId, { ImageFile: png }), everybodys)
      assert.deepEqual(await get(UserPoolId), everybodys)
      assert.deepEqual(await get(UserPoolId, 'ALL'), everybodys)
    })

    test('replaces the one before whole, and remembers since when there is one', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      const { CreationDate } = (await set(UserPoolId, { ClientId, CSS, ImageFile: png })) ?? {}
      server().clock.now += 60_000
      const changed = await set(UserPoolId, { ClientId, CSS: '/* none */' })
      assert.deepEqual(changed, {
        UserPoolId,
        ClientId,
        CSS: '/* none */',
        CSSVersion: '20261124010303',
        LastModifiedDate: new Date(server().clock.now),
        CreationDate,
      })
      assert.deepEqual(await get(UserPoolId, ClientId), changed)
    })

    test('with neither style nor logo it is gone', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      const shared = await set(UserPoolId, { CSS })
      await set(UserPoolId, { ClientId, ImageFile: gif })
      assert.deepEqual(await set(UserPoolId, { ClientId, CSS: '', ImageFile: Buffer.alloc(0) }), {})
      assert.deepEqual(await get(UserPoolId, ClientId), shared)
      assert.deepEqual(await set(UserPoolId, { ClientId: 'ALL' }), {})
      assert.deepEqual(await get(UserPoolId, ClientId), {})
    })

    test('refuses a style or a logo that cannot be, and keeps the one before', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      const standing = await set(UserPoolId, { ClientId, CSS, ImageFile: png })
      await assert.rejects(
        set(UserPoolId, { ClientId, CSS: 'body { display: none }' }),
        invalid('The CSS selector body cannot be customized.'),
      )
      await assert.rejects(
        set(UserPoolId, { ClientId, CSS, ImageFile: Buffer.from('<svg/>') }),
        invalid('The image must be a PNG, JPEG or GIF file.'),
      )
      await assert.rejects(
        set(UserPoolId, { ClientId, ImageFile: Buffer.concat([png], 100 * 1024 + 1) }),
        invalid('The image must be no larger than 100 KB.'),
      )
      assert.deepEqual(await get(UserPoolId, ClientId), standing)
    })

    test('keeps every character of a style, and a logo as large as may be', async () => {
      const { UserPoolId } = await createPlace()
      const odd = '.label-customizable { content: "\u0000 ä 😀 \\"" }'
      const largest = Buffer.concat([png, Buffer.alloc(100 * 1024 - png.length, 7)])
      const { ImageUrl = '' } = (await set(UserPoolId, { CSS: odd, ImageFile: largest })) ?? {}
      assert.equal((await get(UserPoolId))?.CSS, odd)
      const image = await server().web(new URL(ImageUrl).pathname)
      assert.deepEqual(Buffer.from(await image.arrayBuffer()), largest)
    })

    test('wants a domain', async () => {
      const UserPoolId = await createPool(server())
      await assert.rejects(set(UserPoolId, { CSS }), noDomain)
    })

    test('goes with its client', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      const { ImageUrl = '' } = (await set(UserPoolId, { ClientId, ImageFile: png })) ?? {}
      const path = new URL(ImageUrl).pathname
      assert.equal((await server().web(path)).status, 200)
      await server().client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
      assert.equal((await server().web(path)).status, 404)
    })

    clientMustExist(
      server,
      withDomain((UserPoolId, ClientId) => set(UserPoolId, { ClientId, CSS })),
    )
  })

  describe('GetUICustomization', () => {
    test('nothing where nothing was set; what is set for all where nothing was for the client', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      assert.deepEqual(await get(UserPoolId, ClientId), {})
      assert.deepEqual(await get(UserPoolId), {})
      const shared = await set(UserPoolId, { CSS, ImageFile: gif })
      assert.deepEqual(await get(UserPoolId, ClientId), shared)
      const own = await set(UserPoolId, { ClientId, CSS })
      assert.deepEqual(await get(UserPoolId, ClientId), own)
      assert.deepEqual(await get(UserPoolId), shared)
    })

    test('wants a domain', async () => {
      const { UserPoolId } = await createPlace()
      const shared = await set(UserPoolId, { CSS })
      await domains.remove(UserPoolId, `${store}-${count}`)
      await assert.rejects(get(UserPoolId), noDomain)
      await domains.create(UserPoolId, `${store}-${count}`)
      assert.deepEqual(await get(UserPoolId), shared)
    })

    clientMustExist(server, withDomain(get))
  })

  describe('the logo', () => {
    test('is served to anybody, as an image and nothing else', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      for (const [ImageFile, type] of [
        [png, 'image/png'],
        [Buffer.from('ffd8ffe0', 'hex'), 'image/jpeg'],
        [gif, 'image/gif'],
      ] as const) {
        const { ImageUrl = '' } = (await set(UserPoolId, { ClientId, ImageFile })) ?? {}
        const image = await server().web(new URL(ImageUrl).pathname)
        assert.deepEqual(Buffer.from(await image.arrayBuffer()), ImageFile)
        const header = (name: string) => image.headers.get(name)
        assert.equal(header('content-type'), type)
        assert.equal(header('x-content-type-options'), 'nosniff')
        assert.equal(header('content-security-policy'), "default-src 'none'; sandbox")
        assert.equal(header('cache-control'), 'public, max-age=300')
        assert.equal(header('access-control-allow-origin'), '*')
      }
    })

    test('is at its own path and at no other', async () => {
      const { UserPoolId, ClientId } = await createPlace()
      const { ImageUrl = '' } = (await set(UserPoolId, { ClientId, ImageFile: png })) ?? {}
      const path = new URL(ImageUrl).pathname
      for (const wrong of [
        path.replace('.png', '.jpg'),
        path.replace('/2026', '/2025'),
        path.replace(ClientId, 'ALL'),
        path.replace(UserPoolId, 'us-east-1_Absent123'),
        path.replace(ClientId, '%00'),
      ]) {
        assert.equal((await server().web(wrong)).status, 404, wrong)
      }
      server().clock.now += 1000
      await set(UserPoolId, { ClientId, ImageFile: gif })
      assert.equal((await server().web(path)).status, 404)
    })
  })
})
