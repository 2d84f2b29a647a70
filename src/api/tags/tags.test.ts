import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { elsewhere, invalid, showPool } from '../../../test/pools.ts'

const arnOf = (poolId: string, region = 'us-east-1', account = '123456789012', service = 'cognito-idp') =>
  `arn:aws:${service}:${region}:${account}:userpool/${poolId}`

onEachStore((server) => {
  const tag = (ResourceArn: string, Tags: Record<string, string>) =>
    server().client.send(new TagResourceCommand({ ResourceArn, Tags }))
  const untag = (ResourceArn: string, TagKeys: string[]) =>
    server().client.send(new UntagResourceCommand({ ResourceArn, TagKeys }))
  const tagsOf = async (ResourceArn: string) =>
    (await server().client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags

  let UserPoolId: string
  let arn: string
  before(async () => {
    UserPoolId = await createPool(server(), { UserPoolTags: { team: 'blue', level: '1' } })
    arn = (await showPool(server(), UserPoolId)).Arn ?? assert.fail()
    assert.equal(arn, arnOf(UserPoolId))
  })

  describe('TagResource', () => {
    test('adds tags and replaces those of the same key, and changes nothing else', async () => {
      const pool = await createPool(server(), { UserPoolTags: { team: 'blue', level: '1' } })
      const { UserPoolTags: _, ...before } = await showPool(server(), pool)
      server().clock.now += 1000
      const { $metadata, ...output } = await tag(arnOf(pool), { level: '2', 'päivä ja yö': '', Team: 'red' })
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      const tags = { team: 'blue', level: '2', 'päivä ja yö': '', Team: 'red' }
      assert.deepEqual(await tagsOf(arnOf(pool)), tags)
      const { UserPoolTags, ...after } = await showPool(server(), pool)
      assert.deepEqual([UserPoolTags, after], [tags, before])
      await tag(arnOf(pool), {})
      assert.deepEqual(await tagsOf(arnOf(pool)), tags)
    })

    test('fifty at most, counted with those that are there', async () => {
      const pool = arnOf(await createPool(server(), { UserPoolTags: { first: '1' } }))
      const many = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, '']))
      await assert.rejects(tag(pool, many(50)), invalid('A user pool can have at most 50 tags.'))
      assert.deepEqual(await tagsOf(pool), { first: '1' })
      await tag(pool, many(49))
      await tag(pool, { 'key-0': 'new', first: '2' })
      await assert.rejects(tag(pool, { last: '' }), invalid('A user pool can have at most 50 tags.'))
    })

    test('leaves the keys of AWS to AWS', async () => {
      for (const key of ['aws:owner', 'AWS:owner']) {
        await assert.rejects(
          tag(arn, { [key]: 'me' }),
          invalid('Tag keys that start with aws: are reserved.'),
        )
      }
    })

    test('takes a key like any other that JavaScript knows', async () => {
      const pool = arnOf(await createPool(server()))
      const Tags = JSON.parse('{"__proto__":"a","constructor":"b"}')
      await tag(pool, Tags)
      assert.deepEqual(Object.entries((await tagsOf(pool)) ?? {}).toSorted(), [
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ])
      await untag(pool, ['__proto__', 'constructor'])
      assert.deepEqual(await tagsOf(pool), {})
    })

    test('of many at once loses none, nor does an update', async () => {
      const pool = await createPool(server())
      const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`)
      await Promise.all(keys.map((key) => tag(arnOf(pool), { [key]: key })))
      assert.deepEqual(Object.keys((await tagsOf(arnOf(pool))) ?? {}).toSorted(), keys)
      await server().client.send(new UpdateUserPoolCommand({ UserPoolId: pool, UserPoolTags: { only: '1' } }))
      assert.deepEqual(await tagsOf(arnOf(pool)), { only: '1' })
    })
  })

  describe('UntagResource', () => {
    test('removes these keys, whether or not they are there', async () => {
      const pool = await createPool(server(), { UserPoolTags: { team: 'blue', level: '1', a: '' } })
      for (const _ of ['once', 'twice']) {
        const { $metadata, ...output } = await untag(arnOf(pool), ['level', 'a', 'Team', 'aws:none'])
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
        assert.deepEqual(await tagsOf(arnOf(pool)), { team: 'blue' })
      }
      await untag(arnOf(pool), [])
      await untag(arnOf(pool), ['team', 'team'])
      assert.deepEqual(await tagsOf(arnOf(pool)), {})
    })
  })

  describe('ListTagsForResource', () => {
    test('shows those of creation, and none where there are none', async () => {
      assert.deepEqual(await tagsOf(arn), { team: 'blue', level: '1' })
      assert.deepEqual(await tagsOf(arnOf(await createPool(server()))), {})
    })
  })

  describe('the resource of', () => {
    const calls: readonly (readonly [name: string, call: (arn: string) => Promise<unknown>])[] = [
      ['TagResource', (arn) => tag(arn, { a: 'b' })],
      ['UntagResource', (arn) => untag(arn, ['a'])],
      ['ListTagsForResource', tagsOf],
    ]
    for (const [name, call] of calls) {
      test(`${name} is a user pool`, async () => {
        for (const other of [
          arnOf(UserPoolId, 'us-east-1', '123456789012', 'cognito-identity'),
          `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}/client`,
          'arn:aws:cognito-idp:us-east-1:123456789012:userpool/none',
          `arn:aws-cn:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}`,
        ]) {
          await assert.rejects(call(other), invalid('The resource is not a user pool.'), other)
        }
      })

      test(`${name} is there, in this account and region`, async () => {
        const gone = await createPool(server())
        await server().client.send(new DeleteUserPoolCommand({ UserPoolId: gone }))
        const { UserPool } = await elsewhere(server(), 'eu-west-1').send(
          new CreateUserPoolCommand({ PoolName: 'test' }),
        )
        const far = UserPool?.Id ?? assert.fail()
        for (const [id, arn] of [
          ['us-east-1_Absent123', arnOf('us-east-1_Absent123')],
          [gone, arnOf(gone)],
          [UserPoolId, arnOf(UserPoolId, 'us-east-1', '210987654321')],
          [UserPoolId, arnOf(UserPoolId, 'eu-west-1')],
          [far, arnOf(far, 'eu-west-1')],
        ] as const) {
          await assert.rejects(
            call(arn),
            refusal('ResourceNotFoundException', `User pool ${id} does not exist.`),
            arn,
          )
        }
      })
    }
  })
})
