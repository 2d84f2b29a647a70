import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ListUserPoolReplicasCommand,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { elsewhere, invalid, lambda } from '../../../test/pools.ts'
import {
  createReplicated,
  inRegion,
  replicable,
  replicate,
  setStatus,
  there,
} from '../../../test/replicas.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('ListUserPoolReplicas', () => {
  onEachStore((server) => {
    const list = async (UserPoolId: string, client = server().client) =>
      (await client.send(new ListUserPoolReplicasCommand({ UserPoolId }))).UserPoolReplicas
    const shown = (UserPoolId: string, RegionName: string, Role: string, Status: string) => ({
      RegionName,
      Role,
      Status,
      UserPoolArn: `arn:aws:cognito-idp:${RegionName}:123456789012:userpool/${UserPoolId}`,
    })

    test('shows the primary, and its secondary with its status, in either region alike', async () => {
      const UserPoolId = await createPool(server(), replicable)
      const primary = shown(UserPoolId, 'us-east-1', 'PRIMARY', 'ACTIVE')
      assert.deepEqual(await list(UserPoolId), [primary])
      await replicate(server(), UserPoolId)
      for (const client of [server().client, inRegion(server())]) {
        assert.deepEqual(await list(UserPoolId, client), [
          primary,
          shown(UserPoolId, there, 'SECONDARY', 'INACTIVE'),
        ])
      }
      await setStatus(server(), UserPoolId, 'ACTIVE')
      assert.deepEqual((await list(UserPoolId))?.at(-1), shown(UserPoolId, there, 'SECONDARY', 'ACTIVE'))
    })

    test('in order of region', async () => {
      const UserPoolId = await createPool(server(), replicable)
      await replicate(server(), UserPoolId, 'ap-south-1')
      assert.deepEqual(
        (await list(UserPoolId))?.map(({ RegionName }) => RegionName),
        ['ap-south-1', 'us-east-1'],
      )
    })

    test('ListUserPools lists the pool in both regions, and says where its replica is', async () => {
      const alone = await createPool(server())
      const UserPoolId = await createReplicated(server())
      const pools = async (client = server().client, MaxResults = 60) => {
        const found = []
        for (let NextToken: string | undefined; ; ) {
          const page = await client.send(new ListUserPoolsCommand({ MaxResults, NextToken }))
          found.push(...(page.UserPools ?? []))
          NextToken = page.NextToken
          if (NextToken === undefined) return found
        }
      }
      const here = await pools()
      assert.deepEqual(here.find(({ Id }) => Id === UserPoolId)?.ReplicaRegions, [there])
      assert.equal(here.find(({ Id }) => Id === alone)?.ReplicaRegions, undefined)
      const western = inRegion(server())
      await western.send(
        new UpdateUserPoolCommand({ UserPoolId, LambdaConfig: { PreSignUp: lambda('w', there) } }),
      )
      const own = await createPool({ client: elsewhere(server(), there) })
      const inWest = await pools(western)
      const ids = inWest.map(({ Id }) => Id)
      assert.ok(ids.includes(own) && ids.includes(UserPoolId) && !ids.includes(alone))
      assert.deepEqual(ids, ids.toSorted())
      assert.deepEqual(inWest.find(({ Id }) => Id === UserPoolId)?.LambdaConfig, {
        PreSignUp: lambda('w', there),
      })
      assert.deepEqual(await pools(western, 1), inWest)
    })

    test('there is no second page', async () => {
      const UserPoolId = await createPool(server())
      await assert.rejects(
        server().client.send(new ListUserPoolReplicasCommand({ UserPoolId, NextToken: 'abc' })),
        invalid('Invalid pagination token.'),
      )
    })

    poolMustExist(server, list)
  })
})
