import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { failureOf } from '../../test/failure.ts'
import { createClient, createUser, signIn } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { createReplicated, inRegion, setStatus, there } from '../../test/replicas.ts'
import { validInput } from '../../test/valid-input.ts'
import { operationNames } from './names.ts'
import { operations } from './registry.ts'
import { servedIn } from './secondary.ts'

const notThere = {
  name: 'OperationNotEnabledException',
  message: 'The operation is not available in the current Region for this user pool.',
}

describe('what a secondary serves', () => {
  test('is said of every operation', () => {
    assert.deepEqual(Object.keys(servedIn), [...operationNames])
  })

  onEachStore((server) => {
    let subject: Record<string, unknown>
    let UserPoolId: string
    let token: () => Promise<string | undefined>
    before(async () => {
      UserPoolId = await createReplicated(server())
      const { ClientId, ClientSecret } = await createClient(server(), UserPoolId, { GenerateSecret: true })
      const open = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'ada')
      token = async () =>
        (await signIn(server(), UserPoolId, open.ClientId, 'ada')).AuthenticationResult?.AccessToken
      subject = {
        UserPoolId,
        ResourceArn: `arn:aws:cognito-idp:${there}:123456789012:userpool/${UserPoolId}`,
        RegionName: 'eu-west-1',
        ClientId,
        ClientSecret,
        Username: 'nobody',
      }
    })

    for (const status of ['ACTIVE', 'INACTIVE'] as const) {
      describe(`while it is ${status}`, () => {
        before(() => setStatus(server(), UserPoolId, status))

        for (const operation of operations.values()) {
          const served = servedIn[operation.name]
          const refused =
            served === 'primary only' || (served === 'active secondary' && status === 'INACTIVE')
          test(`${refused ? 'not' : 'also'} ${operation.name}`, async () => {
            const input = validInput(operation, { ...subject, AccessToken: await token() })
            const found = await failureOf(inRegion(server()), operation.name, input)
            if (refused) assert.deepEqual(found, notThere)
            else assert.notEqual(found?.name, notThere.name)
          })
        }
      })
    }
  })
})
