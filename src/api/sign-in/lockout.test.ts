import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createUser, password, phone, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  clientOf,
  createPlace,
  type Place,
  refused,
  respond,
  signIn,
  signInBySrp,
} from '../../../test/tokens.ts'
import { minutes, seconds } from '../../lib/instant.ts'

const wrong = 'Wrong-horse-9'

/** By the operations that anybody may call, or by those of administrators: all of it is the same. */
for (const admin of [false, true]) {
  describe(`wrong passwords${admin ? ' by administrators' : ''}`, () => {
    onEachStore((server) => {
      let place: Place
      const by = (at: Place): Place => ({ ...at, admin })
      before(async () => {
        place = by(await createPlace(server()))
      })
      const user = async (name: string) => {
        await createUser(server(), place.UserPoolId, name)
        return name
      }
      const attempt = (name: string, PASSWORD = wrong, at = place) => signIn(server(), at, name, { PASSWORD })
      const fail = async (name: string, times: number, at = place) => {
        for (let index = 0; index < times; index += 1) {
          await assert.rejects(attempt(name, wrong, at), refused.credentials)
        }
      }

      test('lock for a second after the fifth, twice as long after each further one, 15 minutes at most', async () => {
        const name = await user('curve')
        const { clock } = server()
        await fail(name, 4)
        const locks: number[] = []
        for (let failure = 5; failure <= 15; failure += 1) {
          await fail(name, 1)
          const lock = failure === 15 ? minutes(15) : seconds(2 ** (failure - 5))
          const end = clock.now + lock
          // The right password is no help, and trying does not make it longer.
          for (const [at, secret] of [
            [clock.now, wrong],
            [end - lock / 2, password],
            [end - 1, wrong],
            [end - 1, password],
          ] as const) {
            clock.now = at
            await assert.rejects(attempt(name, secret), refused.locked)
          }
          clock.now = end
          locks.push(lock / 1000)
        }
        assert.deepEqual(locks, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900])
        // Fifteen quiet minutes have passed: the count begins anew.
        await fail(name, 5)
        await assert.rejects(attempt(name), refused.locked)
      })

      test('are forgotten with a right one', async () => {
        const name = await user('forgiven')
        for (let round = 0; round < 3; round += 1) {
          await fail(name, 4)
          assert.ok((await attempt(name, password)).AuthenticationResult)
        }
        await fail(name, 5)
        server().clock.now += seconds(1)
        assert.ok((await attempt(name, password)).AuthenticationResult)
        await fail(name, 5)
      })

      test('are forgotten after fifteen quiet minutes, and not a moment before', async () => {
        const name = await user('quiet')
        await fail(name, 4)
        server().clock.now += minutes(15) - 1
        await fail(name, 1)
        await assert.rejects(attempt(name), refused.locked)
        server().clock.now += minutes(15)
        await fail(name, 4)
        assert.ok((await attempt(name, password)).AuthenticationResult)
      })

      test('count together, whichever flow and client they come by', async () => {
        const name = await user('together')
        const other = by(await clientOf(server(), place.UserPoolId))
        await fail(name, 2)
        await fail(name, 1, other)
        for (let index = 0; index < 2; index += 1) {
          await assert.rejects(signInBySrp(server(), place, name, wrong), refused.credentials)
        }
        await assert.rejects(attempt(name, password, other), refused.locked)
        await assert.rejects(signInBySrp(server(), place, name), refused.locked)
        await fail(await user('bystander'), 1)
      })

      test('count for a name that nobody has, under every spelling of it', async () => {
        const at = by(
          await createPlace(
            server(),
            { PreventUserExistenceErrors: 'ENABLED' },
            { UsernameConfiguration: { CaseSensitive: false } },
          ),
        )
        await fail('nobody', 3, at)
        await fail('Nobody', 2, at)
        await assert.rejects(attempt('NOBODY', wrong, at), refused.locked)
      })

      test('count together with wrong codes of a second factor', async () => {
        const at = by(
          await createPlace(server(), {}, { MfaConfiguration: 'ON', SmsConfiguration: smsConfiguration }),
        )
        const USERNAME = 'second'
        await createUser(server(), at.UserPoolId, USERNAME, { phone_number: phone })
        await fail(USERNAME, 3, at)
        const { Session } = await attempt(USERNAME, password, at)
        const [message] = await server().sent()
        const wrongCode = message?.code === '000000' ? '000001' : '000000'
        const answer = (SMS_MFA_CODE: string) =>
          respond(server(), at, 'SMS_MFA', { USERNAME, SMS_MFA_CODE }, Session)
        for (let index = 0; index < 2; index += 1) {
          await assert.rejects(answer(wrongCode), { name: 'CodeMismatchException' })
        }
        await assert.rejects(answer(message?.code ?? ''), refused.locked)
        await assert.rejects(attempt(USERNAME, password, at), refused.locked)
        server().clock.now += seconds(1)
        assert.ok((await answer(message?.code ?? '')).AuthenticationResult)
      })

      test('a hundred at once are worth five, and the right one behind them nothing', async () => {
        const name = await user('crowded')
        const guesses = Array.from({ length: 100 }, () => attempt(name))
        const results = await Promise.allSettled([...guesses, attempt(name, password)])
        const texts = results.map((result) =>
          result.status === 'rejected' ? String(result.reason.message) : 'signed in',
        )
        assert.equal(texts.filter((text) => text === 'Incorrect username or password.').length, 5)
        assert.equal(texts.filter((text) => text === 'Password attempts exceeded').length, 96)
        await assert.rejects(attempt(name, password), refused.locked)
        server().clock.now += seconds(1)
        assert.ok((await attempt(name, password)).AuthenticationResult)
      })
    })
  })
}
