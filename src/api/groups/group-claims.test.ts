import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createUser } from '../../../test/fixtures.ts'
import { groupsAt, roleArn } from '../../../test/groups.ts'
import { onEachStore } from '../../../test/harness.ts'
import { claimsOf, createPlace, type Place, refresh, renew, tokensOf } from '../../../test/tokens.ts'
import { minutes } from '../../lib/instant.ts'

describe('the groups in tokens', () => {
  onEachStore((server) => {
    const { create, update, remove, join, leave } = groupsAt(server)
    let place: Place
    before(async () => {
      place = await createPlace(server())
      await create(place.UserPoolId, 'plain')
      await create(place.UserPoolId, 'writers', { Precedence: 1, RoleArn: roleArn('writer') })
      await create(place.UserPoolId, 'readers', { Precedence: 10, RoleArn: roleArn('reader') })
    })

    interface Pair {
      readonly AccessToken?: string | undefined
      readonly IdToken?: string | undefined
    }
    /** What each of the two tokens says of groups, and that the access token says nothing of roles. */
    function groupsIn({ AccessToken, IdToken }: Pair = {}) {
      const access = Object.entries(claimsOf(AccessToken)).filter(([name]) => name.startsWith('cognito:'))
      const { 'cognito:username': _, ...id } = Object.fromEntries(
        Object.entries(claimsOf(IdToken)).filter(([name]) => name.startsWith('cognito:')),
      )
      const { 'cognito:groups': groups } = id
      assert.deepEqual(access, groups === undefined ? [] : [['cognito:groups', groups]])
      return id
    }

    test('a user who is in none has no such claims', async () => {
      await createUser(server(), place.UserPoolId, 'nobody')
      assert.deepEqual(groupsIn(await tokensOf(server(), place, 'nobody')), {})
    })

    test('by precedence, with their roles, and the role of the first', async () => {
      await createUser(server(), place.UserPoolId, 'everybody')
      for (const name of ['plain', 'readers', 'writers']) await join(place.UserPoolId, 'everybody', name)
      assert.deepEqual(groupsIn(await tokensOf(server(), place, 'everybody')), {
        'cognito:groups': ['writers', 'readers', 'plain'],
        'cognito:roles': [roleArn('writer'), roleArn('reader')],
        'cognito:preferred_role': roleArn('writer'),
      })
    })

    test('a group without a role is named, and there are no roles', async () => {
      await createUser(server(), place.UserPoolId, 'ordinary')
      await join(place.UserPoolId, 'ordinary', 'plain')
      assert.deepEqual(groupsIn(await tokensOf(server(), place, 'ordinary')), { 'cognito:groups': ['plain'] })
    })

    test('of two that tie the roles are there and none is preferred', async () => {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'torn')
      await create(UserPoolId, 'editors', { Precedence: 1, RoleArn: roleArn('editor') })
      for (const name of ['writers', 'editors']) await join(UserPoolId, 'torn', name)
      assert.deepEqual(groupsIn(await tokensOf(server(), place, 'torn')), {
        'cognito:groups': ['editors', 'writers'],
        'cognito:roles': [roleArn('editor'), roleArn('writer')],
      })
    })

    test('a hundred of them, all', async () => {
      const big = await createPlace(server())
      await createUser(server(), big.UserPoolId, 'busy')
      const names = Array.from({ length: 100 }, (_, index) => `group-${100 + index}`)
      for (const name of names) {
        await create(big.UserPoolId, name)
        await join(big.UserPoolId, 'busy', name)
      }
      assert.deepEqual(groupsIn(await tokensOf(server(), big, 'busy')), { 'cognito:groups': names })
    })

    test('are those of another pool’s user of that name for nobody else', async () => {
      const other = await createPlace(server())
      for (const { UserPoolId } of [place, other]) await createUser(server(), UserPoolId, 'namesake')
      await join(place.UserPoolId, 'namesake', 'plain')
      assert.deepEqual(groupsIn(await tokensOf(server(), other, 'namesake')), {})
    })

    test('refreshed tokens show the groups of today', async () => {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'changing')
      await create(UserPoolId, 'passing', { Precedence: 3, RoleArn: roleArn('passing') })
      const { RefreshToken } = await tokensOf(server(), place, 'changing')
      const refreshed = async () => {
        server().clock.now += minutes(1)
        const today = groupsIn(await refresh(server(), place, RefreshToken))
        assert.deepEqual(groupsIn(await renew(server(), place, RefreshToken)), today)
        return today
      }
      const withRole = (role: string, ...groups: string[]) => ({
        'cognito:groups': groups,
        'cognito:roles': [roleArn(role)],
        'cognito:preferred_role': roleArn(role),
      })
      assert.deepEqual(await refreshed(), {})
      await join(UserPoolId, 'changing', 'plain')
      assert.deepEqual(await refreshed(), { 'cognito:groups': ['plain'] })
      await join(UserPoolId, 'changing', 'passing')
      assert.deepEqual(await refreshed(), withRole('passing', 'passing', 'plain'))
      await update(UserPoolId, 'passing', { RoleArn: roleArn('other') })
      assert.deepEqual(await refreshed(), withRole('other', 'passing', 'plain'))
      await leave(UserPoolId, 'changing', 'plain')
      assert.deepEqual(await refreshed(), withRole('other', 'passing'))
      await remove(UserPoolId, 'passing')
      assert.deepEqual(await refreshed(), {})
    })

    test('nothing of all this sends a message', async () => {
      assert.deepEqual(await server().sent(), [])
    })
  })
})
