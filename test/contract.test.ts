import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { operationFiles } from '../scripts/sources.ts'
import { operationNames } from '../src/api/names.ts'
import { operations } from '../src/api/registry.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { integer, list, type Members, required, shapeOf, string, struct } from '../src/protocol/shape.ts'
import {
  asSdk,
  differences,
  factLines,
  type Lines,
  ourLines,
  sdkLines,
  sdkOperations,
  unlistedErrors,
} from './contract.ts'
import { factOperation, factOperations } from './model.ts'

/** Exceptions that AWS raises without its model saying so, by operation. */
const unlisted: Readonly<Record<string, readonly string[]>> = {
  // The quota of groups a user can be in is documented, and this is the exception for a quota; the model lists it where
  // groups are created and not here.
  AdminAddUserToGroup: ['LimitExceededException'],
  // Documented with its member ForceAliasCreation.
  AdminCreateUser: ['AliasExistsException'],
  // A pool of the Lite plan has neither managed login nor terms, and this is the exception that its domains raise for it
  // (cdk-preflight, pf-cognito-managed-login-version-tier).
  CreateManagedLoginBranding: ['FeatureUnavailableInTierException'],
  CreateTerms: ['FeatureUnavailableInTierException'],
  UpdateManagedLoginBranding: ['FeatureUnavailableInTierException'],
  UpdateTerms: ['FeatureUnavailableInTierException'],
  // Observed in aws-amplify/amplify-js#14013; the model lists it for the operation of administrators only.
  InitiateAuth: ['MFAMethodNotFoundException'],
}

/**
 * What the facts say otherwise than the SDK. The two are of different versions of the model; of what is sensitive the
 * facts are the judge, since they are what our shapes are written from, and of what is signed the documentation. A new
 * version of the SDK that says anything else anew changes this list.
 */
const disagreements: readonly string[] = [
  'AdminListUserSessions output.Sessions.member.LastIPAddress sensitive: nothing, and should be yes',
  // "IAM is not evaluated", says its documentation; the SDK signs it all the same.
  'GetClientToken auth: not signed, and should be signed',
  'ListUserSessions output.Sessions.member.LastIPAddress sensitive: nothing, and should be yes',
]

/** The newest operations: what the facts do not know of them is not held against us. */
function known(lines: Lines, name: string): Lines {
  if (!factOperation(name).constraintsUnverified) return lines
  const facts = factLines(name)
  return new Map([...lines].filter(([line]) => facts.has(line) || !/ (min|max|pattern)$/.test(line)))
}

describe('every operation is as AWS declares it', () => {
  for (const operation of operations.values()) {
    describe(operation.name, () => {
      test('members, constraints and access, as in the facts', () => {
        assert.deepEqual(
          differences(known(ourLines(operation), operation.name), factLines(operation.name)),
          [],
        )
      })

      test('members and access, as in the SDK', () => {
        const found = differences(asSdk(ourLines(operation)), sdkLines(operation.name))
        const expected = disagreements.map((line) => line.replace(`${operation.name} `, ''))
        assert.deepEqual(
          found.filter((line) => !expected.includes(line)),
          [],
        )
      })

      test('no exception that it does not raise there', () => {
        assert.deepEqual(unlistedErrors(operation, unlisted[operation.name] ?? []), [])
      })
    })
  }

  test('and is in a file of its name', async () => {
    const files = (await operationFiles()).map(({ name }) => name)
    assert.deepEqual([...operations.keys()], files)
  })

  test('and is one of its operations', () => {
    for (const name of operations.keys()) assert.ok(operationNames.has(name), name)
  })

  test('and none is allowed what it does not do', () => {
    for (const [name, types] of Object.entries(unlisted)) {
      const operation = operations.get(name)
      assert.ok(operation, `${name} is allowed something and not built`)
      const without = unlistedErrors(operation, []).join()
      for (const type of types) assert.ok(without.includes(type), `${name} raises no ${type}`)
    }
  })
})

describe('the model', () => {
  test("the operations are the SDK's", () => {
    assert.deepEqual([...operationNames].toSorted(), [...sdkOperations.keys()].toSorted())
  })

  test('the operations are those of the facts', () => {
    assert.deepEqual([...operationNames].toSorted(), Object.keys(factOperations).toSorted())
  })

  test('the facts and the SDK agree, but for what is listed', () => {
    const found = new Set<string>()
    for (const name of operationNames) {
      const facts = new Map([...factLines(name)].filter(([line]) => !/ (min|max|pattern|enum)$/.test(line)))
      const theirs = sdkLines(name)
      const ours = new Map(
        [...facts].map(([line, text]) => [line, asSdk(new Map([[line, text]])).get(line) ?? text]),
      )
      for (const difference of differences(ours, theirs)) found.add(`${name} ${difference}`)
    }
    assert.deepEqual([...found], disagreements)
  })
})

describe('what is not as AWS declares it is noticed', () => {
  const real = operations.get('AdminSetUserSettings') ?? assert.fail()
  const {
    UserPoolId = assert.fail(),
    Username = assert.fail(),
    MFAOptions = assert.fail(),
  } = real.input.facts.members ?? {}
  const members = { UserPoolId, Username, MFAOptions }
  const doctored = (changes: object, input: Members = members): Operation => ({
    ...real,
    input: struct(input),
    ...changes,
  })
  const rows: [what: string, operation: Operation, facts: string[], sdk: string[]][] = [
    ['nothing', doctored({}), [], []],
    [
      'a member that is not required',
      doctored({}, { ...members, Username: shapeOf(Username) }),
      ['input.Username required: nothing, and should be yes'],
      ['input.Username required: nothing, and should be yes'],
    ],
    [
      'a member too many',
      doctored({}, { ...members, Extra: string() }),
      ['input.Extra: string, and should be nothing'],
      ['input.Extra: string, and should be nothing'],
    ],
    [
      'a member of another kind and other bounds',
      doctored({}, { ...members, UserPoolId: required(integer({ max: 5 })) }),
      [
        'input.UserPoolId: integer, and should be string',
        'input.UserPoolId max: 5, and should be 55',
        'input.UserPoolId min: nothing, and should be 1',
        'input.UserPoolId pattern: nothing, and should be [\\w-]+_[0-9a-zA-Z]+',
      ],
      ['input.UserPoolId: number, and should be string'],
    ],
    [
      'a list of something else',
      doctored({}, { ...members, MFAOptions: required(list(struct({}))) }),
      [
        'input.MFAOptions.member.AttributeName: nothing, and should be string',
        'input.MFAOptions.member.AttributeName max: nothing, and should be 32',
        'input.MFAOptions.member.AttributeName min: nothing, and should be 1',
        'input.MFAOptions.member.AttributeName pattern: nothing, and should be [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+',
        'input.MFAOptions.member.DeliveryMedium: nothing, and should be string',
        'input.MFAOptions.member.DeliveryMedium enum: nothing, and should be EMAIL, SMS',
      ],
      [
        'input.MFAOptions.member.AttributeName: nothing, and should be string',
        'input.MFAOptions.member.DeliveryMedium: nothing, and should be string',
      ],
    ],
    [
      'another access',
      doctored({ access: { by: 'client', faults: [] } }),
      ['auth: public, and should be iam'],
      ['auth: not signed, and should be signed'],
    ],
    [
      'an output that is none',
      doctored({ output: struct({ Done: string() }) }),
      ['output.Done: string, and should be nothing'],
      ['output.Done: string, and should be nothing'],
    ],
  ]
  for (const [what, operation, facts, sdk] of rows) {
    test(what, () => {
      assert.deepEqual(differences(ourLines(operation), factLines(real.name)), facts)
      assert.deepEqual(differences(asSdk(ourLines(operation)), sdkLines(real.name)), sdk)
    })
  }

  test('a value shown that should not be', () => {
    const shown = doctored({}, { ...members, Username: required({ ...shapeOf(Username), sensitive: false }) })
    assert.deepEqual(differences(ourLines(shown), factLines(real.name)), [
      'input.Username sensitive: nothing, and should be yes',
    ])
  })

  test('an exception that the operation does not raise', () => {
    const raising = doctored({ faults: ['NotBuilt', 'UserExists', 'InvalidParameter'] })
    assert.deepEqual(unlistedErrors(raising, []), [
      'UserExists is a UsernameExistsException, which AdminSetUserSettings does not raise',
    ])
    assert.deepEqual(unlistedErrors(raising, ['UsernameExistsException']), [])
  })
})
