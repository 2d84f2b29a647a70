import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetLogDeliveryConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPool } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('GetLogDeliveryConfiguration', () => {
  onEachStore((server) => {
    const get = async (UserPoolId: string) => {
      const { LogDeliveryConfiguration } = await server().client.send(
        new GetLogDeliveryConfigurationCommand({ UserPoolId }),
      )
      return LogDeliveryConfiguration
    }

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'GetLogDeliveryConfiguration', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('of a pool that sends none', async () => {
      const UserPoolId = await createPool(server())
      assert.deepEqual(await get(UserPoolId), { UserPoolId, LogConfigurations: [] })
    })

    poolMustExist(server, get)
  })
})
