/** What ports/store.ts promises, held on both engines. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Alias } from '../src/domain/alias.ts'
import type { AuthEvent } from '../src/domain/auth-event.ts'
import type { Branding } from '../src/domain/branding.ts'
import type { Client } from '../src/domain/client.ts'
import type { Group } from '../src/domain/group.ts'
import type { ClientId, Username, UserPoolId } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import type { PageRequest } from '../src/ports/page-request.ts'
import { DuplicateKey, StaleRow } from '../src/ports/store.ts'
import { onEachEngine } from './each-engine.ts'
import { pagesOf } from './pages-of.ts'
import { allRows } from './places.ts'
import {
  newAuthEvent,
  newBranding,
  newClient,
  newGroup,
  newMessage,
  newPool,
  newTerms,
  newUser,
} from './rows.ts'

const name = (text: string) => text as Username

onEachEngine((on) => {
  let poolId: UserPoolId

  async function freshUser(username: string, over: Partial<User> = {}, aliases: Alias[] = []): Promise<User> {
    const user = newUser(poolId, username, over)
    await on.store.users.create(user, aliases)
    return user
  }

  async function freshClient(): Promise<Client> {
    const client = newClient(poolId)
    await on.store.clients.create(client)
    return client
  }

  describe('styles of managed login', () => {
    before(async () => {
      poolId = await on.freshPool()
    })

    test('are found as they were created, by id and by client, with their images', async () => {
      for (const over of [
        { assets: [] },
        { settings: {} },
        {
          settings: { components: { a: [1, null, '\u{1F600}'] } },
          assets: [
            { category: 'FORM_LOGO', colorMode: 'DARK', extension: 'PNG', resourceId: 'a' },
            { category: 'FORM_LOGO', colorMode: 'LIGHT', extension: 'SVG', bytes: Buffer.alloc(0) },
          ],
        },
      ] satisfies Partial<Branding>[]) {
        const branding = newBranding(await freshClient(), over)
        await on.store.brandings.create(branding)
        assert.deepEqual(await on.store.brandings.find(poolId, branding.id), branding)
        assert.deepEqual(await on.store.brandings.findOfClient(poolId, branding.clientId), branding)
        assert.equal(await on.store.brandings.find(await on.freshPool(), branding.id), undefined)
      }
    })

    test('are one a client, and of a client that is there', async () => {
      const client = await freshClient()
      const branding = newBranding(client)
      await on.store.brandings.create(branding)
      await assert.rejects(on.store.brandings.create(newBranding(client)), DuplicateKey)
      assert.deepEqual(await on.store.brandings.findOfClient(poolId, client.id), branding)
      await assert.rejects(on.store.brandings.create(newBranding(newClient(poolId))), StaleRow)
    })

    test('are saved by whoever saw them last', async () => {
      const branding = newBranding(await freshClient(), { settings: {} })
      await on.store.brandings.create(branding)
      const { settings: _, ...plain } = branding
      await on.store.brandings.save({ ...plain, modifiedAt: 9 })
      assert.deepEqual(await on.store.brandings.find(poolId, branding.id), {
        ...plain,
        modifiedAt: 9,
        version: 2,
      })
      await assert.rejects(on.store.brandings.save(branding), StaleRow)
    })

    test('go alone, with their images, and with their client', async () => {
      poolId = await on.freshPool()
      const [first, second] = [newBranding(await freshClient()), newBranding(await freshClient())]
      for (const branding of [first, second]) await on.store.brandings.create(branding)
      assert.equal(await on.store.transaction((tables) => tables.brandings.hold(poolId)), 2)
      assert.equal(await on.store.brandings.delete(first), true)
      assert.equal(await on.store.brandings.delete(first), false)
      assert.deepEqual(await on.store.brandings.find(poolId, second.id), second)
      await on.store.clients.delete(poolId, second.clientId)
      assert.equal(await on.store.brandings.find(poolId, second.id), undefined)
      const rows = JSON.stringify((await allRows(on.place)).get('branding_assets'))
      for (const { clientId } of [first, second]) assert.doesNotMatch(rows, new RegExp(clientId))
    })

    test('need a pool that is there', async () => {
      const nowhere = 'us-east-1_Nowhere' as UserPoolId
      for (const table of ['brandings', 'terms'] as const) {
        const hold = on.store.transaction((tables) => tables[table].hold(nowhere))
        await assert.rejects(hold, StaleRow)
      }
    })
  })

  describe('terms documents', () => {
    before(async () => {
      poolId = await on.freshPool()
    })

    test('are found as they were created, by id and by client and name', async () => {
      const terms = newTerms(await freshClient())
      await on.store.terms.create(terms)
      assert.deepEqual(await on.store.terms.find(poolId, terms.id), terms)
      assert.deepEqual(await on.store.terms.findOfClient(poolId, terms.clientId, terms.name), terms)
      assert.equal(await on.store.terms.findOfClient(poolId, terms.clientId, 'privacy-policy'), undefined)
      assert.equal(await on.store.terms.find(await on.freshPool(), terms.id), undefined)
    })

    test('are one of a name at a client that is there', async () => {
      const client = await freshClient()
      await on.store.terms.create(newTerms(client))
      await on.store.terms.create(newTerms(client, { name: 'privacy-policy' }))
      await assert.rejects(on.store.terms.create(newTerms(client)), DuplicateKey)
      await assert.rejects(on.store.terms.create(newTerms(newClient(poolId))), StaleRow)
    })

    test('are saved by whoever saw them last, paged by id, and go', async () => {
      poolId = await on.freshPool()
      const all = [...Array(5)].map((_, index) => `0000000${index}`)
      for (const id of all.toReversed()) await on.store.terms.create(newTerms(await freshClient(), { id }))
      const pages = await pagesOf(
        (page) => on.store.terms.page(poolId, page),
        ({ id }) => id,
        2,
      )
      assert.deepEqual(pages.flat(), all)
      assert.equal(await on.store.transaction((tables) => tables.terms.hold(poolId)), 5)
      const terms = await on.store.terms.find(poolId, '00000000')
      assert.ok(terms)
      await on.store.terms.save({ ...terms, name: 'privacy-policy', modifiedAt: 9 })
      await assert.rejects(on.store.terms.save(terms), StaleRow)
      const after = await on.store.terms.find(poolId, terms.id)
      assert.deepEqual(after, { ...terms, name: 'privacy-policy', modifiedAt: 9, version: 2 })
      assert.equal(await on.store.terms.delete(poolId, terms.id), true)
      assert.equal(await on.store.terms.delete(poolId, terms.id), false)
      await on.store.clients.delete(
        poolId,
        (await on.store.terms.find(poolId, '00000001'))?.clientId as ClientId,
      )
      assert.equal(await on.store.terms.find(poolId, '00000001'), undefined)
    })
  })

  describe('risk configurations', () => {
    const of = (clientId?: ClientId) => ({
      poolId,
      ...(clientId && { clientId }),
      modifiedAt: 1,
      settings: { RiskExceptionConfiguration: { BlockedIPRangeList: [clientId ?? 'pool'] } },
    })
    before(async () => {
      poolId = await on.freshPool()
    })

    test('are of the pool or of a client, and a client has its own or the pool’s', async () => {
      const client = newClient(poolId)
      await on.store.clients.create(client)
      const { riskConfigurations: table } = on.store
      assert.equal(await table.inForce(poolId, client.id), undefined)
      await table.save(of())
      assert.deepEqual(await table.inForce(poolId, client.id), of())
      assert.equal(await table.find(poolId, client.id), undefined)
      await table.save(of(client.id))
      await table.save({ ...of(client.id), modifiedAt: 2 })
      assert.deepEqual(await table.inForce(poolId, client.id), { ...of(client.id), modifiedAt: 2 })
      assert.deepEqual(await table.find(poolId), of())
      await on.store.clients.delete(poolId, client.id)
      assert.equal(await table.find(poolId, client.id), undefined)
      await table.delete(poolId)
      assert.equal(await table.find(poolId), undefined)
    })

    test('are of a pool that is there', async () => {
      const gone = await on.freshPool()
      await on.store.pools.delete(gone)
      await assert.rejects(on.store.riskConfigurations.save({ ...of(), poolId: gone }), StaleRow)
    })
  })

  test('limits that were raised are of a region, and raised again', async () => {
    const { provisionedLimits: table } = on.store
    assert.deepEqual([...(await table.list('us-east-1'))], [])
    await table.save('us-east-1', 'UserRead', 200)
    await table.save('us-east-1', 'UserRead', 300)
    await table.save('eu-west-1', 'UserToken', 400)
    assert.deepEqual([...(await table.list('us-east-1'))], [['UserRead', 300]])
    assert.deepEqual([...(await table.list('eu-west-1'))], [['UserToken', 400]])
  })

  describe('groups', () => {
    before(async () => {
      poolId = await on.freshPool()
    })

    async function freshGroup(groupName: string, over: Partial<Group> = {}): Promise<Group> {
      const group = newGroup(poolId, groupName, over)
      await on.store.groups.create(group)
      return group
    }

    test('are found as they were created, in their pool and under their name', async () => {
      const bare = await freshGroup('bare')
      const whole = await freshGroup('\u{1F600}', {
        description: '',
        roleArn: 'arn:aws:iam::123456789012:role/ä',
        precedence: 2 ** 31 - 1,
        createdAt: 1,
        modifiedAt: 2,
      })
      const first = await freshGroup('first', { precedence: 0 })
      for (const group of [bare, whole, first]) {
        assert.deepEqual(await on.store.groups.find(poolId, group.name), group)
      }
      assert.equal(await on.store.groups.find(await on.freshPool(), 'bare'), undefined)
      assert.equal(await on.store.groups.find(poolId, 'Bare'), undefined)
    })

    test('have a name of their own in their pool', async () => {
      const group = await freshGroup('own', { description: 'first' })
      await assert.rejects(freshGroup('own', { description: 'second' }), DuplicateKey)
      await on.store.groups.create({ ...group, poolId: await on.freshPool() })
      assert.deepEqual(await on.store.groups.find(poolId, 'own'), group)
    })

    test('are saved by whoever loaded the newest', async () => {
      const group = await freshGroup('saved', { description: 'old', precedence: 3 })
      await on.store.groups.save({ ...group, description: 'new', modifiedAt: group.modifiedAt + 1 })
      await assert.rejects(on.store.groups.save({ ...group, description: 'late' }), StaleRow)
      const saved = { ...group, description: 'new', modifiedAt: group.modifiedAt + 1, version: 2 }
      assert.deepEqual(await on.store.groups.find(poolId, 'saved'), saved)
    })

    test('are paged by name, those of the pool and those of a user', async () => {
      poolId = await on.freshPool()
      const other = await on.freshPool()
      const inOrder = ['Z', 'a', 'b', '\u{FFFD}', '\u{1F600}']
      for (const pool of [poolId, other]) {
        await on.store.users.create(newUser(pool, 'ada'), [])
        for (const groupName of inOrder.toReversed()) await on.store.groups.create(newGroup(pool, groupName))
      }
      await freshGroup('c')
      for (const groupName of inOrder) await on.store.memberships.add(poolId, name('ada'), groupName)
      for (const limit of [1, 2, 5, 6]) {
        const all = await pagesOf((page) => on.store.groups.page(poolId, page), byName, limit)
        assert.deepEqual(all.flat(), ['Z', 'a', 'b', 'c', '\u{FFFD}', '\u{1F600}'])
        const load = (page: PageRequest) => on.store.memberships.groupsOf(poolId, name('ada'), page)
        assert.deepEqual((await pagesOf(load, byName, limit)).flat(), inOrder)
      }
      const [found] = await on.store.memberships.groupsOf(poolId, name('ada'), { limit: 1 })
      assert.deepEqual(found, await on.store.groups.find(poolId, 'Z'))
      assert.deepEqual(await on.store.memberships.groupsOf(other, name('ada'), { limit: 1 }), [])
    })

    test('have members, whole and in order of name, who come once and go', async () => {
      await freshGroup('members')
      const [b, a] = [
        await freshUser('b', { attributes: { name: 'B', email: 'b@example.com' } }),
        await freshUser('a', { attributes: { name: 'A' } }),
      ]
      await freshUser('stranger')
      for (const user of [b, a, b]) await on.store.memberships.add(poolId, user.username, 'members')
      const load = (page: PageRequest) => on.store.users.pageOfGroup(poolId, 'members', page)
      assert.deepEqual(await load({ limit: 10 }), [a, b])
      assert.deepEqual(await pagesOf(load, byUsername, 1), [['a'], ['b']])
      for (const _ of ['once', 'twice']) await on.store.memberships.remove(poolId, a.username, 'members')
      assert.deepEqual(await load({ limit: 10 }), [b])
    })

    test('are deleted once, and their memberships with them', async () => {
      const { username } = await freshUser('leaver')
      for (const groupName of ['going', 'staying']) {
        await freshGroup(groupName)
        await on.store.memberships.add(poolId, username, groupName)
      }
      assert.equal(await on.store.groups.delete(poolId, 'going'), true)
      assert.equal(await on.store.groups.delete(poolId, 'going'), false)
      await freshGroup('going')
      const left = await on.store.memberships.groupsOf(poolId, username, { limit: 10 })
      assert.deepEqual(left.map(byName), ['staying'])
    })

    test('are held while they are counted, and so are those of a user', async () => {
      poolId = await on.freshPool()
      const { username } = await freshUser('held')
      const counts: number[] = []
      await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((groupName) =>
          on.store.transaction(async (tables) => {
            counts.push(await tables.groups.hold(poolId))
            await tables.groups.create(newGroup(poolId, groupName))
            const names = await tables.memberships.hold(poolId, username)
            assert.equal(names.length, counts.at(-1))
            await tables.memberships.add(poolId, username, groupName)
          }),
        ),
      )
      assert.deepEqual(counts.toSorted(), [0, 1, 2, 3, 4])
      const { id } = newPool()
      await assert.rejects(on.store.groups.hold(id), StaleRow)
      await assert.rejects(on.store.memberships.hold(poolId, name('nobody')), StaleRow)
      await assert.rejects(on.store.memberships.add(poolId, username, 'none'), StaleRow)
      assert.equal((await on.store.users.find(poolId, username))?.version, 1)
    })

    test('that are deleted while somebody joins leave no membership behind, and no more do users', async () => {
      for (let round = 0; round < 20; round += 1) {
        const { username } = await freshUser(`racer ${round}`)
        await freshGroup('raced')
        const join = () =>
          on.store.transaction(async (tables) => {
            await tables.memberships.hold(poolId, username)
            await tables.memberships.add(poolId, username, 'raced')
          })
        const [userGone, groupGone, joined] = await Promise.allSettled([
          round % 2 === 0 ? on.store.users.delete(poolId, username) : undefined,
          round % 2 === 1 ? on.store.groups.delete(poolId, 'raced') : undefined,
          join(),
        ])
        for (const { status } of [userGone, groupGone]) assert.equal(status, 'fulfilled')
        if (joined.status === 'rejected') assert.ok(joined.reason instanceof StaleRow)
        const rows = (await allRows(on.place)).get('group_members') ?? []
        assert.ok(!rows.some((row) => row.username === username), `round ${round}`)
        await on.store.groups.delete(poolId, 'raced')
      }
    })
  })

  describe('messages', () => {
    test('are listed newest first, by pool and by address, and cleared by the same', async () => {
      const here = await on.freshPool()
      const there = await on.freshPool()
      const first = newMessage(here, {
        id: '1',
        to: 'a@example.com',
        medium: 'EMAIL',
        subject: 'S',
        code: '1',
      })
      const second = newMessage(here, { id: '2', to: '+1' })
      const third = newMessage(here, { id: '3', to: '+1', createdAt: first.createdAt + 1 })
      const other = newMessage(there, { id: '1', to: '+1', createdAt: first.createdAt + 2 })
      for (const message of [third, second, first, other]) await on.store.messages.put(message)
      const list = (filter: { poolId?: string; to?: string; limit?: number }) =>
        on.store.messages.list({ limit: 100, ...filter })
      assert.deepEqual(await list({ poolId: here }), [third, second, first])
      assert.deepEqual(await list({ poolId: here, limit: 2 }), [third, second])
      assert.deepEqual(await list({ poolId: here, to: '+1' }), [third, second])
      assert.deepEqual(await list({ to: '+1' }), [other, third, second])
      assert.deepEqual(await list({}), [other, third, second, first])
      assert.equal(await on.store.messages.clear({ poolId: here, to: '+1' }), 2)
      assert.deepEqual(await list({}), [other, first])
      assert.equal(await on.store.messages.clear({ to: 'a@example.com' }), 1)
      assert.equal(await on.store.messages.clear({}), 1)
      assert.equal(await on.store.messages.clear({}), 0)
    })
  })

  describe('events', () => {
    before(async () => {
      poolId = await on.freshPool()
    })

    test('are held as they stand, and found as they were saved', async () => {
      const event = newAuthEvent(poolId)
      assert.deepEqual(await on.store.authEvents.hold(event), event)
      const feedback = { value: 'Valid', provider: 'Admin', at: event.at } as const
      await on.store.authEvents.save({ ...event, response: 'Pass', feedback })
      const saved = { ...event, response: 'Pass', feedback }
      assert.deepEqual(await on.store.authEvents.hold({ ...event, type: 'SignUp' }), saved)
      assert.deepEqual(await on.store.authEvents.find(poolId, event.username, event.id), saved)
      assert.equal(await on.store.authEvents.find(poolId, name('bob'), event.id), undefined)
    })

    test('are nobody else to change while they are held', async () => {
      const event = newAuthEvent(poolId)
      const result = { name: 'Mfa', response: 'Failure' } as const
      const change = () =>
        on.store.transaction(async ({ authEvents }) => {
          const held = await authEvents.hold(event)
          await authEvents.save({ ...held, challenges: [...held.challenges, result] })
        })
      await Promise.all(Array.from({ length: 8 }, change))
      const after = await on.store.authEvents.find(poolId, event.username, event.id)
      assert.deepEqual(after?.challenges, Array(8).fill(result))
    })

    test('are paged by user, the newest first, and by id where they are of one moment', async () => {
      const username = name('paged')
      const at = [3, 1, 2, 2, 20] as const
      const events = at.map((at, index) => newAuthEvent(poolId, { username, at, id: `event-${index}` }))
      for (const event of events) await on.store.authEvents.hold(event)
      await on.store.authEvents.hold(newAuthEvent(poolId, { username: name('other') }))
      const pages = await pagesOf(
        (page) => on.store.authEvents.page(poolId, username, page),
        ({ at, id }) => `${at} ${id}`,
        2,
      )
      assert.deepEqual(pages, [['20 event-4', '3 event-0'], ['2 event-3', '2 event-2'], ['1 event-1']])
    })

    test('show where their user has been, the newest first', async () => {
      const username = name('trusted')
      const put = async (id: string, at: number, over: Partial<AuthEvent> = {}) => {
        const event = newAuthEvent(poolId, { username, id, at })
        await on.store.authEvents.hold(event)
        await on.store.authEvents.save({ ...event, ...over })
      }
      const said = (value: 'Valid' | 'Invalid') => ({
        feedback: { value, provider: 'Admin', at: 1 } as const,
      })
      await put('in', 1, { response: 'Pass' })
      await put('out', 2, { response: 'Fail' })
      await put('under way', 3)
      await put('asked', 4, { response: 'Pass', type: 'ForgotPassword' })
      await put('vouched for', 5, { response: 'Fail', ...said('Valid') })
      await put('disowned', 6, { response: 'Pass', ...said('Invalid') })
      await put('in again', 7, { response: 'Pass' })
      const trusted = async (limit: number) =>
        (await on.store.authEvents.trusted(poolId, username, limit)).map(({ id }) => id)
      assert.deepEqual(await trusted(9), ['in again', 'vouched for', 'in'])
      assert.deepEqual(await trusted(1), ['in again'])
      assert.deepEqual(await on.store.authEvents.trusted(poolId, name('other'), 9), [])
    })

    test('go when their time is over, and with their user', async () => {
      const username = name('leaving')
      await freshUser(username)
      const { expiresAt } = newAuthEvent(poolId)
      const [old, kept] = [expiresAt - 1, expiresAt].map((expiresAt) =>
        newAuthEvent(poolId, { username, expiresAt }),
      )
      assert.ok(old && kept)
      for (const event of [old, kept]) await on.store.authEvents.hold(event)
      await on.store.authEvents.deleteExpired(expiresAt)
      assert.deepEqual(await on.store.authEvents.page(poolId, username, { limit: 9 }), [kept])
      await on.store.users.delete(poolId, username)
      assert.deepEqual(await on.store.authEvents.page(poolId, username, { limit: 9 }), [])
    })
  })
})

const byName = (group: Group): string => group.name
const byUsername = (user: User): string => user.username
