import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { operations } from '../src/api/registry.ts'
import type { HttpResponse } from '../src/protocol/aws-json.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { createClient, createPool, createUser, password, signIn } from './fixtures.ts'
import { callRaw, type StoreKind, startServer, type TestServer } from './harness.ts'
import { factOperation } from './model.ts'
import { type Mutation, mutations, oddTexts, placesOf } from './mutations.ts'
import { judge, normalised, type Verdict } from './oracle.ts'
import { validInput } from './valid-input.ts'

/** A pool, a client, a user and their token, for one operation to do its worst with. */
async function subject(server: TestServer): Promise<Record<string, unknown>> {
  const UserPoolId = await createPool(server)
  const { ClientId } = await createClient(server, UserPoolId)
  await createUser(server, UserPoolId, 'ada')
  await server.client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'staff' }))
  const { AuthenticationResult } = await signIn(server, UserPoolId, ClientId, 'ada')
  const account = { USERNAME: 'ada', PASSWORD: password, NEW_PASSWORD: password }
  return {
    UserPoolId,
    ClientId,
    Username: 'ada',
    Password: password,
    PreviousPassword: password,
    GroupName: 'staff',
    AccessToken: AuthenticationResult?.AccessToken,
    UserAttributes: [{ Name: 'name', Value: 'Ada' }],
    Filter: 'name = "Ada"',
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { ...account, REFRESH_TOKEN: AuthenticationResult?.RefreshToken, SRP_A: 'abc' },
    ChallengeResponses: { ...account, SMS_MFA_CODE: '123456', ANSWER: 'SMS_MFA' },
    ResourceArn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}`,
  }
}

/** What is said in the words of validation although the model does not say it. */
const beyondTheModel = (violation: string): boolean =>
  // Captured of the service, for texts of invitations and for pages of no groups.
  violation.includes(" at 'adminCreateUserConfig.inviteMessage.") ||
  violation.includes(" at 'maxItems' ") ||
  // Optional since there are users without a password, and demanded of those who have one: in the words of before.
  /^Value at '(?:previousP|p)assword' failed to satisfy constraint: Member must not be null$/.test(violation)

/** Members that the model leaves to a request, and the user or the pool at hand demands. */
const demanded: Readonly<Record<string, readonly string[]>> = {
  ChangePassword: ['PreviousPassword'],
  SignUp: ['Password'],
}

const violationsIn = (message: string): string[] => {
  const [, text] = /^[0-9]+ validation errors? detected: (.*)$/s.exec(message) ?? []
  return text?.split(/; (?=Value(?: |$))/) ?? []
}

/** What is wrong with an answer, by the second opinion. */
function complaint({ status, body }: HttpResponse, verdict: Verdict): string | undefined {
  if (status >= 500) return `answers ${body}`
  const { __type, Message, message = '' } = JSON.parse(body)
  const violations = violationsIn(message)
  if (verdict.kind === 'wrong type') {
    const right = __type === 'SerializationException' && verdict.messages.includes(Message)
    return right ? undefined : `should say one of ${verdict.messages.join(', ')} and says ${body}`
  }
  if (verdict.kind === 'accepted') {
    const refused = __type === 'SerializationException' || !violations.every(beyondTheModel)
    return refused ? `should be accepted and says ${body}` : undefined
  }
  const count = verdict.violations.length
  const found = normalised(violations)
  const expected = normalised(verdict.violations)
  const right =
    __type === 'InvalidParameterException' &&
    message.startsWith(`${count} validation error${count === 1 ? '' : 's'} detected: `) &&
    found.join('\n') === expected.join('\n')
  return right ? undefined : `should say\n${expected.join('\n')}\nand says\n${found.join('\n') || body}`
}

async function complaints(
  server: TestServer,
  { name }: Operation,
  all: Iterable<Mutation>,
): Promise<string[]> {
  const found: string[] = []
  for (const { what, body } of all) {
    const answer = await callRaw(server, name, body)
    // Of the newest operations the facts do not know every constraint.
    const verdict = factOperation(name).constraintsUnverified ? undefined : judge(name, body)
    const wrong = verdict ? complaint(answer, verdict) : answer.status >= 500 ? answer.body : undefined
    if (wrong !== undefined) found.push(`${what}: ${wrong}`)
  }
  return found
}

function* allMutations(operation: Operation, given: Record<string, unknown>): Generator<Mutation> {
  const minimal = validInput(operation, given)
  const names = [...Object.keys(validInput(operation)), ...(demanded[operation.name] ?? [])]
  const required = Object.fromEntries(names.map((name) => [name, minimal[name]]))
  yield* mutations(operation.name, required, validInput(operation, given, 'all'))
}

const site = { iam: 'off' } as const

/** Registers the tests; how many calls each operation has had is there when they have run. */
function fuzz(store: StoreKind, wanted: (mutation: Mutation) => boolean): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  let server: TestServer
  before(async () => {
    server = await startServer({ store, site })
  })
  after(() => server.stop())

  for (const operation of operations.values()) {
    test(operation.name, async () => {
      // What is of the account fills it with pools: that has a server of its own.
      const own = operation.access.resource === 'account' ? await startServer({ store, site }) : undefined
      try {
        const all = [...allMutations(operation, await subject(own ?? server)).filter(wanted)]
        calls.set(operation.name, all.length)
        assert.deepEqual(await complaints(own ?? server, operation, all), [])
      } finally {
        await own?.stop()
      }
    })
  }
  return calls
}

/** Fewer, and a kind of mistake is no longer made. */
const callsPerPlace = 20

describe('whatever is wrong with an input is refused in the right words', () => {
  const calls = fuzz('sqlite', () => true)

  test('and every place of every input has had its share of the calls', (context) => {
    const few = [...calls].filter(([name, count]) => count < callsPerPlace * placesOf(name))
    assert.deepEqual(few, [])
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0)
    context.diagnostic(`${total} calls of ${calls.size} operations`)
    assert.ok(calls.size === operations.size && total >= 20_000, `${total} calls of ${calls.size} operations`)
  })
})

describe('and no text upsets PostgreSQL', () => {
  const odd = oddTexts.map((text) => `: ${JSON.stringify(text)}`)
  fuzz('postgres', ({ what }) => odd.some((text) => what.endsWith(text) || what.endsWith(`${text} inside`)))
})

describe('a wrong answer is noticed', () => {
  const answer = (status: number, body: object) => ({ status, headers: {}, body: JSON.stringify(body) })
  const input = { UserPoolId: 'none', Username: 'ada' }
  const judged = (input: object) => judge('AdminGetUser', JSON.stringify(input))
  const violation =
    "Value 'none' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"
  const refused = (message: string) => answer(400, { __type: 'InvalidParameterException', message })
  const verdict = judged(input)
  const rows: [what: string, answer: HttpResponse, verdict: Verdict, noticed: boolean][] = [
    ['the right one', refused(`1 validation error detected: ${violation}`), verdict, false],
    ['another count', refused(`2 validation errors detected: ${violation}`), verdict, true],
    [
      'another path',
      refused(`1 validation error detected: ${violation.replace('user', 'User')}`),
      verdict,
      true,
    ],
    ['none', answer(200, {}), verdict, true],
    [
      'too many',
      refused(`1 validation error detected: ${violation}`),
      judged({ ...input, UserPoolId: 'a_b' }),
      true,
    ],
    ['another exception', answer(400, { __type: 'ResourceNotFoundException', message: 'x' }), verdict, true],
    [
      'another type',
      answer(400, { __type: 'SerializationException', Message: 'x' }),
      judged({ UserPoolId: 7 }),
      true,
    ],
    ['a failure', answer(500, { __type: 'InternalErrorException', message: 'x' }), verdict, true],
  ]
  for (const [what, given, expected, noticed] of rows) {
    test(what, () => assert.equal(complaint(given, expected) !== undefined, noticed))
  }
})
