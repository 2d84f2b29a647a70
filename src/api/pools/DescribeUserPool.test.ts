import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPool, createUser } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { showPool } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DescribeUserPool', () => {
  onEachStore((server) => {
    test('counts the users of the moment', async () => {
      const UserPoolId = await createPool(server())
      const count = async () => (await showPool(server(), UserPoolId)).EstimatedNumberOfUsers
      assert.equal(await count(), 0)
      for (const name of ['one', 'two']) await createUser(server(), UserPoolId, name)
      assert.equal(await count(), 2)
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'one' }))
      assert.equal(await count(), 1)
    })

    test('changes nothing, the date neither', async () => {
      const UserPoolId = await createPool(server())
      const before = await showPool(server(), UserPoolId)
      server().clock.now += 60_000
      assert.deepEqual(await showPool(server(), UserPoolId), before)
    })

    poolMustExist(server, (UserPoolId) => showPool(server(), UserPoolId))
  })
})
