/** What ports/store.ts promises, held on both engines. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { Alias } from '../src/domain/alias.ts'
import { placeIn, type UserFilter } from '../src/domain/filter.ts'
import type { ClientId, Username, UserPoolId } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import { AliasTaken, DuplicateKey, StaleRow, type Store } from '../src/ports/store.ts'
import { fillBesides, filledPool } from './filled-pool.ts'
import { pagesOf } from './pages-of.ts'
import { allRows, createPlace, type Place, vaultOf } from './places.ts'
import { newAuthSession, newClient, newKeys, newMessage, newPool, newTokenSession, newUser } from './rows.ts'

const email = (value: string): Alias => ({ kind: 'email', value })
const phone = (value: string): Alias => ({ kind: 'phone_number', value })
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

    describe('pools', () => {
      test('are found as they were created, and with their keys', async () => {
        const pool = newPool()
        const keys = newKeys()
        await store.pools.create(pool, keys)
        assert.deepEqual(await store.pools.find(pool.id), pool)
        assert.deepEqual(await store.pools.keys(pool.id), keys)
      })

      test('are not found when there is none', async () => {
        const { id } = newPool()
        assert.equal(await store.pools.find(id), undefined)
        assert.deepEqual(await store.pools.keys(id), [])
      })

      test('are saved by whoever loaded the newest, and count their versions', async () => {
        const pool = newPool()
        await store.pools.create(pool, newKeys())
        await store.pools.save({ ...pool, name: 'second' })
        const second = await store.pools.find(pool.id)
        assert.deepEqual(second, { ...pool, name: 'second', version: 2 })
        await assert.rejects(store.pools.save({ ...pool, name: 'late' }), StaleRow)
        assert.deepEqual(await store.pools.find(pool.id), second)
      })

      test('are paged by id within a region', async () => {
        const pools = ['b', 'a', 'C', 'd'].map((id) => newPool({ id: `eu-north-1_${id}` as UserPoolId }))
        for (const pool of pools) await store.pools.create(pool, newKeys())
        const ids = await pagesOf(
          (page) => store.pools.page('eu-north-1', page),
          (pool) => pool.id,
          3,
        )
        assert.deepEqual(ids, [['eu-north-1_C', 'eu-north-1_a', 'eu-north-1_b'], ['eu-north-1_d']])
        assert.deepEqual(await store.pools.page('eu-north-2', { limit: 10 }), [])
      })
    })

    describe('clients', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('are found by pool and id, and their pool by their id', async () => {
        const client = newClient(poolId)
        await store.clients.create(client)
        assert.deepEqual(await store.clients.find(poolId, client.id), client)
        assert.equal(await store.clients.poolOf(client.id), poolId)
        assert.equal(await store.clients.find(await freshPool(), client.id), undefined)
        assert.equal(await store.clients.poolOf('nobody' as ClientId), undefined)
      })

      test('have an id that no other client has, in any pool', async () => {
        const client = newClient(poolId)
        await store.clients.create(client)
        await assert.rejects(store.clients.create({ ...client, version: 9 }), DuplicateKey)
        const elsewhere = await freshPool()
        await assert.rejects(store.clients.create({ ...client, poolId: elsewhere }), DuplicateKey)
        assert.deepEqual(await store.clients.find(poolId, client.id), client)
        assert.equal(await store.clients.find(elsewhere, client.id), undefined)
      })

      test('are saved by whoever loaded the newest', async () => {
        const client = newClient(poolId)
        await store.clients.create(client)
        await store.clients.save({ ...client, modifiedAt: client.modifiedAt + 1 })
        await assert.rejects(store.clients.save(client), StaleRow)
        const saved = { ...client, modifiedAt: client.modifiedAt + 1, version: 2 }
        assert.deepEqual(await store.clients.find(poolId, client.id), saved)
      })

      test('are deleted once, with their sessions and nobody else’s', async () => {
        const client = newClient(poolId)
        await store.clients.create(client)
        const gone = newTokenSession(poolId, { clientId: client.id })
        const going = newAuthSession(poolId, { clientId: client.id })
        const staying = newTokenSession(poolId)
        await store.tokenSessions.create(gone)
        await store.tokenSessions.create(staying)
        await store.authSessions.put(going)
        assert.equal(await store.clients.delete(poolId, client.id), true)
        assert.equal(await store.clients.delete(poolId, client.id), false)
        assert.equal(await store.clients.find(poolId, client.id), undefined)
        assert.equal(await store.clients.poolOf(client.id), undefined)
        assert.equal(await store.tokenSessions.find(poolId, gone.id), undefined)
        assert.equal(await store.authSessions.find(poolId, going.digest), undefined)
        assert.deepEqual(await store.tokenSessions.find(poolId, staying.id), staying)
      })

      test('are paged by id', async () => {
        poolId = await freshPool()
        const ids = ['c', 'a', 'b'].map((letter) => `${letter}${poolId}` as ClientId)
        for (const id of ids) await store.clients.create(newClient(poolId, { id }))
        const pages = await pagesOf(
          (page) => store.clients.page(poolId, page),
          (client) => client.id,
          2,
        )
        assert.deepEqual(pages, [[ids[1], ids[2]], [ids[0]]])
      })
    })

    describe('users', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('are found by name, by sub and by each alias, whole', async () => {
        const user = await freshUser(
          'ada',
          {
            attributes: { email: 'ada@example.com', name: 'Ada "\\ Lövelace\n\u{1F600}', address: '' },
            password: { salt: '00', sealedVerifier: 'sealed', setAt: 5 },
            mfa: { legacySms: true, enabled: ['SMS_MFA'], preferred: 'SMS_MFA' },
            signedOutAt: 9,
            enabled: false,
            status: 'RESET_REQUIRED',
          },
          [email('ada@example.com'), phone('+1')],
        )
        assert.deepEqual(await store.users.find(poolId, user.username), user)
        assert.deepEqual(await store.users.findBySub(poolId, user.sub), user)
        assert.deepEqual(await store.users.findByAlias(poolId, email('ada@example.com')), user)
        assert.deepEqual(await store.users.findByAlias(poolId, phone('+1')), user)
      })

      test('have members that are absent rather than empty', async () => {
        const user = await freshUser('bare')
        assert.deepEqual(await store.users.find(poolId, user.username), user)
      })

      test('are not found in another pool, in another case, or under another kind of alias', async () => {
        await freshUser('Case', {}, [email('Case@example.com')])
        assert.equal(await store.users.find(await freshPool(), name('Case')), undefined)
        assert.equal(await store.users.find(poolId, name('case')), undefined)
        assert.equal(await store.users.findByAlias(poolId, email('case@example.com')), undefined)
        assert.equal(await store.users.findByAlias(poolId, phone('Case@example.com')), undefined)
      })

      test('are created once: neither name nor sub is given to two', async () => {
        const user = await freshUser('once', { attributes: { name: 'first' } })
        await assert.rejects(
          store.users.create(newUser(poolId, 'once', { attributes: { name: 'second' } }), []),
          DuplicateKey,
        )
        await assert.rejects(
          store.users.create(newUser(poolId, 'twice', { sub: user.sub }), []),
          DuplicateKey,
        )
        assert.deepEqual(await store.users.find(poolId, user.username), user)
        assert.equal(await store.users.find(poolId, name('twice')), undefined)
      })

      test('share no alias, and one that clashes leaves nothing behind', async () => {
        await freshUser('holder', {}, [email('held@example.com')])
        const clashing = newUser(poolId, 'clashing', { attributes: { email: 'held@example.com' } })
        await assert.rejects(
          // The clash is the last thing to be written.
          store.users.create(clashing, [phone('+2'), email('held@example.com')]),
          (error) => error instanceof AliasTaken && error.alias.value === 'held@example.com',
        )
        assert.equal(await store.users.find(poolId, clashing.username), undefined)
        assert.equal(await store.users.findByAlias(poolId, phone('+2')), undefined)
        await freshUser('next', {}, [phone('+2')])
      })

      test('may hold an alias that another pool’s user holds', async () => {
        await freshUser('here', {}, [email('two@example.com')])
        const elsewhere = newUser(await freshPool(), 'there')
        await store.users.create(elsewhere, [email('two@example.com')])
        const found = await store.users.findByAlias(elsewhere.poolId, email('two@example.com'))
        assert.deepEqual(found, elsewhere)
      })

      test('are saved with exactly the attributes and aliases they are given', async () => {
        const before = await freshUser('save', { attributes: { name: 'old', email: 'a@b', locale: 'fi' } }, [
          email('save-old@example.com'),
          phone('+3'),
        ])
        const after: User = {
          ...before,
          modifiedAt: before.modifiedAt + 1,
          attributes: { name: 'new', email: 'a@b', zoneinfo: 'EET' },
        }
        await store.users.save(before, after, [email('save-new@example.com'), phone('+3')])
        assert.deepEqual(await store.users.find(poolId, before.username), { ...after, version: 2 })
        assert.equal(await store.users.findByAlias(poolId, email('save-old@example.com')), undefined)
        assert.equal((await store.users.findByAlias(poolId, email('save-new@example.com')))?.version, 2)
        assert.equal((await store.users.findByAlias(poolId, phone('+3')))?.version, 2)
      })

      test('are not saved from a row that is no longer the newest', async () => {
        const before = await freshUser('stale', { attributes: { name: 'one' } })
        await store.users.save(before, { ...before, attributes: { name: 'two' } }, [])
        await assert.rejects(
          store.users.save(before, { ...before, attributes: { name: 'three' } }, [
            email('stale@example.com'),
          ]),
          StaleRow,
        )
        const kept = { ...before, attributes: { name: 'two' }, version: 2 }
        assert.deepEqual(await store.users.find(poolId, before.username), kept)
        assert.equal(await store.users.findByAlias(poolId, email('stale@example.com')), undefined)
      })

      test('are not saved under an alias that somebody holds, nor in part', async () => {
        await freshUser('has', {}, [email('has@example.com')])
        const before = await freshUser('wants', { attributes: { name: 'one' } }, [phone('+4')])
        await assert.rejects(
          store.users.save(before, { ...before, attributes: { name: 'two' } }, [email('has@example.com')]),
          AliasTaken,
        )
        assert.deepEqual(await store.users.find(poolId, before.username), before)
        assert.deepEqual(await store.users.findByAlias(poolId, phone('+4')), before)
      })

      test('of fifty who save one at once, one succeeds', async () => {
        const before = await freshUser('race')
        const saves = Array.from({ length: 50 }, (_, index) =>
          store.users.save(before, { ...before, attributes: { name: `${index}` } }, []),
        )
        const outcomes = await Promise.allSettled(saves)
        const won = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
        assert.equal(won.length, 1)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof StaleRow)
        }
        const saved = await store.users.find(poolId, before.username)
        assert.deepEqual(saved?.attributes, { name: `${won[0]}` })
      })

      test('of fifty who want one alias at once, one gets it', async () => {
        const wanted = email('wanted@example.com')
        const creations = Array.from({ length: 50 }, (_, index) =>
          store.users.create(newUser(poolId, `wanting ${index}`), [wanted]),
        )
        const outcomes = await Promise.allSettled(creations)
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof AliasTaken)
        }
        const filter: UserFilter = { attribute: 'username', operator: '^=', value: 'wanting ' }
        assert.equal((await store.users.page(poolId, filter, { limit: 60 })).length, 1)
      })

      test('are deleted once, with all that is theirs, and are counted', async () => {
        poolId = await freshPool()
        await freshUser('staying', { attributes: { name: 'stays' } }, [email('stays@example.com')])
        const user = await freshUser('going', { attributes: { name: 'goes' } }, [email('goes@example.com')])
        await store.authSessions.put(newAuthSession(poolId, { username: user.username }))
        await fillBesides(store, user)
        assert.equal(await store.users.count(poolId), 2)
        assert.equal(await store.users.delete(poolId, user.username), true)
        assert.equal(await store.users.delete(poolId, user.username), false)
        assert.equal(await store.users.count(poolId), 1)
        for (const [table, rows] of await allRows(place)) {
          const theirs = rows.filter((row) => row.pool_id === poolId && row.username === user.username)
          assert.deepEqual(theirs, [], table)
        }
        const staying = await store.users.findByAlias(poolId, email('stays@example.com'))
        assert.deepEqual(staying?.attributes, { name: 'stays' })
      })
    })

    describe('pages of users', () => {
      // By code point: U+FFFD comes before U+1F600, whose UTF-16 begins with a surrogate below it.
      const inOrder = ['A', 'Z', 'a', 'ab', 'b', 'z', 'Å', 'ä', '\u{FFFD}', '\u{1F600}']

      before(async () => {
        poolId = await freshPool()
        for (const username of inOrder.toReversed())
          await freshUser(username, { attributes: { name: username } })
      })

      test('are in order of code point and miss nobody', async () => {
        for (const limit of [1, 3, 4, 10, 11]) {
          const pages = await pagesOf((page) => store.users.page(poolId, undefined, page), byUsername, limit)
          assert.deepEqual(pages.flat(), inOrder)
          assert.ok(pages.every((page) => page.length <= limit))
        }
      })

      test('go on behind their key when rows come and go in between', async () => {
        const first = await store.users.page(poolId, undefined, { limit: 3 })
        assert.deepEqual(first.map(byUsername), ['A', 'Z', 'a'])
        await store.users.delete(poolId, name('a'))
        await freshUser('0')
        await freshUser('aa')
        const second = await store.users.page(poolId, undefined, { after: 'a', limit: 3 })
        assert.deepEqual(second.map(byUsername), ['aa', 'ab', 'b'])
        assert.deepEqual(second[1]?.attributes, { name: 'ab' })
      })
    })

    describe('filters', () => {
      const subs = {
        ada: '0aaaaaaa-0000-4000-8000-000000000001',
        bob: '0aaaaaab-0000-4000-8000-000000000002',
      }

      before(async () => {
        poolId = await freshPool()
        await freshUser('ada', {
          sub: subs.ada,
          attributes: { email: 'ada@example.com', name: 'Ada', given_name: 'a%b', family_name: 'Å' },
        })
        await freshUser('adam', {
          status: 'FORCE_CHANGE_PASSWORD',
          attributes: {
            email: 'ada@example.org',
            name: 'Ada\u{10FFFF}m',
            given_name: 'aXb',
            phone_number: '+1555',
          },
        })
        await freshUser('bob', {
          sub: subs.bob,
          enabled: false,
          attributes: { name: 'Adb', given_name: 'a_b', family_name: 'Ä', phone_number: '+15556' },
        })
        await freshUser('\u{D7FF}x', {
          attributes: { name: '\u{10FFFF}', preferred_username: '\u{D7FF}end' },
        })
        await freshUser('\u{E000}', {
          attributes: { name: '\u{10FFFF}\u{10FFFF}z', preferred_username: '\u{E000}' },
        })
      })

      /** The username in a place: behind what was searched, where a listing is in order of that. */
      const usernameAt = (place: string) => (place.startsWith('[') ? JSON.parse(place)[1] : place)

      const all = ['ada', 'adam', 'bob', '\u{D7FF}x', '\u{E000}']
      const cases: readonly [UserFilter['attribute'], UserFilter['operator'], string, string[]][] = [
        ['username', '=', 'ada', ['ada']],
        ['username', '=', 'Ada', []],
        ['username', '=', 'ad', []],
        ['username', '^=', 'ad', ['ada', 'adam']],
        ['username', '^=', 'ada', ['ada', 'adam']],
        ['username', '^=', '', all],
        ['username', '^=', '\u{D7FF}', ['\u{D7FF}x']],
        ['username', '^=', 'c', []],
        ['sub', '=', subs.ada, ['ada']],
        ['sub', '^=', '0aaaaaa', ['ada', 'bob']],
        ['sub', '^=', '0aaaaaab', ['bob']],
        ['email', '=', 'ada@example.com', ['ada']],
        ['email', '=', 'ADA@example.com', []],
        ['email', '^=', 'ada@example.', ['ada', 'adam']],
        ['email', '^=', '', ['ada', 'adam']],
        ['phone_number', '=', '+1555', ['adam']],
        ['phone_number', '^=', '+1555', ['adam', 'bob']],
        // The last code point of all stands behind every prefix, and belongs to it.
        ['name', '^=', 'Ada', ['ada', 'adam']],
        ['name', '^=', 'Ada\u{10FFFF}', ['adam']],
        ['name', '^=', '\u{10FFFF}', ['\u{D7FF}x', '\u{E000}']],
        ['name', '^=', '\u{10FFFF}\u{10FFFF}', ['\u{E000}']],
        ['name', '=', '\u{10FFFF}', ['\u{D7FF}x']],
        // Nothing in a prefix is a pattern.
        ['given_name', '^=', 'a%', ['ada']],
        ['given_name', '^=', 'a_', ['bob']],
        ['given_name', '^=', 'a', ['ada', 'adam', 'bob']],
        ['family_name', '^=', 'Ä', ['bob']],
        ['family_name', '=', 'Å', ['ada']],
        // In order of what was searched, not of the username.
        ['family_name', '^=', '', ['bob', 'ada']],
        ['preferred_username', '^=', '\u{D7FF}', ['\u{D7FF}x']],
        ['preferred_username', '^=', '\u{E000}', ['\u{E000}']],
        ['cognito:user_status', '=', 'CONFIRMED', ['ada', 'bob', '\u{D7FF}x', '\u{E000}']],
        ['cognito:user_status', '=', 'confirmed', ['ada', 'bob', '\u{D7FF}x', '\u{E000}']],
        ['cognito:user_status', '^=', 'FORCE', ['adam']],
        ['cognito:user_status', '=', 'FORCE', []],
        ['status', '=', 'Enabled', ['ada', 'adam', '\u{D7FF}x', '\u{E000}']],
        ['status', '=', 'Disabled', ['bob']],
        ['status', '^=', 'Dis', ['bob']],
        ['status', '^=', '', all],
        ['status', '=', 'Dis', []],
      ]
      for (const [attribute, operator, value, expected] of cases) {
        test(`${attribute} ${operator} ${JSON.stringify(value)}`, async () => {
          const filter = { attribute, operator, value }
          for (const limit of [1, 60]) {
            const pages = await pagesOf(
              (page) => store.users.page(poolId, filter, page),
              (user) => placeIn(filter, user),
              limit,
            )
            assert.deepEqual(pages.flat().map(usernameAt), expected)
          }
        })
      }

      test('show users whole, and see no other pool', async () => {
        const filter: UserFilter = { attribute: 'email', operator: '=', value: 'ada@example.com' }
        const [found] = await store.users.page(poolId, filter, { limit: 1 })
        assert.deepEqual(found, await store.users.find(poolId, name('ada')))
        assert.deepEqual(await store.users.page(await freshPool(), filter, { limit: 1 }), [])
      })
    })

    describe('sign-ins under way', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('are found as they were put', async () => {
        const plain = newAuthSession(poolId)
        const full = newAuthSession(poolId, {
          question: { codeDigest: 'digest', offered: ['SMS_MFA'] },
          attempts: 3,
        })
        for (const session of [plain, full]) {
          await store.authSessions.put(session)
          assert.deepEqual(await store.authSessions.find(poolId, session.digest), session)
        }
        assert.equal(await store.authSessions.find(await freshPool(), plain.digest), undefined)
      })

      test('of two hundred who take one at once, one gets it', async () => {
        const session = newAuthSession(poolId)
        await store.authSessions.put(session)
        const takes = Array.from({ length: 200 }, () => store.authSessions.take(poolId, session.digest))
        const taken = (await Promise.all(takes)).filter((found) => found !== undefined)
        assert.deepEqual(taken, [session])
        assert.equal(await store.authSessions.find(poolId, session.digest), undefined)
      })

      test('count every wrong answer, also those that come at once', async () => {
        const session = newAuthSession(poolId)
        await store.authSessions.put(session)
        const counts = await Promise.all(
          Array.from({ length: 20 }, () => store.authSessions.countAttempt(poolId, session.digest)),
        )
        assert.deepEqual(
          counts.toSorted((a, b) => a - b),
          Array.from({ length: 20 }, (_, index) => index + 1),
        )
        assert.equal((await store.authSessions.find(poolId, session.digest))?.attempts, 20)
        assert.equal(await store.authSessions.countAttempt(poolId, 'nobody'), 0)
      })

      test('are swept away when they have ended', async () => {
        const old = newAuthSession(poolId, { expiresAt: 99 })
        const edge = newAuthSession(poolId, { expiresAt: 100 })
        await store.authSessions.put(old)
        await store.authSessions.put(edge)
        assert.equal(await store.authSessions.deleteExpired(100), 1)
        assert.equal(await store.authSessions.find(poolId, old.digest), undefined)
        assert.deepEqual(await store.authSessions.find(poolId, edge.digest), edge)
      })
    })

    describe('token sessions', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('are found by id and by refresh token', async () => {
        const plain = newTokenSession(poolId)
        const revoked = newTokenSession(poolId, { revokedAt: 7, scopes: [] })
        for (const session of [plain, revoked]) {
          await store.tokenSessions.create(session)
          assert.deepEqual(await store.tokenSessions.find(poolId, session.id), session)
          const found = await store.tokenSessions.findByRefreshToken(poolId, session.refreshDigest)
          assert.deepEqual(found, session)
        }
        const elsewhere = await freshPool()
        assert.equal(await store.tokenSessions.find(elsewhere, plain.id), undefined)
        assert.equal(await store.tokenSessions.findByRefreshToken(elsewhere, plain.refreshDigest), undefined)
      })

      test('are revoked all at once, but not a second time', async () => {
        const first = newTokenSession(poolId, { username: name('eve') })
        const second = newTokenSession(poolId, { username: name('eve'), revokedAt: 5 })
        const other = newTokenSession(poolId, { username: name('other') })
        for (const session of [first, second, other]) await store.tokenSessions.create(session)
        await store.tokenSessions.revokeAllOf(poolId, name('eve'), 10)
        assert.equal((await store.tokenSessions.find(poolId, first.id))?.revokedAt, 10)
        assert.equal((await store.tokenSessions.find(poolId, second.id))?.revokedAt, 5)
        assert.deepEqual(await store.tokenSessions.find(poolId, other.id), other)
      })

      test('are swept away when they have ended', async () => {
        const old = newTokenSession(poolId, { expiresAt: 99 })
        const edge = newTokenSession(poolId, { expiresAt: 100 })
        await store.tokenSessions.create(old)
        await store.tokenSessions.create(edge)
        assert.equal(await store.tokenSessions.deleteExpired(100), 1)
        assert.equal(await store.tokenSessions.find(poolId, old.id), undefined)
        assert.deepEqual(await store.tokenSessions.find(poolId, edge.id), edge)
      })
    })

    describe('transactions', () => {
      before(async () => {
        poolId = await freshPool()
      })

      test('give back what their work gives back, and keep all of it', async () => {
        const session = newAuthSession(poolId)
        const message = newMessage(poolId)
        const result = await store.transaction(async (tables) => {
          await tables.authSessions.put(session)
          await tables.messages.put(message)
          return 'done'
        })
        assert.equal(result, 'done')
        assert.deepEqual(await store.authSessions.find(poolId, session.digest), session)
        assert.deepEqual(await store.messages.list({ poolId, limit: 1 }), [message])
      })

      test('see their own writes before anybody else does', async () => {
        const session = newAuthSession(poolId)
        await store.transaction(async (tables) => {
          await tables.authSessions.put(session)
          assert.deepEqual(await tables.authSessions.find(poolId, session.digest), session)
          assert.equal(await store.authSessions.find(poolId, session.digest), undefined)
        })
        assert.deepEqual(await store.authSessions.find(poolId, session.digest), session)
      })

      test('leave nothing when their work throws', async () => {
        const session = newAuthSession(poolId)
        const kept = await freshUser('kept', { attributes: { name: 'one' } })
        const work = store.transaction(async (tables) => {
          await tables.authSessions.put(session)
          await tables.users.save(kept, { ...kept, attributes: { name: 'two' } }, [email('kept@example.com')])
          await tables.users.create(newUser(poolId, 'new'), [])
          throw new RangeError('enough')
        })
        await assert.rejects(work, RangeError)
        assert.equal(await store.authSessions.find(poolId, session.digest), undefined)
        assert.deepEqual(await store.users.find(poolId, kept.username), kept)
        assert.equal(await store.users.findByAlias(poolId, email('kept@example.com')), undefined)
        assert.equal(await store.users.find(poolId, name('new')), undefined)
      })

      test('leave nothing when an alias clashes at their end', async () => {
        await freshUser('first', {}, [email('clash@example.com')])
        const session = newAuthSession(poolId)
        const work = store.transaction(async (tables) => {
          await tables.authSessions.put(session)
          await tables.users.create(newUser(poolId, 'second'), [phone('+5'), email('clash@example.com')])
        })
        await assert.rejects(work, AliasTaken)
        assert.equal(await store.authSessions.find(poolId, session.digest), undefined)
        assert.equal(await store.users.find(poolId, name('second')), undefined)
        assert.equal(await store.users.findByAlias(poolId, phone('+5')), undefined)
      })

      test('that fail take no others with them', async () => {
        const sessions = Array.from({ length: 30 }, () => newAuthSession(poolId))
        const works = sessions.map((session, index) =>
          store.transaction(async (tables) => {
            await tables.authSessions.put(session)
            if (index % 3 === 0) throw new RangeError('every third')
          }),
        )
        const outcomes = await Promise.allSettled(works)
        for (const [index, { status }] of outcomes.entries()) {
          assert.equal(status, index % 3 === 0 ? 'rejected' : 'fulfilled')
        }
        const found = await Promise.all(sessions.map(({ digest }) => store.authSessions.find(poolId, digest)))
        assert.deepEqual(
          found.map((session) => session !== undefined),
          sessions.map((_, index) => index % 3 !== 0),
        )
      })

      test('take a session together with what follows from it, or neither', async () => {
        const session = newAuthSession(poolId)
        await store.authSessions.put(session)
        const work = store.transaction(async (tables) => {
          assert.deepEqual(await tables.authSessions.take(poolId, session.digest), session)
          throw new RangeError('no tokens')
        })
        await assert.rejects(work, RangeError)
        assert.deepEqual(await store.authSessions.take(poolId, session.digest), session)
      })
    })

    test('a pool that is deleted leaves no row in any table, and the others alone', async () => {
      const gone = await filledPool(store)
      const staying = await filledPool(store)
      const before = await allRows(place)
      for (const [table, rows] of before) {
        const concerned = rows.some((row) => JSON.stringify(row).includes(gone))
        assert.equal(concerned, table !== 'installation', `filledPool puts nothing into ${table}`)
      }
      await store.pools.delete(gone)
      const after = await allRows(place)
      for (const [table, rows] of after) {
        assert.doesNotMatch(JSON.stringify(rows), new RegExp(gone), table)
        const others = (before.get(table) ?? []).filter((row) => !JSON.stringify(row).includes(gone))
        assert.equal(rows.length, others.length, table)
      }
      assert.ok(await store.pools.find(staying))
    })

    test('what a message says is sealed, in every row and every file', async () => {
      const secrets = { body: 'body-8f1c2d77', subject: 'subject-8f1c2d77', code: 'code-8f1c2d77' }
      const message = newMessage(await freshPool(), secrets)
      await store.messages.put(message)
      const rows = JSON.stringify([...(await allRows(place))])
      assert.match(rows, new RegExp(message.id))
      assert.doesNotMatch(rows, /8f1c2d77/)
      const files = (await readdir(place.folder)).filter((file) => file.startsWith('cognate.sqlite'))
      assert.equal(files.length > 0, kind === 'sqlite')
      for (const file of files) {
        const content = await readFile(join(place.folder, file), 'latin1')
        assert.doesNotMatch(content, /8f1c2d77/, file)
      }
      assert.deepEqual(await store.messages.list({ poolId: message.poolId, limit: 1 }), [message])
    })
  })

  describe(`opening a store on ${kind}`, () => {
    let place: Place

    before(async () => {
      place = await createPlace(kind)
    })
    after(() => place?.remove())

    test('again keeps everything, and changes no table', async () => {
      const first = await openStore(place.engine(), vaultOf(7))
      const poolId = await filledPool(first)
      const user = await first.users.find(poolId, name('ada'))
      await first.close()
      const standing = await allRows(place)
      const second = await openStore(place.engine(), vaultOf(7))
      assert.deepEqual(await allRows(place), standing)
      assert.ok(user)
      assert.deepEqual(await second.users.find(poolId, name('ada')), user)
      assert.equal((await second.messages.list({ poolId, limit: 1 })).length, 1)
      await second.close()
    })

    test('with other keys is refused, and harms nothing', async () => {
      const standing = await allRows(place)
      await assert.rejects(openStore(place.engine(), vaultOf(8)), /sealed under other keys/)
      assert.deepEqual(await allRows(place), standing)
      const store = await openStore(place.engine(), vaultOf(7))
      await store.close()
    })

    test('once closed it takes nothing more', async () => {
      const store = await openStore(place.engine(), vaultOf(7))
      await store.close()
      await assert.rejects(store.pools.create(newPool(), newKeys()))
      await assert.rejects(store.transaction(async () => {}))
    })
  })
}

const byUsername = (user: User): string => user.username
