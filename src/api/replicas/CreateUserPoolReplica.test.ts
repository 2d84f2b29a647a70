import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateUserPoolReplicaCommand,
  DeleteUserPoolCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, kmsKey } from '../../../test/pools.ts'
import { inRegion, replicable, there } from '../../../test/replicas.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('CreateUserPoolReplica', () => {
  onEachStore((server) => {
    const create = (UserPoolId: string, RegionName = there, UserPoolTags?: Record<string, string>) =>
      server().client.send(new CreateUserPoolReplicaCommand({ UserPoolId, RegionName, UserPoolTags }))

    test('makes the pool reachable there, under its id, with tags of its own', async () => {
      const UserPoolId = await createPool(server(), { ...replicable, UserPoolTags: { team: 'blue' } })
      const { $metadata: _, ...output } = await create(UserPoolId, there, { team: 'red' })
      const arn = `arn:aws:cognito-idp:${there}:123456789012:userpool/${UserPoolId}`
      assert.deepEqual(output, {
        UserPoolReplica: { RegionName: there, Status: 'CREATING', Role: 'SECONDARY', UserPoolArn: arn },
      })
      const { Tags } = await inRegion(server()).send(new ListTagsForResourceCommand({ ResourceArn: arn }))
      assert.deepEqual(Tags, { team: 'red' })
    })

    test('refuses a second, wherever it is, and of two at once one', async () => {
      const one = refusal(
        'LimitExceededException',
        'The limit of 1 replicas of a user pool has been reached.',
      )
      const UserPoolId = await createPool(server(), replicable)
      const outcomes = await Promise.allSettled([create(UserPoolId), create(UserPoolId, 'eu-west-1')])
      const [refused, another] = outcomes.filter(({ status }) => status === 'rejected')
      assert.ok(refused?.status === 'rejected' && another === undefined)
      one(refused.reason)
      await assert.rejects(create(UserPoolId), one)
    })

    test('is refused to a pool of the lowest plan', async () => {
      await assert.rejects(
        create(await createPool(server(), { ...replicable, UserPoolTier: 'LITE' })),
        refusal(
          'FeatureUnavailableInTierException',
          'The following feature is not available for the LITE pricing tier configured: Multi-Region Replication',
        ),
      )
    })

    test('is refused without a key that is in both regions', async () => {
      const keys = [{}, { KeyConfiguration: { ...replicable.KeyConfiguration, KmsKeyArn: kmsKey } }]
      for (const key of keys) {
        await assert.rejects(
          create(await createPool(server(), key)),
          invalid('A user pool with replicas needs a customer managed multi-Region key.'),
        )
      }
    })

    test('is refused in the region of the pool, and in what is no region', async () => {
      const UserPoolId = await createPool(server(), replicable)
      await assert.rejects(
        create(UserPoolId, 'us-east-1'),
        invalid('The Region of a replica must be another than that of its user pool.'),
      )
      await assert.rejects(create(UserPoolId, 'nowhere'), invalid('nowhere is not a Region.'))
    })

    test('leaves the keys of AWS to AWS', async () => {
      await assert.rejects(
        create(await createPool(server(), replicable), there, { 'aws:owner': 'me' }),
        refusal('UserPoolTaggingException', 'Tag keys that start with aws: are reserved.'),
      )
    })

    test('of a pool that is deleted meanwhile leaves nothing', async () => {
      const UserPoolId = await createPool(server(), replicable)
      const remove = server().client.send(new DeleteUserPoolCommand({ UserPoolId }))
      await Promise.allSettled([remove, create(UserPoolId)])
      assert.deepEqual(await server().app.store.replicas.of([UserPoolId as never]), [])
    })

    poolMustExist(server, create)
  })
})
