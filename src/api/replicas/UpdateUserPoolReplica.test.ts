import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetUserCommand, UpdateUserPoolReplicaCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { inRegion, notThere, replicable, replicate, there } from '../../../test/replicas.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('UpdateUserPoolReplica', () => {
  onEachStore((server) => {
    const update = (
      UserPoolId: string,
      Status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE',
      RegionName = there,
      client = server().client,
    ) => client.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName, Status }))

    test('lets users in and shuts them out again, called in either region', async () => {
      const UserPoolId = await createPool(server(), replicable)
      await replicate(server(), UserPoolId)
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'ada')
      const { AccessToken } = (await signIn(server(), UserPoolId, ClientId, 'ada')).AuthenticationResult ?? {}
      const west = inRegion(server())
      const look = () => west.send(new GetUserCommand({ AccessToken }))
      await assert.rejects(look(), notThere)
      for (const client of [server().client, west]) {
        const { $metadata: _, ...output } = await update(UserPoolId, 'ACTIVE', there, client)
        assert.deepEqual(output, {
          UserPoolReplica: {
            RegionName: there,
            Status: 'ACTIVE',
            Role: 'SECONDARY',
            UserPoolArn: `arn:aws:cognito-idp:${there}:123456789012:userpool/${UserPoolId}`,
          },
        })
        assert.equal((await look()).Username, 'ada')
        const { UserPoolReplica } = await update(UserPoolId, 'INACTIVE', there, client)
        assert.equal(UserPoolReplica?.Status, 'INACTIVE')
        await assert.rejects(look(), notThere)
      }
    })

    test('has nothing to set at a primary', async () => {
      await assert.rejects(
        update(await createPool(server()), 'INACTIVE', 'us-east-1'),
        invalid('The primary of a user pool is always active.'),
      )
    })

    test('refuses a region without a replica', async () => {
      const UserPoolId = await createPool(server(), replicable)
      const none = refusal('ResourceNotFoundException', `User pool ${UserPoolId} has no replica in ${there}.`)
      await assert.rejects(update(UserPoolId), none)
      await replicate(server(), UserPoolId, 'eu-west-1')
      await assert.rejects(update(UserPoolId), none)
    })

    poolMustExist(server, update)
  })
})
