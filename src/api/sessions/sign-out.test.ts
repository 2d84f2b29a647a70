import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUserGlobalSignOutCommand,
  GlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createUser } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  changeUser,
  clientOf,
  createPlace,
  getUser,
  type Place,
  refresh,
  refused,
  tokensOf,
} from '../../../test/tokens.ts'

for (const operation of ['GlobalSignOut', 'AdminUserGlobalSignOut'] as const) {
  describe(operation, () => {
    onEachStore((server) => {
      let place: Place
      before(async () => {
        place = await createPlace(server())
      })
      const signOut = (Username: string, AccessToken: string) =>
        operation === 'GlobalSignOut'
          ? server().client.send(new GlobalSignOutCommand({ AccessToken }))
          : server().client.send(
              new AdminUserGlobalSignOutCommand({ UserPoolId: place.UserPoolId, Username }),
            )

      test('revokes every token of the user at every client, and nobody else’s', async () => {
        await createUser(server(), place.UserPoolId, 'ada')
        await createUser(server(), place.UserPoolId, 'bob')
        const other = await clientOf(server(), place.UserPoolId)
        const irrevocable = await clientOf(server(), place.UserPoolId, { EnableTokenRevocation: false })
        const places = [place, other, irrevocable]
        const mine = await Promise.all(places.map((at) => tokensOf(server(), at, 'ada')))
        const theirs = await tokensOf(server(), place, 'bob')
        const { $metadata: _, ...answer } = await signOut('ada', mine[0]?.AccessToken ?? '')
        assert.deepEqual(answer, {})
        for (const [index, tokens] of mine.entries()) {
          await assert.rejects(getUser(server(), tokens.AccessToken), refused.accessRevoked)
          await assert.rejects(
            refresh(server(), places[index] ?? place, tokens.RefreshToken),
            refused.refreshRevoked,
          )
        }
        await getUser(server(), theirs.AccessToken)
        assert.ok(await refresh(server(), place, theirs.RefreshToken))
      })

      test('lets the user sign in again, and does not touch the user', async () => {
        await createUser(server(), place.UserPoolId, 'again')
        const show = async () => {
          const { $metadata: _, ...user } = await server().client.send(
            new AdminGetUserCommand({ UserPoolId: place.UserPoolId, Username: 'again' }),
          )
          return user
        }
        const [before, { AccessToken }] = [await show(), await tokensOf(server(), place, 'again')]
        server().clock.now += 5000
        await signOut('again', AccessToken)
        assert.deepEqual(await show(), before)
        server().clock.now += 1000
        const next = await tokensOf(server(), place, 'again')
        await getUser(server(), next.AccessToken)
        await signOut('again', next.AccessToken)
        if (operation === 'GlobalSignOut') {
          await assert.rejects(signOut('again', next.AccessToken), refused.accessRevoked)
        }
      })

      test('of a user who is not there, or not in order', async () => {
        await createUser(server(), place.UserPoolId, 'odd')
        const { AccessToken } = await tokensOf(server(), place, 'odd')
        if (operation === 'GlobalSignOut') {
          for (const [status, expected] of [
            ['UNCONFIRMED', refused.notConfirmed],
            ['RESET_REQUIRED', refused.mustReset],
          ] as const) {
            await changeUser(server(), place, 'odd', (user) => ({ ...user, status }))
            await assert.rejects(signOut('odd', AccessToken), expected)
          }
        }
        await server().client.send(
          new AdminDeleteUserCommand({ UserPoolId: place.UserPoolId, Username: 'odd' }),
        )
        await assert.rejects(
          signOut('odd', AccessToken),
          operation === 'GlobalSignOut' ? refused.accessRevoked : refused.unknownUser,
        )
      })

      test('while twenty sign in and refresh, leaves nobody in whom it met', async () => {
        await createUser(server(), place.UserPoolId, 'busy')
        const { AccessToken, RefreshToken } = await tokensOf(server(), place, 'busy')
        const refreshing = Promise.allSettled(
          Array.from({ length: 20 }, () => refresh(server(), place, RefreshToken)),
        )
        await signOut('busy', AccessToken)
        for (const result of await refreshing) {
          if (result.status === 'rejected') refused.refreshRevoked(result.reason)
          else await assert.rejects(getUser(server(), result.value?.AccessToken ?? ''), refused.accessRevoked)
        }
      })
    })
  })
}
