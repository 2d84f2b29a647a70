import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { AdminDeleteUserCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { badToken, groupsAt, noGroup, pagesOf } from '../../../test/groups.ts'
import { onEachStore } from '../../../test/harness.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { quotas } from '../../domain/quotas.ts'

const noUser = refusal('UserNotFoundException', 'User does not exist.')
const full = refusal('LimitExceededException', 'The limit of 100 groups of a user has been reached.')

onEachStore((server) => {
  const { create, remove, list, join, leave, ofUser, members } = groupsAt(server)
  const groupsOf = async (UserPoolId: string, Username: string) =>
    (await ofUser(UserPoolId, Username)).Groups?.map(({ GroupName }) => GroupName)
  const membersOf = async (UserPoolId: string, GroupName: string) =>
    (await members(UserPoolId, GroupName)).Users?.map(({ Username }) => Username)
  const deleteUser = (UserPoolId: string, Username: string) =>
    server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username }))

  let UserPoolId: string
  before(async () => {
    UserPoolId = await createPool(server())
    for (const name of ['ada', 'bob']) await createUser(server(), UserPoolId, name)
    for (const name of ['readers', 'writers']) await create(UserPoolId, name)
  })

  describe('AdminAddUserToGroup', () => {
    test('puts a user into a group, once and for all', async () => {
      for (const _ of ['the first time', 'again']) {
        const { $metadata, ...output } = await join(UserPoolId, 'ada', 'writers')
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
        assert.deepEqual(await groupsOf(UserPoolId, 'ada'), ['writers'])
        assert.deepEqual(await membersOf(UserPoolId, 'writers'), ['ada'])
      }
      assert.deepEqual(await groupsOf(UserPoolId, 'bob'), [])
      assert.deepEqual(await membersOf(UserPoolId, 'readers'), [])
    })

    test('changes neither the user nor the group', async () => {
      const show = async () => [
        (await server().client.send(new ListUsersCommand({ UserPoolId }))).Users,
        (await list(UserPoolId)).Groups,
      ]
      const before = await show()
      server().clock.now += 1000
      await join(UserPoolId, 'bob', 'writers')
      assert.deepEqual(await show(), before)
    })

    test('needs a group and a user of this pool', async () => {
      const other = await createPool(server())
      await createUser(server(), other, 'ada')
      await assert.rejects(join(other, 'ada', 'writers'), noGroup)
      await assert.rejects(join(UserPoolId, 'ada', 'Writers'), noGroup)
      await create(other, 'writers')
      await assert.rejects(join(other, 'bob', 'writers'), noUser)
      assert.deepEqual(await membersOf(other, 'writers'), [])
    })

    test('stops at a hundred groups of a user, also when several are joined at once', async () => {
      const pool = await createPool(server())
      await createUser(server(), pool, 'busy')
      const names = Array.from({ length: quotas['groups of a user'] + 3 }, (_, index) => `group-${index}`)
      for (const name of names) await create(pool, name)
      for (const name of names.slice(0, quotas['groups of a user'] - 1)) await join(pool, 'busy', name)
      const outcomes = await Promise.allSettled(
        names.slice(quotas['groups of a user'] - 1).map((name) => join(pool, 'busy', name)),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 3)
      for (const { reason } of losers) full(reason)
      await join(pool, 'busy', 'group-0')
      await leave(pool, 'busy', 'group-0')
      await join(pool, 'busy', 'group-0')
    })

    poolMustExist(server, (UserPoolId) => join(UserPoolId, 'ada', 'nowhere'))

    test('of a group that is deleted meanwhile: nobody stays in it', async () => {
      for (let round = 0; round < 10; round += 1) {
        await create(UserPoolId, 'fleeting')
        const [, added] = await Promise.allSettled([
          remove(UserPoolId, 'fleeting'),
          join(UserPoolId, 'ada', 'fleeting'),
        ])
        if (added.status === 'rejected') noGroup(added.reason)
        await create(UserPoolId, 'fleeting')
        assert.deepEqual(await membersOf(UserPoolId, 'fleeting'), [])
        await remove(UserPoolId, 'fleeting')
      }
    })

    test('of a user who is deleted meanwhile: the next of that name is in no group', async () => {
      for (let round = 0; round < 10; round += 1) {
        await createUser(server(), UserPoolId, 'fleeting')
        const [, added] = await Promise.allSettled([
          deleteUser(UserPoolId, 'fleeting'),
          join(UserPoolId, 'fleeting', 'readers'),
        ])
        if (added.status === 'rejected') noUser(added.reason)
        await createUser(server(), UserPoolId, 'fleeting')
        assert.deepEqual(await groupsOf(UserPoolId, 'fleeting'), [])
        await deleteUser(UserPoolId, 'fleeting')
      }
    })
  })

  describe('AdminRemoveUserFromGroup', () => {
    test('takes a user out of this group, whether or not the user is in it', async () => {
      for (const name of ['readers', 'writers']) await join(UserPoolId, 'bob', name)
      await join(UserPoolId, 'ada', 'readers')
      for (const _ of ['the first time', 'again']) {
        const { $metadata, ...output } = await leave(UserPoolId, 'bob', 'readers')
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
        assert.deepEqual(await groupsOf(UserPoolId, 'bob'), ['writers'])
        assert.deepEqual(await membersOf(UserPoolId, 'readers'), ['ada'])
      }
    })

    test('needs a group', () => assert.rejects(leave(UserPoolId, 'ada', 'absent'), noGroup))
    poolMustExist(server, (UserPoolId) => leave(UserPoolId, 'ada', 'nowhere'))
  })

  describe('AdminListGroupsForUser', () => {
    const names = ['B', 'a', 'b', 'c', 'ä']
    let pool: string
    before(async () => {
      pool = await createPool(server())
      await createUser(server(), pool, 'ada')
      await create(pool, 'aa')
      for (const [index, name] of names.toReversed().entries()) {
        await create(pool, name, { Precedence: index, Description: name })
        await join(pool, 'ada', name)
      }
    })

    test("shows the user's groups whole, in order of name, and no others", async () => {
      const { Groups, NextToken } = await ofUser(pool, 'ada')
      const { Groups: all } = await list(pool)
      assert.deepEqual(
        Groups,
        all?.filter(({ GroupName }) => GroupName !== 'aa'),
      )
      assert.deepEqual([Groups?.length, NextToken], [5, undefined])
    })

    test('a page at a time, and goes on where it was, whichever come and go in between', async () => {
      const pages = (Limit: number) => pagesOf((NextToken) => ofUser(pool, 'ada', { Limit, NextToken }))
      assert.deepEqual(await pages(2), [['B', 'a'], ['b', 'c'], ['ä']])
      assert.deepEqual(await pages(5), [names])
      const seen = await pagesOf(
        (NextToken) => ofUser(pool, 'ada', { Limit: 2, NextToken }),
        async (page) => {
          if (page > 1) return
          await join(pool, 'ada', 'aa')
          await leave(pool, 'ada', 'b')
          await leave(pool, 'ada', 'a')
        },
      )
      assert.deepEqual(seen, [['B', 'a'], ['aa', 'c'], ['ä']])
    })

    test('does not take the zero that the model allows, in the words of the service', () =>
      assert.rejects(
        ofUser(pool, 'ada', { Limit: 0 }),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
      ))

    test('a token is of this user only', async () => {
      await createUser(server(), pool, 'bob')
      const other = await createPool(server())
      await createUser(server(), other, 'ada')
      const { NextToken = '' } = await ofUser(pool, 'ada', { Limit: 1 })
      const ofPool = await list(pool, { Limit: 1 })
      for (const [at, name, token] of [
        [pool, 'bob', NextToken],
        [other, 'ada', NextToken],
        [pool, 'ada', ofPool.NextToken],
        [pool, 'ada', 'a'],
      ] as const) {
        await assert.rejects(ofUser(at, name, { NextToken: token }), badToken)
      }
    })
  })

  describe('ListUsersInGroup', () => {
    let pool: string
    before(async () => {
      pool = await createPool(server())
      for (const name of ['staff', 'others']) await create(pool, name)
      for (const name of ['b', 'd', 'f', 'h', 'stranger']) await createUser(server(), pool, name)
      for (const name of ['h', 'f', 'd', 'b']) await join(pool, name, 'staff')
    })

    test('shows the members as ListUsers does, in order of name', async () => {
      const { Users, NextToken } = await members(pool, 'staff')
      const all = await server().client.send(new ListUsersCommand({ UserPoolId: pool }))
      assert.deepEqual(
        Users,
        all.Users?.filter(({ Username }) => Username !== 'stranger'),
      )
      assert.deepEqual([Users?.length, NextToken], [4, undefined])
      assert.deepEqual((await members(pool, 'staff', { Limit: 0 })).Users, Users)
    })

    test('a page at a time, and goes on where it was, whoever comes and goes in between', async () => {
      for (const name of ['a', 'e']) await createUser(server(), pool, name)
      const seen = await pagesOf(
        (NextToken) => members(pool, 'staff', { Limit: 2, NextToken }),
        async (page) => {
          if (page > 1) return
          for (const name of ['a', 'e']) await join(pool, name, 'staff')
          await leave(pool, 'd', 'staff')
          await deleteUser(pool, 'f')
        },
      )
      assert.deepEqual(seen, [
        ['b', 'd'],
        ['e', 'h'],
      ])
      assert.deepEqual(await membersOf(pool, 'staff'), ['a', 'b', 'e', 'h'])
    })

    test('a token is of this group only', async () => {
      const other = await createPool(server())
      await create(other, 'staff')
      const { NextToken = '' } = await members(pool, 'staff', { Limit: 1 })
      for (const [at, name, token] of [
        [pool, 'others', NextToken],
        [other, 'staff', NextToken],
        [pool, 'staff', `${NextToken}x`],
      ] as const) {
        await assert.rejects(members(at, name, { NextToken: token }), badToken)
      }
    })

    test('a group that is not there', () => assert.rejects(members(pool, 'absent'), noGroup))
    poolMustExist(server, (UserPoolId) => members(UserPoolId, 'nowhere'))
  })
})

for (const [operation, run] of [
  ['AdminAddUserToGroup', 'join'],
  ['AdminRemoveUserFromGroup', 'leave'],
] as const) {
  describe(`${operation}: the user`, () => {
    onUserSuite(operation, async (client, UserPoolId, Username) => {
      const groups = groupsAt(() => ({ client }))
      const { Groups } = await groups.list(UserPoolId)
      if (Groups?.length === 0) await groups.create(UserPoolId, 'staff')
      await groups[run](UserPoolId, Username, 'staff')
    })
  })
}

describe('AdminListGroupsForUser: the user', () => {
  onUserSuite('AdminListGroupsForUser', (client, UserPoolId, Username) =>
    groupsAt(() => ({ client })).ofUser(UserPoolId, Username),
  )
})
