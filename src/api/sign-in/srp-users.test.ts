import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createUser, password, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { claimOf, newSrp } from '../../../test/srp-client.ts'
import {
  changeUser,
  clientOf,
  createPlace,
  type Place,
  poolName,
  refused,
  respond,
  signInBySrp,
  startSrp,
} from '../../../test/tokens.ts'
import { days } from '../../lib/instant.ts'

/** By the operations that anybody may call, or by those of administrators: all of it is the same. */
for (const admin of [false, true]) {
  describe(`USER_SRP_AUTH by ${admin ? 'AdminInitiateAuth' : 'InitiateAuth'}, of`, () => {
    onEachStore((server) => {
      let place: Place
      let hiding: Place
      before(async () => {
        place = { ...(await createPlace(server())), admin }
        hiding = {
          ...(await clientOf(server(), place.UserPoolId, { PreventUserExistenceErrors: 'ENABLED' })),
          admin,
        }
        await createUser(server(), place.UserPoolId, 'ada')
      })

      describe('somebody who does not exist', () => {
        test('is told so by a client that does not hide it', async () => {
          await assert.rejects(
            startSrp(server(), place, { USERNAME: 'nobody', SRP_A: newSrp().A }),
            refused.unknownUser,
          )
        })

        test('has the same salt at every try, and the id that others have', async () => {
          const parameters = async (USERNAME: string) =>
            (await startSrp(server(), hiding, { USERNAME, SRP_A: newSrp().A })).ChallengeParameters ?? {}
          const [first, again, other] = [
            await parameters('nobody'),
            await parameters('nobody'),
            await parameters('no-one'),
          ]
          assert.deepEqual(
            [first.SALT, first.USER_ID_FOR_SRP, first.USERNAME],
            [again.SALT, 'nobody', 'nobody'],
          )
          assert.notEqual(first.SALT, other.SALT)
          assert.match(first.SALT ?? '', /^[1-9a-f][0-9a-f]{0,31}$/)
          const known = await parameters('ada')
          assert.deepEqual([known.USER_ID_FOR_SRP, known.USERNAME], ['ada', 'ada'])
          assert.deepEqual(Object.keys(first), Object.keys(known))
        })

        test('has a UUID for an id where that is what usernames are, or where the name can only be an alias', async () => {
          const hides = { PreventUserExistenceErrors: 'ENABLED' as const }
          const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
          for (const identity of [
            { UsernameAttributes: ['email' as const] },
            { AliasAttributes: ['email' as const] },
          ]) {
            const at = { ...(await createPlace(server(), hides, identity)), admin }
            const id = async (USERNAME: string) =>
              (await startSrp(server(), at, { USERNAME, SRP_A: newSrp().A })).ChallengeParameters
                ?.USER_ID_FOR_SRP ?? ''
            assert.match(await id('nobody@example.com'), uuid)
            assert.equal(await id('nobody@example.com'), await id('nobody@example.com'))
            assert.notEqual(await id('nobody@example.com'), await id('no-one@example.com'))
          }
        })

        test('fails with the claim as anybody does, and locks as anybody does', async () => {
          const attempt = () => signInBySrp(server(), hiding, 'nobody-else')
          for (let index = 0; index < 5; index += 1) await assert.rejects(attempt(), refused.credentials)
          await assert.rejects(attempt(), refused.locked)
        })
      })

      describe('a user who cannot sign in as they are', () => {
        const rows = [
          ['unconfirmed', { status: 'UNCONFIRMED' }, refused.notConfirmed, refused.notConfirmed],
          ['to-reset', { status: 'RESET_REQUIRED' }, refused.mustReset, refused.mustReset],
          ['without-password', { password: undefined }, refused.credentials, refused.credentials],
        ] as const
        for (const [name, state, told, hidden] of rows) {
          test(name, async () => {
            await createUser(server(), place.UserPoolId, name)
            await changeUser(server(), place, name, ({ password, ...user }) => ({
              ...user,
              ...(password && { password }),
              ...(state as object),
            }))
            await assert.rejects(signInBySrp(server(), place, name), told)
            await assert.rejects(signInBySrp(server(), hiding, name), hidden)
          })
        }

        test('one who must reset hears so with any password, from a client that hides only with the right one', async () => {
          const wrong = 'Wrong-horse-9'
          await assert.rejects(signInBySrp(server(), place, 'to-reset', wrong), refused.mustReset)
          await assert.rejects(signInBySrp(server(), hiding, 'to-reset', wrong), refused.credentials)
        })

        test('a disabled one hears so, from a client that hides nothing of it', async () => {
          await createUser(server(), place.UserPoolId, 'disabled')
          const srp = newSrp()
          const { ChallengeParameters } = await startSrp(server(), place, {
            USERNAME: 'disabled',
            SRP_A: srp.A,
          })
          const claim = claimOf(srp, ChallengeParameters, poolName(place), 'disabled', password)
          await server().client.send(
            new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: 'disabled' }),
          )
          await assert.rejects(
            respond(server(), place, 'PASSWORD_VERIFIER', { USERNAME: 'disabled', ...claim }),
            refused.disabled,
          )
          await assert.rejects(signInBySrp(server(), place, 'disabled'), refused.disabled)
        })

        test('one who was deleted on the way is nobody', async () => {
          await createUser(server(), place.UserPoolId, 'deleted')
          for (const at of [place, hiding]) {
            await createUser(server(), at.UserPoolId, `deleted-${at.ClientId}`)
            const srp = newSrp()
            const name = `deleted-${at.ClientId}`
            const { ChallengeParameters } = await startSrp(server(), at, { USERNAME: name, SRP_A: srp.A })
            const claim = claimOf(srp, ChallengeParameters, poolName(at), name, password)
            await server().client.send(
              new AdminDeleteUserCommand({ UserPoolId: at.UserPoolId, Username: name }),
            )
            await assert.rejects(
              respond(server(), at, 'PASSWORD_VERIFIER', { USERNAME: name, ...claim }),
              at === place ? refused.unknownUser : refused.credentials,
            )
          }
        })
      })

      test('a temporary password leads on to a new one, and then in; an expired one nowhere', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'temporary')
        const temporary = 'Temporary-9'
        await server().client.send(
          new AdminSetUserPasswordCommand({ UserPoolId, Username: 'temporary', Password: temporary }),
        )
        const asked = await signInBySrp(server(), place, 'temporary', temporary)
        assert.equal(asked.ChallengeName, 'NEW_PASSWORD_REQUIRED')
        assert.equal(asked.ChallengeParameters?.USER_ID_FOR_SRP, 'temporary')
        assert.ok(asked.Session)
        const { AuthenticationResult } = await respond(
          server(),
          place,
          'NEW_PASSWORD_REQUIRED',
          { USERNAME: 'temporary', NEW_PASSWORD: password },
          asked.Session,
        )
        assert.ok(AuthenticationResult)
        assert.ok((await signInBySrp(server(), place, 'temporary')).AuthenticationResult)
        await server().client.send(
          new AdminSetUserPasswordCommand({ UserPoolId, Username: 'temporary', Password: temporary }),
        )
        server().clock.now += days(8)
        await assert.rejects(
          signInBySrp(server(), place, 'temporary', temporary),
          refusal(
            'NotAuthorizedException',
            'Temporary password has expired and must be reset by an administrator.',
          ),
        )
      })
    })
  })
}
