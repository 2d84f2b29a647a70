import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { sessionsAt } from '../../../test/sessions.ts'
import {
  claimsOf,
  createPlace,
  getUser,
  type Place,
  refresh,
  refused,
  type Tokens,
  tokensOf,
} from '../../../test/tokens.ts'
import { minutes } from '../../lib/instant.ts'

const notFound = refusal('ResourceNotFoundException', 'Session does not exist.')

describe('sessions', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const user = async (name: string, at = place) => {
      await createUser(server(), at.UserPoolId, name)
      return name
    }
    const { track, list, adminList, adminRevoke, idOf } = sessionsAt(server, () => place)

    describe('over the limit', () => {
      test('the least lately active gives way to the next sign-in; a lower limit alone ends none', async () => {
        const at = await createPlace(server())
        await track(at, 3)
        const name = await user('limited', at)
        const signedIn: Tokens[] = []
        for (let index = 0; index < 3; index += 1) {
          server().clock.now += minutes(1)
          signedIn.push(await tokensOf(server(), at, name))
        }
        const [first, second, third] = signedIn as [Tokens, Tokens, Tokens]
        server().clock.now += minutes(1)
        await refresh(server(), at, first.RefreshToken)
        const fourth = await tokensOf(server(), at, name)
        await assert.rejects(getUser(server(), second.AccessToken), refused.accessRevoked)
        await assert.rejects(refresh(server(), at, second.RefreshToken), refused.refreshRevoked)
        for (const tokens of [first, third, fourth]) await getUser(server(), tokens.AccessToken)
        await track(at, 1)
        assert.equal((await adminList(name, at)).length, 3)
        server().clock.now += minutes(1)
        const last = await tokensOf(server(), at, name)
        assert.deepEqual(
          (await adminList(name, at)).map(({ SessionId }) => SessionId),
          [await idOf(last)],
        )
      })

      test('there is no way past it: of forty who sign in at once no more stay than may', async () => {
        const at = await createPlace(server())
        await track(at, 5)
        const name = await user('crowd', at)
        const crowd = await Promise.all(Array.from({ length: 40 }, () => tokensOf(server(), at, name)))
        assert.equal((await adminList(name, at)).length, 5)
        const verdicts = await Promise.allSettled(
          crowd.map(({ AccessToken }) => getUser(server(), AccessToken)),
        )
        assert.equal(verdicts.filter(({ status }) => status === 'fulfilled').length, 5)
      })

      test('is counted for each user, and without sessions that ended', async () => {
        const at = await createPlace(server())
        await track(at, 2)
        const [name, other] = [await user('counted', at), await user('neighbour', at)]
        const theirs = await tokensOf(server(), at, other)
        const kept = await tokensOf(server(), at, name)
        const ended = await tokensOf(server(), at, name)
        await adminRevoke(name, await idOf(ended), 'NONE', at)
        await tokensOf(server(), at, name)
        await getUser(server(), kept.AccessToken)
        await getUser(server(), theirs.AccessToken)
      })
    })

    describe('while tracking is off', () => {
      test('leave no record, and their tokens are as ever', async () => {
        const at = await createPlace(server())
        const name = await user('untracked', at)
        const tokens = await tokensOf(server(), at, name)
        const claims = Object.keys(claimsOf(tokens.AccessToken))
        assert.deepEqual(await list(tokens.AccessToken), [])
        await track(at)
        assert.deepEqual(await adminList(name, at), [])
        const tracked = await tokensOf(server(), at, name)
        assert.deepEqual(Object.keys(claimsOf(tracked.AccessToken)), claims)
        const id = await idOf(tracked)
        await track(at, 20, false)
        assert.deepEqual(await adminList(name, at), [])
        await assert.rejects(adminRevoke(name, id, 'NONE', at), notFound)
        await refresh(server(), at, tracked.RefreshToken)
        await track(at, 20)
        assert.equal((await adminList(name, at)).length, 1)
      })

      test('are not limited', async () => {
        const at = await createPlace(server())
        await track(at, 1, false)
        const name = await user('unlimited', at)
        const [first] = [await tokensOf(server(), at, name), await tokensOf(server(), at, name)]
        await getUser(server(), first?.AccessToken ?? '')
      })
    })
  })
})
