import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  type By,
  createFactorPool,
  everybody,
  firstFactors,
  type Place,
  respond,
  startByChoice,
} from '../factors.ts'
import { createUser, password, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import { claimOf, newSrp, type Srp } from '../srp-client.ts'

const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')
const missing = (name: string) => refusal('InvalidParameterException', `Missing required parameter ${name}`)

describe('signing in by choice, with a password', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createFactorPool(server(), { MfaConfiguration: 'OFF' }, firstFactors('EMAIL_OTP'))
    })
    const user = async (name: string) => {
      await createUser(server(), place.UserPoolId, name, { email: `${name}@example.com` })
      return name
    }
    type Answer = Awaited<ReturnType<typeof respond>>
    const prove = (asked: Answer, USERNAME: string, srp: Srp, by: By) => {
      assert.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
      const pool = place.UserPoolId.split('_')[1] ?? ''
      const claim = claimOf(srp, asked.ChallengeParameters, pool, USERNAME, password)
      return respond(server(), place, asked, { USERNAME, ...claim }, by)
    }

    for (const by of everybody) {
      test(`that is preferred and asked for, by the ${by} operations`, async () => {
        const USERNAME = await user(`preferred-${by}`)
        const asked = await startByChoice(server(), place, USERNAME, 'PASSWORD', by)
        assert.equal(asked.ChallengeName, 'PASSWORD')
        assert.ok(asked.Session)
        await assert.rejects(respond(server(), place, asked, { USERNAME }, by), missing('PASSWORD'))
        await assert.rejects(
          respond(server(), place, asked, { USERNAME, PASSWORD: 'Wrong-horse-9' }, by),
          wrong,
        )
        const done = await respond(server(), place, asked, { USERNAME, PASSWORD: password }, by)
        assert.ok(done.AuthenticationResult)
        assert.deepEqual(await server().sent(), [])
      })

      test(`that is preferred and proven by SRP, by the ${by} operations`, async () => {
        const USERNAME = await user(`proven-${by}`)
        const asked = await startByChoice(server(), place, USERNAME, 'PASSWORD_SRP', by)
        assert.equal(asked.ChallengeName, 'PASSWORD_SRP')
        await assert.rejects(respond(server(), place, asked, { USERNAME }, by), missing('SRP_A'))
        const srp = newSrp()
        const then = await respond(server(), place, asked, { USERNAME, SRP_A: srp.A }, by)
        assert.ok((await prove(then, USERNAME, srp, by)).AuthenticationResult)
      })

      test(`that is chosen, with the password along or A, by the ${by} operations`, async () => {
        const USERNAME = await user(`chosen-${by}`)
        const choose = async (ANSWER: string, more: Record<string, string> = {}) => {
          const asked = await startByChoice(server(), place, USERNAME, undefined, by)
          assert.equal(asked.ChallengeName, 'SELECT_CHALLENGE')
          return respond(server(), place, asked, { USERNAME, ANSWER, ...more }, by)
        }
        assert.ok((await choose('PASSWORD', { PASSWORD: password })).AuthenticationResult)
        const srp = newSrp()
        const proving = await choose('PASSWORD_SRP', { SRP_A: srp.A })
        assert.ok((await prove(proving, USERNAME, srp, by)).AuthenticationResult)
        const asked = await choose('PASSWORD_SRP')
        assert.equal(asked.ChallengeName, 'PASSWORD_SRP')
        const then = await respond(server(), place, asked, { USERNAME, SRP_A: srp.A }, by)
        assert.ok((await prove(then, USERNAME, srp, by)).AuthenticationResult)
        assert.equal((await choose('PASSWORD')).ChallengeName, 'PASSWORD')
      })
    }
  })
})
