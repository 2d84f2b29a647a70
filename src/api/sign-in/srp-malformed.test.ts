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
  /** The refusals that can be the answer, to the letter. */
  readonly refusals: readonly string[]
}

const credentials = 'NotAuthorizedException: Incorrect username or password.'
const otherUser = 'CodeMismatchException: Invalid code or auth state for the user.'
const invalidSession = 'NotAuthorizedException: Invalid session for the user.'
const nobody = 'UserNotFoundException: User does not exist.'
const noDevice = 'ResourceNotFoundException: Device does not exist.'
const noDeviceKey = 'InvalidParameterException: Invalid device key given.'
const lengths = [
  'Member must have length greater than or equal to 20',
  'Member must have length less than or equal to 2048',
].map(
  (rule) =>
    `InvalidParameterException: 1 validation error detected: Value at 'session' failed to satisfy constraint: ${rule}`,
)
const missing = (...names: readonly string[]): string[] =>
  names.flatMap((name) => [
    `InvalidParameterException: Missing required parameter ${name}`,
    `InvalidParameterException: Invalid parameter ${name}`,
  ])
const noA = [
  'InvalidParameterException: SRP_A must be a hexadecimal number.',
  'InvalidParameterException: SRP_A must not be zero modulo N.',
  ...missing('SRP_A'),
]

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
      const start =
        (...refusals: readonly string[]) =>
        (AuthParameters: Texts): Malformed => ({
          operation: 'InitiateAuth',
          body: { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters },
          refusals,
        })
      const answer =
        (ChallengeName: string, ...refusals: readonly string[]) =>
        (ChallengeResponses: Texts, session?: string): Malformed => ({
          operation: 'RespondToAuthChallenge',
          body: { ClientId, ChallengeName, ChallengeResponses, Session: session },
          refusals,
        })
      const block = 'PASSWORD_CLAIM_SECRET_BLOCK'
      const claimed = [block, 'PASSWORD_CLAIM_SIGNATURE', 'TIMESTAMP']
      return { start, answer, started, claim, shown, proof, Session, block, claimed }
    }

    test('five hundred of them are refused, each in the words for what is wrong with it', async () => {
      const { failures } = server().app.store
      const met = new Set<string>()
      const { start, answer, started, claim, shown, proof, Session, block, claimed } = await messages()
      const claims = answer('PASSWORD_VERIFIER', credentials, ...missing(...claimed))
      const others = answer('PASSWORD_VERIFIER', otherUser, noDeviceKey, ...missing('USERNAME'))
      const proofs = answer(
        'DEVICE_PASSWORD_VERIFIER',
        credentials,
        noDevice,
        ...missing(...claimed, 'DEVICE_KEY'),
      )
      const shows = answer('DEVICE_SRP_AUTH', otherUser, noDevice, ...missing('USERNAME', 'DEVICE_KEY'))
      const malformed = fc.oneof(
        badA.map((SRP_A) => start(...noA)({ ...started, SRP_A })),
        spoilt(started, ['USERNAME']).map(start(nobody, ...missing('USERNAME'))),
        spoilt(claim, claimed).map((responses) => claims(responses)),
        spoilt(claim, ['USERNAME', 'DEVICE_KEY'])
          .filter(({ USERNAME }) => USERNAME !== 'ada')
          .map((responses) => others(responses)),
        bent(claim[block] ?? '').map((bad) => claims({ ...claim, [block]: bad })),
        badA.map((SRP_A) => answer('DEVICE_SRP_AUTH', ...noA)({ ...shown, SRP_A }, Session)),
        spoilt(shown, ['DEVICE_KEY', 'USERNAME']).map((responses) => shows(responses, Session)),
        odd.map((text) => answer('DEVICE_SRP_AUTH', invalidSession, ...lengths)(shown, text)),
        spoilt(proof, [...claimed, 'DEVICE_KEY']).map((responses) => proofs(responses)),
        bent(proof[block] ?? '').map((bad) => proofs({ ...proof, [block]: bad })),
      )
      await fc.assert(
        fc.asyncProperty(malformed, async ({ operation, body, refusals }) => {
          // Or the lock would answer before anything is looked at.
          await failures.clear(place.UserPoolId as UserPoolId, 'ada')
          const { status, body: answered } = await callRaw(server(), operation, JSON.stringify(body))
          const { __type, message } = JSON.parse(answered)
          assert.equal(status, 400, answered)
          assert.ok(refusals.includes(`${__type}: ${message}`), answered)
          met.add(`${__type}: ${message}`)
        }),
        { numRuns: 500 },
      )
      // The messages that were spoilt are whole themselves.
      await failures.clear(place.UserPoolId as UserPoolId, 'ada')
      assert.ok((await respond(server(), place, 'PASSWORD_VERIFIER', claim)).ChallengeName === undefined)
      assert.ok((await respond(server(), place, 'DEVICE_PASSWORD_VERIFIER', proof)).AuthenticationResult)
      for (const refusal of [
        credentials,
        otherUser,
        nobody,
        noDevice,
        noDeviceKey,
        noA[0],
        noA[1],
        lengths[0],
      ])
        assert.ok(met.has(refusal ?? ''), refusal)
    })
  })
})
