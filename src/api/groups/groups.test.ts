import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { badToken, groupsAt, noGroup, pagesOf, roleArn } from '../../../test/groups.ts'
import { onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import type { UserPoolId as PoolId } from '../../domain/ids.ts'
import { quotas } from '../../domain/quotas.ts'

const exists = refusal('GroupExistsException', 'A group with the name already exists')
const full = refusal('LimitExceededException', 'The limit of 10000 groups in a user pool has been reached.')
const whole = { Description: 'Those who "read"\n', RoleArn: roleArn('reader'), Precedence: 0 }
const invalid = (value: string, at: string, constraint: string) =>
  refusal(
    'InvalidParameterException',
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${constraint}`,
  )

onEachStore((server) => {
  const { create, get, update, remove, list, join, members, ofUser } = groupsAt(server)
  let UserPoolId: string
  before(async () => {
    UserPoolId = await createPool(server())
  })

  describe('CreateGroup', () => {
    test('answers with the group, as GetGroup shows it from then on', async () => {
      server().clock.now += 1234
      const at = new Date(server().clock.now)
      const dates = { CreationDate: at, LastModifiedDate: at }
      for (const [GroupName, settings] of [
        ['whole', whole],
        ['bare', {}],
        ['äß-😀:/', { Description: '', Precedence: 2 ** 31 - 1 }],
        ['x'.repeat(128), { Description: 'x'.repeat(2048) }],
      ] as const) {
        const shown = { GroupName, UserPoolId, ...settings, ...dates }
        assert.deepEqual(await create(UserPoolId, GroupName, settings), shown)
        assert.deepEqual(await get(UserPoolId, GroupName), shown)
      }
    })

    test('refuses a name that the pool has, and changes nothing', async () => {
      const before = await create(UserPoolId, 'twice', whole)
      server().clock.now += 1000
      await assert.rejects(create(UserPoolId, 'twice', { Description: 'other' }), exists)
      assert.deepEqual(await get(UserPoolId, 'twice'), before)
      await create(await createPool(server()), 'twice')
      await create(UserPoolId, 'Twice')
    })

    test('of twenty at once one creates it', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => create(UserPoolId, 'wanted')),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 19)
      for (const { reason } of losers) exists(reason)
    })

    test('stops at ten thousand in a pool, also when several are created at once', async () => {
      const pool = await createPool(server())
      await server().app.store.transaction(async (store) => {
        for (let count = 0; count < quotas['groups in a user pool'] - 1; count += 1) {
          const name = `group-${count}`
          await store.groups.create({
            poolId: pool as PoolId,
            name,
            createdAt: 0,
            modifiedAt: 0,
            version: 1,
          })
        }
      })
      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => create(pool, name)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 3)
      for (const { reason } of losers) full(reason)
      await remove(pool, 'group-0')
      await create(pool, 'group-0')
    })

    test('refuses what is no group', async () => {
      const named = (name: string) => create(UserPoolId, name)
      await assert.rejects(
        named('two words'),
        invalid(
          'two words',
          'groupName',
          'Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+',
        ),
      )
      await assert.rejects(
        create(UserPoolId, 'negative', { Precedence: -1 }),
        invalid('-1', 'precedence', 'Member must have value greater than or equal to 0'),
      )
    })

    poolMustExist(server, (UserPoolId) => create(UserPoolId, 'nowhere'))
  })

  describe('GetGroup', () => {
    test('knows a group by its name, in its pool', async () => {
      const other = await createPool(server())
      await create(UserPoolId, 'here')
      for (const [pool, name] of [
        [other, 'here'],
        [UserPoolId, 'Here'],
        [UserPoolId, 'her'],
      ] as const) {
        await assert.rejects(get(pool, name), noGroup)
      }
    })

    poolMustExist(server, (UserPoolId) => get(UserPoolId, 'nowhere'))
  })

  describe('UpdateGroup', () => {
    test('changes what it names and keeps the rest', async () => {
      const created = await create(UserPoolId, 'changing', whole)
      for (const settings of [
        {},
        { Description: 'new' },
        { Precedence: 7 },
        { Precedence: 0, RoleArn: roleArn('writer') },
        { Description: '' },
      ]) {
        server().clock.now += 1000
        const before = await get(UserPoolId, 'changing')
        const after = { ...before, ...settings, LastModifiedDate: new Date(server().clock.now) }
        assert.deepEqual(await update(UserPoolId, 'changing', settings), after)
        assert.deepEqual(await get(UserPoolId, 'changing'), after)
        assert.deepEqual(after.CreationDate, created?.CreationDate)
      }
    })

    test('keeps the members, and leaves other groups alone', async () => {
      await create(UserPoolId, 'kept')
      const other = await create(UserPoolId, 'kept-too')
      await createUser(server(), UserPoolId, 'member')
      await join(UserPoolId, 'member', 'kept')
      await update(UserPoolId, 'kept', whole)
      const { Users } = await members(UserPoolId, 'kept')
      assert.deepEqual(
        Users?.map(({ Username }) => Username),
        ['member'],
      )
      assert.deepEqual(await get(UserPoolId, 'kept-too'), other)
    })

    test('of many at once loses none', async () => {
      await create(UserPoolId, 'busy')
      await Promise.all([
        ...Array.from({ length: 5 }, () => update(UserPoolId, 'busy', { Description: 'busy' })),
        ...Array.from({ length: 5 }, () => update(UserPoolId, 'busy', { Precedence: 5 })),
        ...Array.from({ length: 5 }, () => update(UserPoolId, 'busy', { RoleArn: roleArn('busy') })),
      ])
      const { Description, Precedence, RoleArn } = (await get(UserPoolId, 'busy')) ?? {}
      assert.deepEqual([Description, Precedence, RoleArn], ['busy', 5, roleArn('busy')])
    })

    test('a group that is not there', () => assert.rejects(update(UserPoolId, 'absent', whole), noGroup))
    poolMustExist(server, (UserPoolId) => update(UserPoolId, 'nowhere'))
  })

  describe('DeleteGroup', () => {
    test('deletes it for good: whoever was in it is not in another of its name', async () => {
      await createUser(server(), UserPoolId, 'orphan')
      for (const name of ['going', 'staying']) {
        await create(UserPoolId, name)
        await join(UserPoolId, 'orphan', name)
      }
      const { $metadata, ...output } = await remove(UserPoolId, 'going')
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      await assert.rejects(get(UserPoolId, 'going'), noGroup)
      await assert.rejects(remove(UserPoolId, 'going'), noGroup)
      await assert.rejects(members(UserPoolId, 'going'), noGroup)
      await create(UserPoolId, 'going')
      assert.deepEqual((await members(UserPoolId, 'going')).Users, [])
      const { Groups } = await ofUser(UserPoolId, 'orphan')
      assert.deepEqual(
        Groups?.map(({ GroupName }) => GroupName),
        ['staying'],
      )
    })

    test('of five who delete at once, one finds it', async () => {
      await create(UserPoolId, 'contested')
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () => remove(UserPoolId, 'contested')),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers) noGroup(reason)
    })

    poolMustExist(server, (UserPoolId) => remove(UserPoolId, 'nowhere'))
  })

  describe('ListGroups', () => {
    const names = ['B', 'a', 'b', 'c', 'ä']
    let pool: string
    before(async () => {
      pool = await createPool(server())
      for (const [index, name] of names.toReversed().entries()) {
        await create(pool, name, { Precedence: index })
      }
    })
    const pages = (Limit?: number) =>
      pagesOf((NextToken) => list(pool, { ...(Limit !== undefined && { Limit }), NextToken }))

    test('shows every group whole, in order of name', async () => {
      const { Groups, NextToken } = await list(pool)
      assert.deepEqual(Groups, await Promise.all(names.map((name) => get(pool, name))))
      assert.equal(NextToken, undefined)
    })

    test('a page at a time, each once; all where nothing or zero is said', async () => {
      assert.deepEqual(await pages(2), [['B', 'a'], ['b', 'c'], ['ä']])
      for (const limit of [undefined, 0, 5, 60]) assert.deepEqual(await pages(limit), [names])
      const empty = await list(await createPool(server()))
      assert.deepEqual([empty.Groups, empty.NextToken], [[], undefined])
    })

    test('sixty on a page at most', async () => {
      const many = await createPool(server())
      const all = Array.from({ length: 61 }, (_, index) => `group-${100 + index}`)
      for (const name of all) await create(many, name)
      assert.deepEqual(await pagesOf((NextToken) => list(many, { NextToken })), [
        all.slice(0, 60),
        all.slice(60),
      ])
      await assert.rejects(
        list(many, { Limit: 61 }),
        invalid('61', 'limit', 'Member must have value less than or equal to 60'),
      )
    })

    test('goes on where it was, whichever come and go in between', async () => {
      const moving = await createPool(server())
      for (const name of ['b', 'd', 'f', 'h']) await create(moving, name)
      const seen = await pagesOf(
        (NextToken) => list(moving, { Limit: 2, NextToken }),
        async (page) => {
          if (page > 1) return
          for (const name of ['a', 'e']) await create(moving, name)
          for (const name of ['d', 'f']) await remove(moving, name)
        },
      )
      assert.deepEqual(seen, [
        ['b', 'd'],
        ['e', 'h'],
      ])
    })

    test('a token is of this pool and this list only', async () => {
      await createUser(server(), pool, 'ada')
      for (const name of names) await join(pool, 'ada', name)
      const { NextToken = '' } = await list(pool, { Limit: 1 })
      const ofAda = await ofUser(pool, 'ada', { Limit: 1 })
      const other = await createPool(server())
      for (const [at, token] of [
        [other, NextToken],
        [pool, ofAda.NextToken],
        [pool, `${NextToken}x`],
        [pool, 'a'],
      ] as const) {
        await assert.rejects(list(at, { NextToken: token }), badToken)
      }
      assert.equal((await list(pool, { NextToken })).Groups?.length, 4)
    })

    poolMustExist(server, (UserPoolId) => list(UserPoolId))
  })
})
