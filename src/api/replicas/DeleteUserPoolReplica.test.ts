import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DeleteUserPoolCommand,
  DeleteUserPoolReplicaCommand,
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, lambda, showPool } from '../../../test/pools.ts'
import { createReplicated, inRegion, notThere, replicable, replicate, there } from '../../../test/replicas.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DeleteUserPoolReplica', () => {
  onEachStore((server) => {
    const remove = (UserPoolId: string, RegionName = there, client = server().client) =>
      client.send(new DeleteUserPoolReplicaCommand({ UserPoolId, RegionName }))
    const inWest = (UserPoolId: string) =>
      inRegion(server()).send(new DescribeUserPoolCommand({ UserPoolId }))
    const gone = (id: string) => refusal('ResourceNotFoundException', `User pool ${id} does not exist.`)

    test('takes the pool out of that region, and leaves the primary as it is, called in either', async () => {
      for (const client of [server().client, inRegion(server())]) {
        const UserPoolId = await createReplicated(server())
        const before = await showPool(server(), UserPoolId)
        const { $metadata: _, ...output } = await remove(UserPoolId, there, client)
        assert.deepEqual(output, {
          UserPoolReplica: {
            RegionName: there,
            Status: 'DELETING',
            Role: 'SECONDARY',
            UserPoolArn: `arn:aws:cognito-idp:${there}:123456789012:userpool/${UserPoolId}`,
          },
        })
        await assert.rejects(inWest(UserPoolId), gone(UserPoolId))
        assert.deepEqual(await showPool(server(), UserPoolId), before)
      }
    })

    test('with what was set there: the next one begins anew', async () => {
      const UserPoolId = await createReplicated(server())
      const LambdaConfig = { PreSignUp: lambda('a', there) }
      await inRegion(server()).send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }))
      assert.deepEqual((await inWest(UserPoolId)).UserPool?.LambdaConfig, LambdaConfig)
      await remove(UserPoolId)
      await replicate(server(), UserPoolId)
      assert.deepEqual((await inWest(UserPoolId)).UserPool?.LambdaConfig, {})
    })

    test('refuses the primary, and a region without a replica', async () => {
      const UserPoolId = await createPool(server(), replicable)
      await assert.rejects(
        remove(UserPoolId, 'us-east-1'),
        invalid('The primary of a user pool is no replica to delete.'),
      )
      await replicate(server(), UserPoolId, 'eu-west-1')
      await assert.rejects(
        remove(UserPoolId),
        refusal('ResourceNotFoundException', `User pool ${UserPoolId} has no replica in ${there}.`),
      )
    })

    test('is what DeleteUserPool does as well, in the primary alone', async () => {
      const UserPoolId = await createReplicated(server())
      const erase = new DeleteUserPoolCommand({ UserPoolId })
      await assert.rejects(inRegion(server()).send(erase), notThere)
      await server().client.send(erase)
      await assert.rejects(inWest(UserPoolId), gone(UserPoolId))
    })

    poolMustExist(server, remove)
  })
})
