import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DescribeRiskConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DescribeRiskConfiguration', () => {
  onEachStore((server) => {
    const show = async (UserPoolId: string, ClientId?: string) => {
      const { RiskConfiguration } = await server().client.send(
        new DescribeRiskConfigurationCommand({ UserPoolId, ClientId }),
      )
      return RiskConfiguration
    }

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'DescribeRiskConfiguration', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('of a pool and a client that nobody configured', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      assert.deepEqual(await show(UserPoolId), { UserPoolId })
      assert.deepEqual(await show(UserPoolId, ClientId), { UserPoolId, ClientId })
    })

    test('of a client of another pool', async () => {
      const [mine, other] = [await createPool(server()), await createPool(server())]
      const { ClientId } = await createClient(server(), other)
      await assert.rejects(
        show(mine, ClientId),
        refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`),
      )
    })

    poolMustExist(server, show)
  })
})
