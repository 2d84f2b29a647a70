import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { confirmedDevice, type TestDevice, tracking } from '../../../test/devices.ts'
import { createUser, password } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { claimOf, N, newSrp } from '../../../test/srp-client.ts'
import {
  createPlace,
  type Place,
  poolName,
  respond,
  signIn,
  startSrp,
  type Texts,
} from '../../../test/tokens.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { refusals } from '../refusals.ts'
import { operations } from '../registry.ts'

/** What anybody may send where a text is expected. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 40 }),
  fc.stringMatching(/^[0-9a-f]{0,900}$/),
  fc.base64String({ maxLength: 3000 }),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '0',
    '-1',
    '0x10',
    '1e9',
    '__proto__',
    '{}',
    '%00',
    'A'.repeat(100_000),
  ),
)

/** An A that no client may show. */
const badA = fc.oneof(
  fc.constantFrom('', '0', '00', '-2', '0x2', 'g', ' 2', '2 ', '2\n', `${'f'.repeat(1025)}`),
  fc.bigInt({ min: 0n, max: 5n }).map((factor) => (factor * N).toString(16)),
  fc.string({ minLength: 1, maxLength: 50 }).filter((text) => !/^[0-9a-f]+$/i.test(text)),
)

interface Malformed {
  readonly operation: 'InitiateAuth' | 'RespondToAuthChallenge'
  readonly body: object
}

/** Parameters of which one or more are missing or are something else. */
function spoilt(whole: Texts, names: readonly string[]): fc.Arbitrary<Texts> {
  const changes = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.option(odd, { nil: undefined })])),
    {
      requiredKeys: [],
    },
  )
  return changes
    .filter((change) => Object.entries(change).some(([name, value]) => value !== whole[name]))
    .map((change) => {
      const all = Object.entries({ ...whole, ...change })
      return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Texts
    })
}

/** A block of ours with bytes of it changed, cut or added. */
function bent(block: string): fc.Arbitrary<string> {
  const bytes = Buffer.from(block, 'base64')
  const changed = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
    const copy = Buffer.from(bytes)
    copy.writeUInt8(copy.readUInt8(at) ^ by, at)
    return copy
  })
  const cut = fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length))
  const longer = fc.uint8Array({ minLength: 1, maxLength: 50 }).map((more) => Buffer.concat([bytes, more]))
  return fc.oneof(changed, cut, longer).map((copy) => Buffer.from(copy).toString('base64'))
}

describe('SRP messages that are malformed', () => {
  onEachStore((server) => {
    let place: Place
    let device: TestDevice
    before(async () => {
      place = await createPlace(server(), {}, tracking)
      await createUser(server(), place.UserPoolId, 'ada')
      device = (await confirmedDevice(server(), place, 'ada')).device
    })

    /** Whole messages of each step, to be spoilt. */
    async function messages() {
      const { ClientId } = place
      const srp = newSrp()
      const started = { USERNAME: 'ada', SRP_A: srp.A }
      const { ChallengeParameters } = await startSrp(server(), place, started)
      const claim: Texts = {
        USERNAME: 'ada',
        ...claimOf(srp, ChallengeParameters, poolName(place), 'ada', password),
      }
      const presenting = { USERNAME: 'ada', DEVICE_KEY: device.key }
      const { Session = '' } = await signIn(server(), place, 'ada', presenting)
      const second = await signIn(server(), place, 'ada', presenting)
      const shown = { ...presenting, SRP_A: srp.A }
      const asked = await respond(server(), place, 'DEVICE_SRP_AUTH', shown, second.Session)
      const proof: Texts = {
        ...presenting,
        ...claimOf(srp, asked.ChallengeParameters, device.groupKey, device.key, device.password),
      }
      const start = (AuthParameters: Texts): Malformed => ({
        operation: 'InitiateAuth',
        body: { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters },
      })
      const answer = (ChallengeName: string, ChallengeResponses: Texts, Session?: string): Malformed => ({
        operation: 'RespondToAuthChallenge',
        body: { ClientId, ChallengeName, ChallengeResponses, Session },
      })
      const block = 'PASSWORD_CLAIM_SECRET_BLOCK'
      const claimed = [block, 'PASSWORD_CLAIM_SIGNATURE', 'TIMESTAMP']
      return { start, answer, started, claim, shown, proof, Session, block, claimed }
    }

    test('five hundred of them are refused, each with an exception of its operation', async () => {
      const { failures } = server().app.store
      const types = new Map<string, number>()
      const { start, answer, started, claim, shown, proof, Session, block, claimed } = await messages()
      const malformed = fc.oneof(
        badA.map((SRP_A) => start({ ...started, SRP_A })),
        spoilt(started, ['USERNAME']).map(start),
        spoilt(claim, claimed).map((responses) => answer('PASSWORD_VERIFIER', responses)),
        spoilt(claim, ['USERNAME', 'DEVICE_KEY'])
          .filter(({ USERNAME }) => USERNAME !== 'ada')
          .map((responses) => answer('PASSWORD_VERIFIER', responses)),
        bent(claim[block] ?? '').map((bad) => answer('PASSWORD_VERIFIER', { ...claim, [block]: bad })),
        badA.map((SRP_A) => answer('DEVICE_SRP_AUTH', { ...shown, SRP_A }, Session)),
        spoilt(shown, ['DEVICE_KEY', 'USERNAME']).map((responses) =>
          answer('DEVICE_SRP_AUTH', responses, Session),
        ),
        odd.map((text) => answer('DEVICE_SRP_AUTH', shown, text)),
        spoilt(proof, [...claimed, 'DEVICE_KEY']).map((responses) =>
          answer('DEVICE_PASSWORD_VERIFIER', responses),
        ),
        bent(proof[block] ?? '').map((bad) => answer('DEVICE_PASSWORD_VERIFIER', { ...proof, [block]: bad })),
      )
      await fc.assert(
        fc.asyncProperty(malformed, async ({ operation, body }) => {
          // Or the lock would answer before anything is looked at.
          await failures.clear(place.UserPoolId as UserPoolId, 'ada')
          const { status, body: answered } = await callRaw(server(), operation, JSON.stringify(body))
          const { __type } = JSON.parse(answered)
          assert.equal(status, 400, answered)
          assert.ok(declared(operation).has(__type), answered)
          types.set(__type, (types.get(__type) ?? 0) + 1)
        }),
        { numRuns: 500 },
      )
      // The messages that were spoilt are whole themselves.
      await failures.clear(place.UserPoolId as UserPoolId, 'ada')
      assert.ok((await respond(server(), place, 'PASSWORD_VERIFIER', claim)).ChallengeName === undefined)
      assert.ok((await respond(server(), place, 'DEVICE_PASSWORD_VERIFIER', proof)).AuthenticationResult)
      for (const type of ['InvalidParameterException', 'NotAuthorizedException']) {
        assert.ok((types.get(type) ?? 0) > 10, `${type} was met ${types.get(type)} times`)
      }
    })
  })
})

/** The exceptions that an operation says it may answer. */
function declared(name: string): ReadonlySet<string> {
  const operation = operations.get(name)
  assert.ok(operation)
  const codes = [...operation.faults, ...operation.access.faults, 'ValidationFailed'] as const
  return new Set(codes.map((code) => refusals[code].type))
}
