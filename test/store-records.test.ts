/** What ports/store.ts promises, held on both engines. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { Alias } from '../src/domain/alias.ts'
import type { Group } from '../src/domain/group.ts'
import type { Username, UserPoolId } from '../src/domain/ids.ts'
import { poolIn } from '../src/domain/replica.ts'
import type { User } from '../src/domain/user.ts'
import { DuplicateKey, type PageRequest, StaleRow, type Store } from '../src/ports/store.ts'
import { pagesOf } from './pages-of.ts'
import { allRows, createPlace, type Place, vaultOf } from './places.ts'
import { newAuthEvent, newGroup, newKeys, newPool, newReplica, newUser } from './rows.ts'

const name = (text: string) => text as Username

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`store on ${kind}`, () => {
    let place: Place
    let store: Store
    let poolId: UserPoolId

    before(async () => {
      place = await createPlace(kind)
      store = await openStore(place.engine(), vaultOf(7))
    })
    after(async () => {
      await store?.close()
      await place?.remove()
    })

    /** A pool of the test's own. */
    async function freshPool(): Promise<UserPoolId> {
      const pool = newPool()
      await store.pools.create(pool, newKeys())
      return pool.id
    }

    async function freshUser(
      username: string,
      over: Partial<User> = {},
      aliases: Alias[] = [],
    ): Promise<User> {
      const user = newUser(poolId, username, over)
      await store.users.create(user, aliases)
      return user
    }

    describe('replicas', () => {
      test('are found as they were created, by their pools', async () => {
        const [one, other, none] = [await freshPool(), await freshPool(), await freshPool()]
        const bare = newReplica(one)
        const whole = newReplica(other, {
          status: 'ACTIVE',
          createdAt: 1,
          modifiedAt: 2,
          settings: { ...bare.settings, SmsConfiguration: { ExternalId: 'ä' } },
          tags: {},
        })
        for (const replica of [bare, whole]) await store.replicas.create(replica)
        assert.deepEqual(await store.replicas.of([one]), [bare])
        const both = await store.replicas.of([other, none, one])
        assert.deepEqual(new Set(both), new Set([whole, bare]))
        assert.deepEqual(await store.replicas.of([]), [])
      })

      test('are one at most, wherever it is', async () => {
        const poolId = await freshPool()
        await store.replicas.create(newReplica(poolId))
        for (const region of ['us-west-2', 'eu-west-1'])
          await assert.rejects(store.replicas.create(newReplica(poolId, { region })), DuplicateKey)
      })

      test('have a status, saved by whoever loaded the newest, and go by pool and region', async () => {
        const poolId = await freshPool()
        const replica = newReplica(poolId)
        await store.replicas.create(replica)
        await store.replicas.save({ ...replica, status: 'ACTIVE' })
        await assert.rejects(store.replicas.save({ ...replica, status: 'INACTIVE' }), StaleRow)
        assert.deepEqual(await store.replicas.of([poolId]), [{ ...replica, status: 'ACTIVE', version: 2 }])
        assert.equal(await store.replicas.delete(poolId, 'eu-west-1'), false)
        assert.equal(await store.replicas.delete(poolId, 'us-west-2'), true)
        assert.equal(await store.replicas.delete(poolId, 'us-west-2'), false)
      })

      test('are what a pool is there, and nowhere else', async () => {
        const poolId = await freshPool()
        const replica = newReplica(poolId, { tags: { side: 'west' } })
        await store.replicas.create(replica)
        const home = await store.pools.find(poolId)
        assert.deepEqual(await store.pools.find(poolId, 'us-east-1'), home)
        assert.equal(await store.pools.find(poolId, 'eu-west-1'), undefined)
        assert.ok(home)
        const seen = await store.pools.find(poolId, 'us-west-2')
        assert.deepEqual(seen, poolIn(home, replica))
        await store.pools.save({ ...seen, name: 'other', tags: { side: 'far west' } })
        await assert.rejects(store.pools.save({ ...seen, tags: {} }), StaleRow)
        assert.deepEqual(await store.pools.find(poolId), home)
        const tags = { side: 'far west' }
        assert.deepEqual(await store.replicas.of([poolId]), [{ ...replica, tags, version: 2 }])
      })

      test('are listed in order among the pools of their region', async () => {
        const region = 'ap-south-2'
        const ids: UserPoolId[] = []
        for (let index = 0; index < 4; index += 1) {
          const own = newPool({}, region)
          await store.pools.create(own, newKeys())
          const visiting = await freshPool()
          await store.replicas.create(newReplica(visiting, { region }))
          ids.push(own.id, visiting)
        }
        for (const limit of [1, 3, 8, 9]) {
          const pages = await pagesOf(
            (page) => store.pools.page(region, page),
            ({ id }) => id,
            limit,
          )
          assert.deepEqual(pages.flat(), ids.toSorted())
        }
        for (const pool of await store.pools.page(region, { limit: 8 }))
          assert.deepEqual(pool, await store.pools.find(pool.id, region))
      })
    })

    describe('groups', () => {
      before(async () => {
        poolId = await freshPool()
      })

      async function freshGroup(groupName: string, over: Partial<Group> = {}): Promise<Group> {
        const group = newGroup(poolId, groupName, over)
        await store.groups.create(group)
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
          assert.deepEqual(await store.groups.find(poolId, group.name), group)
        }
        assert.equal(await store.groups.find(await freshPool(), 'bare'), undefined)
        assert.equal(await store.groups.find(poolId, 'Bare'), undefined)
      })

      test('have a name of their own in their pool', async () => {
        const group = await freshGroup('own', { description: 'first' })
        await assert.rejects(freshGroup('own', { description: 'second' }), DuplicateKey)
        await store.groups.create({ ...group, poolId: await freshPool() })
        assert.deepEqual(await store.groups.find(poolId, 'own'), group)
      })

      test('are saved by whoever loaded the newest', async () => {
        const group = await freshGroup('saved', { description: 'old', precedence: 3 })
        await store.groups.save({ ...group, description: 'new', modifiedAt: group.modifiedAt + 1 })
        await assert.rejects(store.groups.save({ ...group, description: 'late' }), StaleRow)
        const saved = { ...group, description: 'new', modifiedAt: group.modifiedAt + 1, version: 2 }
        assert.deepEqual(await store.groups.find(poolId, 'saved'), saved)
      })

      test('are paged by name, those of the pool and those of a user', async () => {
        poolId = await freshPool()
        const other = await freshPool()
        const inOrder = ['Z', 'a', 'b', '\u{FFFD}', '\u{1F600}']
        for (const pool of [poolId, other]) {
          await store.users.create(newUser(pool, 'ada'), [])
          for (const groupName of inOrder.toReversed()) await store.groups.create(newGroup(pool, groupName))
        }
        await freshGroup('c')
        for (const groupName of inOrder) await store.memberships.add(poolId, name('ada'), groupName)
        for (const limit of [1, 2, 5, 6]) {
          const all = await pagesOf((page) => store.groups.page(poolId, page), byName, limit)
          assert.deepEqual(all.flat(), ['Z', 'a', 'b', 'c', '\u{FFFD}', '\u{1F600}'])
          const load = (page: PageRequest) => store.memberships.groupsOf(poolId, name('ada'), page)
          assert.deepEqual((await pagesOf(load, byName, limit)).flat(), inOrder)
        }
        const [found] = await store.memberships.groupsOf(poolId, name('ada'), { limit: 1 })
        assert.deepEqual(found, await store.groups.find(poolId, 'Z'))
        assert.deepEqual(await store.memberships.groupsOf(other, name('ada'), { limit: 1 }), [])
      })

      test('have members, whole and in order of name, who come once and go', async () => {
        await freshGroup('members')
        const [b, a] = [
          await freshUser('b', { attributes: { name: 'B', email: 'b@example.com' } }),
          await freshUser('a', { attributes: { name: 'A' } }),
        ]
        await freshUser('stranger')
        for (const user of [b, a, b]) await store.memberships.add(poolId, user.username, 'members')
        const load = (page: PageRequest) => store.users.pageOfGroup(poolId, 'members', page)
        assert.deepEqual(await load({ limit: 10 }), [a, b])
        assert.deepEqual(await pagesOf(load, byUsername, 1), [['a'], ['b']])
        for (const _ of ['once', 'twice']) await store.memberships.remove(poolId, a.username, 'members')
        assert.deepEqual(await load({ limit: 10 }), [b])
      })

      test('are deleted once, and their memberships with them', async () => {
        const { username } = await freshUser('leaver')
        for (const groupName of ['going', 'staying']) {
          await freshGroup(groupName)
          await store.memberships.add(poolId, username, groupName)
        }
        assert.equal(await store.groups.delete(poolId, 'going'), true)
        assert.equal(await store.groups.delete(poolId, 'going'), false)
        await freshGroup('going')
        const left = await store.memberships.groupsOf(poolId, username, { limit: 10 })
        assert.deepEqual(left.map(byName), ['staying'])
      })

      test('are held while they are counted, and so are those of a user', async () => {
        poolId = await freshPool()
        const { username } = await freshUser('held')
        const counts: number[] = []
        await Promise.all(
          ['a', 'b', 'c', 'd', 'e'].map((groupName) =>
            store.transaction(async (tables) => {
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
        await assert.rejects(store.groups.hold(id), StaleRow)
        await assert.rejects(store.memberships.hold(poolId, name('nobody')), StaleRow)
        await assert.rejects(store.memberships.add(poolId, username, 'none'), StaleRow)
        assert.equal((await store.users.find(poolId, username))?.version, 1)
      })

      test('that are deleted while somebody joins leave no membership behind, and no more do users', async () => {
        for (let round = 0; round < 20; round += 1) {
          const { username } = await freshUser(`racer ${round}`)
          await freshGroup('raced')
          const join = () =>
            store.transaction(async (tables) => {
              await tables.memberships.hold(poolId, username)
              await tables.memberships.add(poolId, username, 'raced')
            })
          const [userGone, groupGone, joined] = await Promise.allSettled([
            round % 2 === 0 ? store.users.delete(poolId, username) : undefined,
            round % 2 === 1 ? store.groups.delete(poolId, 'raced') : undefined,
            join(),
          ])
          for (const { status } of [userGone, groupGone]) assert.equal(status, 'fulfilled')
          if (joined.status === 'rejected') assert.ok(joined.reason instanceof StaleRow)
          const rows = (await allRows(place)).get('group_members') ?? []
          assert.ok(!rows.some((row) => row.username === username), `round ${round}`)
          await store.groups.delete(poolId, 'raced')
        }
      })
    })

    describe('events', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('are held as they stand, and found as they were saved', async () => {
        const event = newAuthEvent(poolId)
        assert.deepEqual(await store.authEvents.hold(event), event)
        const feedback = { value: 'Valid', provider: 'Admin', at: event.at } as const
        await store.authEvents.save({ ...event, response: 'Pass', feedback })
        const saved = { ...event, response: 'Pass', feedback }
        assert.deepEqual(await store.authEvents.hold({ ...event, type: 'SignUp' }), saved)
        assert.deepEqual(await store.authEvents.find(poolId, event.username, event.id), saved)
        assert.equal(await store.authEvents.find(poolId, name('bob'), event.id), undefined)
      })

      test('are nobody else to change while they are held', async () => {
        const event = newAuthEvent(poolId)
        const result = { name: 'Mfa', response: 'Failure' } as const
        const change = () =>
          store.transaction(async ({ authEvents }) => {
            const held = await authEvents.hold(event)
            await authEvents.save({ ...held, challenges: [...held.challenges, result] })
          })
        await Promise.all(Array.from({ length: 8 }, change))
        const after = await store.authEvents.find(poolId, event.username, event.id)
        assert.deepEqual(after?.challenges, Array(8).fill(result))
      })

      test('are paged by user, the newest first, and by id where they are of one moment', async () => {
        const username = name('paged')
        const at = [3, 1, 2, 2, 20] as const
        const events = at.map((at, index) => newAuthEvent(poolId, { username, at, id: `event-${index}` }))
        for (const event of events) await store.authEvents.hold(event)
        await store.authEvents.hold(newAuthEvent(poolId, { username: name('other') }))
        const pages = await pagesOf(
          (page) => store.authEvents.page(poolId, username, page),
          ({ at, id }) => `${at} ${id}`,
          2,
        )
        assert.deepEqual(pages, [['20 event-4', '3 event-0'], ['2 event-3', '2 event-2'], ['1 event-1']])
      })

      test('go when their time is over, and with their user', async () => {
        const username = name('leaving')
        await freshUser(username)
        const { expiresAt } = newAuthEvent(poolId)
        const [old, kept] = [expiresAt - 1, expiresAt].map((expiresAt) =>
          newAuthEvent(poolId, { username, expiresAt }),
        )
        assert.ok(old && kept)
        for (const event of [old, kept]) await store.authEvents.hold(event)
        await store.authEvents.deleteExpired(expiresAt)
        assert.deepEqual(await store.authEvents.page(poolId, username, { limit: 9 }), [kept])
        await store.users.delete(poolId, username)
        assert.deepEqual(await store.authEvents.page(poolId, username, { limit: 9 }), [])
      })
    })
  })
}

const byName = (group: Group): string => group.name
const byUsername = (user: User): string => user.username
