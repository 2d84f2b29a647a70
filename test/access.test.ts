import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { actionOf } from '../src/api/iam.ts'
import { operations } from '../src/api/registry.ts'
import type { UserPoolId as PoolId, Username } from '../src/domain/ids.ts'
import { signToken } from '../src/flows/signing.ts'
import type { HttpResponse } from '../src/protocol/aws-json.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { failureOf } from './failure.ts'
import { createClient, createPool, createUser, signIn } from './fixtures.ts'
import { onEachStore, sdkClient, startServer, type TestServer } from './harness.ts'
import { factOperation } from './model.ts'
import { createReplicated, there } from './replicas.ts'
import { validInput } from './valid-input.ts'
import { request } from './wire.ts'

const all = [...operations.values()]
const byIam = all.filter(({ access }) => access.by === 'iam')
const byToken = all.filter(({ access }) => access.by === 'token')
const byNoSignature = all.filter(({ access }) => access.by !== 'iam')

const account = '123456789012'
const arnOf = (poolId: string, region = 'us-east-1') =>
  `arn:aws:cognito-idp:${region}:${account}:userpool/${poolId}`
const mine = 'us-east-1_Mine00000'
const others = 'us-east-1_Others000'

/** Valid input about this pool, in whichever way the operation names a pool. */
const about = (operation: Operation, poolId: string, region = 'us-east-1') =>
  validInput(operation, { UserPoolId: poolId, ResourceArn: arnOf(poolId, region), RegionName: there })

const resourceOf = ({ access }: Operation, poolId: string, region = 'us-east-1') =>
  access.resource === 'account' ? '*' : arnOf(poolId, region)

/** The names of errors that say who is calling or what they may do. */
const authenticationErrors = new Set([
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'AccessDeniedException',
])

const unsigned = (server: TestServer, { name }: Operation, input: object): Promise<HttpResponse> =>
  server.api(request(name, JSON.stringify(input)))

const typeOf = ({ body }: HttpResponse): string | undefined => JSON.parse(body).__type

// ---- IAM

const user = (name: string, ...statements: object[]) => ({
  name,
  accessKeys: [{ id: `KEY${name}`, secret: `secret of ${name}` }],
  policies: statements.length === 0 ? [] : [{ Version: '2012-10-17', Statement: statements }],
})
const allow = (Action: string, Resource: string, Condition: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
})
/** What an operation asks for beside its own action. */
const besides: Readonly<Record<string, object[]>> = {
  CreateUserPoolReplica: [allow('cognito-idp:CreateUserPool', '*')],
}
const as = (server: TestServer, name: string) => server.as(`KEY${name}`, `secret of ${name}`)

/** What AWS says to those who may not, and why. */
const denial = (name: string, action: string, resource: string, explicit = false) => ({
  name: 'AccessDeniedException',
  message: `User: arn:aws:iam::${account}:user/${name} is not authorized to perform: cognito-idp:${actionOf(action)} on resource: ${resource} ${
    explicit
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the cognito-idp:${actionOf(action)} action`
  }`,
})

describe('an operation by IAM', () => {
  let server: TestServer
  let standing: string
  before(async () => {
    server = await startServer({
      iam: {
        users: [
          user('nobody'),
          user('barred', allow('*', '*'), { Effect: 'Deny', Action: 'cognito-idp:*', Resource: '*' }),
          user('elsewhere', allow('*', 'arn:aws:cognito-idp:us-east-1:210987654321:userpool/*')),
          user('pools', allow('*', 'arn:aws:cognito-idp:*:*:userpool/*')),
          ...byIam.map((operation) =>
            user(
              operation.name,
              allow(`cognito-idp:${actionOf(operation.name)}`, resourceOf(operation, mine)),
              ...(besides[operation.name] ?? []),
            ),
          ),
        ],
      },
    })
    standing = await createPool(server)
  })
  after(() => server.stop())

  for (const operation of byIam) {
    const { name } = operation
    describe(name, () => {
      test('wants a signature', async () => {
        assert.equal(
          (await unsigned(server, operation, about(operation, mine))).body,
          '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
        )
      })

      test('of a key that it knows', async () => {
        assert.deepEqual(await failureOf(server.as('stranger', 'secret'), name, about(operation, mine)), {
          name: 'UnrecognizedClientException',
          message: 'The security token included in the request is invalid.',
        })
        const wrong = await failureOf(server.as('KEYnobody', 'wrong'), name, about(operation, mine))
        assert.equal(wrong?.name, 'InvalidSignatureException')
      })

      test('denies whom no policy allows it, whether or not there is a pool', async () => {
        for (const poolId of [mine, standing]) {
          const resource = resourceOf(operation, poolId)
          const input = about(operation, poolId)
          assert.deepEqual(
            await failureOf(as(server, 'nobody'), name, input),
            denial('nobody', name, resource),
          )
          assert.deepEqual(
            await failureOf(as(server, 'barred'), name, input),
            denial('barred', name, resource, true),
          )
          assert.deepEqual(
            await failureOf(as(server, 'elsewhere'), name, input),
            denial('elsewhere', name, resource),
          )
        }
      })

      test('allows whom a policy allows it, and nothing beside it', async () => {
        const found = await failureOf(as(server, name), name, about(operation, mine))
        assert.ok(!authenticationErrors.has(found?.name ?? ''), found?.message)
        if (operation.access.resource === 'pool') {
          assert.deepEqual(
            await failureOf(as(server, name), name, about(operation, others)),
            denial(name, name, arnOf(others)),
          )
        }
        const following = [...byIam.slice(byIam.indexOf(operation) + 1), ...byIam]
        const neighbour = following.find((other) => actionOf(other.name) !== actionOf(name)) ?? operation
        assert.deepEqual(
          await failureOf(as(server, name), neighbour.name, about(neighbour, mine)),
          denial(name, neighbour.name, resourceOf(neighbour, mine)),
        )
      })

      if (operation.access.resource === 'account') {
        test('is of the account, and of no pool', async () => {
          assert.deepEqual(
            await failureOf(as(server, 'pools'), name, about(operation, mine)),
            denial('pools', name, '*'),
          )
        })
      }
    })
  }
})

describe('an operation by IAM in the region of a replica', () => {
  onEachStore(
    (server) => {
      let poolId: string
      before(async () => {
        poolId = await createReplicated(server())
      })
      const from = (who: string, region: string) =>
        sdkClient(server().api, { accessKeyId: `KEY${who}`, secretAccessKey: `secret of ${who}` }, region)

      for (const operation of byIam.filter(({ access }) => access.resource === 'pool')) {
        const { name } = operation
        test(`${name} is on the ARN of that region, and with its tags`, async () => {
          for (const [region, who, other] of [
            ['us-east-1', 'eastern', 'western'],
            [there, 'western', 'eastern'],
          ] as const) {
            const input = about(operation, poolId, region)
            assert.deepEqual(
              await failureOf(from(other, region), name, input),
              denial(other, name, arnOf(poolId, region)),
            )
            // What happens to the pool itself is for other tests.
            if (name === 'DeleteUserPool' || name.endsWith('Replica')) continue
            const found = await failureOf(from(who, region), name, input)
            assert.ok(!authenticationErrors.has(found?.name ?? ''), found?.message)
          }
        })
      }

      test('the tags are those of the region', async () => {
        const tagged = await createReplicated(server(), { UserPoolTags: { team: 'blue' } })
        const describe = (region: string) =>
          failureOf(from('blue', region), 'DescribeUserPool', { UserPoolId: tagged })
        assert.equal(await describe('us-east-1'), undefined)
        assert.deepEqual(await describe(there), denial('blue', 'DescribeUserPool', arnOf(tagged, there)))
        const tag = { ResourceArn: arnOf(tagged, there), Tags: { team: 'blue' } }
        assert.equal(await failureOf(from('western', there), 'TagResource', tag), undefined)
        assert.equal(await describe(there), undefined)
      })

      test('who replicates may create pools there', async () => {
        const input = (RegionName: string, UserPoolTags = {}) => ({
          UserPoolId: mine,
          RegionName,
          UserPoolTags,
        })
        const replicate = (who: string, ...given: Parameters<typeof input>) =>
          failureOf(as(server(), who), 'CreateUserPoolReplica', input(...given))
        assert.deepEqual(
          await replicate('maker', there),
          denial('maker', 'CreateUserPoolReplica', arnOf(mine)),
        )
        const absent = { name: 'ResourceNotFoundException', message: `User pool ${mine} does not exist.` }
        assert.deepEqual(await replicate('replicator', there, { team: 'blue' }), absent)
        const denied = denial('replicator', 'CreateUserPool', '*')
        assert.deepEqual(await replicate('replicator', 'eu-west-1', { team: 'blue' }), denied)
        assert.deepEqual(await replicate('replicator', there, { team: 'red' }), denied)
      })
    },
    {
      iam: {
        users: [
          user('eastern', allow('cognito-idp:*', 'arn:aws:cognito-idp:us-east-1:*:userpool/*')),
          user('western', allow('cognito-idp:*', `arn:aws:cognito-idp:${there}:*:userpool/*`)),
          user('blue', allow('cognito-idp:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'blue' } })),
          user('maker', allow('cognito-idp:CreateUserPool', '*')),
          user(
            'replicator',
            allow('cognito-idp:CreateUserPoolReplica', '*'),
            allow('cognito-idp:CreateUserPool', '*', {
              StringEquals: { 'aws:RequestedRegion': there, 'aws:RequestTag/team': 'blue' },
            }),
          ),
        ],
      },
    },
  )
})

describe('the conditions of a policy', () => {
  const condition = (name: string, ...conditions: object[]) =>
    user(name, ...conditions.map((one) => allow('cognito-idp:*', '*', one)))
  const users = [
    condition('blue', { StringEquals: { 'aws:ResourceTag/team': 'blue' } }),
    condition('maker', { StringEquals: { 'aws:RequestTag/team': 'blue' } }),
    condition('taggers', {
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      Null: { 'aws:TagKeys': 'false' },
    }),
    condition('local', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }),
    condition('remote', { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }),
    condition('self', { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/self` } }),
    condition('notself', { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/self` } }),
    condition('american', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
    condition('european', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
    condition('secured', { Bool: { 'aws:SecureTransport': 'true' } }),
  ]

  onEachStore(
    (server) => {
      const pools: Record<string, string> = { absent: mine }
      before(async () => {
        pools.blue = await createPool(server(), { UserPoolTags: { team: 'blue' } })
        pools.red = await createPool(server(), { UserPoolTags: { team: 'red' } })
        pools.plain = await createPool(server())
      })

      const rows: [
        who: string,
        operation: string,
        input: object,
        pool: string | undefined,
        allowed: boolean,
      ][] = [
        ['blue', 'DescribeUserPool', {}, 'blue', true],
        ['blue', 'DescribeUserPool', {}, 'red', false],
        ['blue', 'DescribeUserPool', {}, 'plain', false],
        ['blue', 'DescribeUserPool', {}, 'absent', false],
        ['blue', 'CreateUserPool', { PoolName: 'a', UserPoolTags: { team: 'blue' } }, undefined, false],
        ['maker', 'CreateUserPool', { PoolName: 'a', UserPoolTags: { team: 'blue' } }, undefined, true],
        ['maker', 'CreateUserPool', { PoolName: 'a', UserPoolTags: { team: 'red' } }, undefined, false],
        ['maker', 'CreateUserPool', { PoolName: 'a' }, undefined, false],
        ['maker', 'UpdateUserPool', { UserPoolTags: { team: 'blue', level: '1' } }, 'plain', true],
        ['maker', 'UpdateUserPool', { UserPoolTags: { level: '1' } }, 'plain', false],
        ['maker', 'DescribeUserPool', {}, 'blue', false],
        ['taggers', 'CreateUserPool', { PoolName: 'a', UserPoolTags: { team: 'any' } }, undefined, true],
        [
          'taggers',
          'CreateUserPool',
          { PoolName: 'a', UserPoolTags: { team: 'any', level: '1' } },
          undefined,
          false,
        ],
        ['taggers', 'CreateUserPool', { PoolName: 'a' }, undefined, false],
        ['blue', 'ListTagsForResource', {}, 'blue', true],
        ['blue', 'ListTagsForResource', {}, 'red', false],
        ['blue', 'TagResource', { Tags: { team: 'blue' } }, 'red', false],
        ['blue', 'UntagResource', { TagKeys: ['level'] }, 'blue', true],
        ['maker', 'TagResource', { Tags: { team: 'blue' } }, 'plain', true],
        ['maker', 'TagResource', { Tags: { team: 'red' } }, 'plain', false],
        ['taggers', 'TagResource', { Tags: { team: 'any' } }, 'plain', true],
        ['taggers', 'TagResource', { Tags: { team: 'any', level: '1' } }, 'plain', false],
        ['taggers', 'UntagResource', { TagKeys: ['team'] }, 'plain', true],
        ['taggers', 'UntagResource', { TagKeys: ['team', 'level'] }, 'plain', false],
        ['local', 'DescribeUserPool', {}, 'plain', true],
        ['remote', 'DescribeUserPool', {}, 'plain', false],
        ['self', 'DescribeUserPool', {}, 'plain', true],
        ['notself', 'DescribeUserPool', {}, 'plain', false],
        ['american', 'DescribeUserPool', {}, 'plain', true],
        ['european', 'DescribeUserPool', {}, 'plain', false],
        ['secured', 'DescribeUserPool', {}, 'plain', false],
      ]
      for (const [who, operation, input, pool, allowed] of rows) {
        const what = `${JSON.stringify(input)}${pool === undefined ? '' : ` a pool that is ${pool}`}`
        test(`${allowed ? 'allow' : 'deny'} ${who} to ${operation} ${what}`, async () => {
          const poolId = pool === undefined ? undefined : pools[pool]
          const named = poolId !== undefined && { UserPoolId: poolId, ResourceArn: arnOf(poolId) }
          const complete = { ...input, ...named }
          assert.deepEqual(
            await failureOf(as(server(), who), operation, complete),
            allowed ? undefined : denial(who, operation, poolId === undefined ? '*' : arnOf(poolId)),
          )
        })
      }

      test('know the region that the request was signed for', async () => {
        const from = (who: string, region: string) =>
          sdkClient(server().api, { accessKeyId: `KEY${who}`, secretAccessKey: `secret of ${who}` }, region)
        const list = { MaxResults: 1 }
        assert.equal(await failureOf(from('european', 'eu-west-1'), 'ListUserPools', list), undefined)
        assert.deepEqual(
          await failureOf(from('american', 'eu-west-1'), 'ListUserPools', list),
          denial('american', 'ListUserPools', '*'),
        )
      })
    },
    { iam: { users } },
  )
})

test('while IAM is off, anybody may do anything, signed or not', async () => {
  const server = await startServer({ site: { iam: 'off' } })
  try {
    for (const operation of byIam) {
      const input = about(operation, mine)
      const plain = await unsigned(server, operation, input)
      assert.ok(!authenticationErrors.has(typeOf(plain) ?? ''), plain.body)
      const stranger = await failureOf(server.as('stranger', 'secret'), operation.name, input)
      assert.equal(stranger?.name, typeOf(plain), operation.name)
      const garbage = request(operation.name, JSON.stringify(input))
      const answer = await server.api({
        ...garbage,
        headers: { ...garbage.headers, authorization: 'Basic YTpi' },
      })
      assert.equal(typeOf(answer), typeOf(plain), operation.name)
    }
  } finally {
    await server.stop()
  }
})

// ---- tokens and clients

describe('an operation without IAM', () => {
  let server: TestServer
  const tokens: Record<string, string> = {}
  before(async () => {
    server = await startServer()
    const poolId = await createPool(server)
    const { ClientId } = await createClient(server, poolId)
    await createUser(server, poolId, 'ada')
    await createUser(server, poolId, 'bob')
    const { AuthenticationResult = {} } = await signIn(server, poolId, ClientId, 'ada')
    const { AccessToken = '', IdToken = '', RefreshToken = '' } = AuthenticationResult
    const [header = '', payload = '', signature = ''] = AccessToken.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const sign = (changes: object) =>
      signToken(server.app, poolId as PoolId, 'access', { ...claims, ...changes })
    Object.assign(tokens, {
      'no JWT': 'abc',
      'two parts of three': `${header}.${payload}`,
      'a payload that is no JSON': `${header}.abc.${signature}`,
      'an ID token': IdToken,
      'a refresh token': RefreshToken,
      'a pool that is not there': await sign({ iss: claims.iss.replace(poolId, mine) }),
      'an issuer elsewhere': await sign({ iss: `https://example.com/${poolId}` }),
      'a payload changed': `${header}.${encode({ ...claims, username: 'bob' })}.${signature}`,
      'no algorithm': `${encode({ alg: 'none' })}.${payload}.`,
      'another key': await signToken(server.app, poolId as PoolId, 'id', claims),
      'its time over': await sign({ exp: server.clock.now / 1000 }),
      'no scope for it': await sign({ scope: 'openid email' }),
      'a user who is gone': await sign({ sub: '00000000-0000-4000-8000-000000000000' }),
      'its session revoked': (await signIn(server, poolId, ClientId, 'bob')).AuthenticationResult
        ?.AccessToken,
    })
    await server.app.store.tokenSessions.revokeAllOf(poolId as PoolId, 'bob' as Username, server.clock.now)
  })
  after(() => server.stop())

  const notAuthorized = (message: string) => ({ __type: 'NotAuthorizedException', message })
  const invalid = notAuthorized('Invalid Access Token')
  const unverified = notAuthorized('Could not verify signature for Access Token')
  const revoked = notAuthorized('Access Token has been revoked')
  const refusals: Readonly<Record<string, object>> = {
    'no JWT': invalid,
    'two parts of three': invalid,
    'a payload that is no JSON': invalid,
    'an ID token': invalid,
    'a refresh token': invalid,
    'a pool that is not there': invalid,
    'an issuer elsewhere': invalid,
    'a payload changed': unverified,
    'no algorithm': unverified,
    'another key': unverified,
    'its time over': notAuthorized('Access Token has expired'),
    'no scope for it': notAuthorized('Access Token does not have required scopes'),
    'its session revoked': revoked,
  }
  /** An operation whose model knows no user who is not there has no other word for it. */
  const gone = ({ name }: Operation) =>
    factOperation(name).errors.includes('UserNotFoundException')
      ? { __type: 'UserNotFoundException', message: 'User does not exist.' }
      : revoked
  for (const operation of byToken) {
    describe(operation.name, () => {
      for (const [what, refusal] of Object.entries({ ...refusals, 'a user who is gone': gone(operation) })) {
        test(`refuses a token with ${what}`, async () => {
          const input = { ...validInput(operation), AccessToken: tokens[what] }
          assert.deepEqual(JSON.parse((await unsigned(server, operation, input)).body), refusal)
        })
      }
    })
  }

  const scope = 'Credential=stranger/20261123/us-east-1/cognito-idp/aws4_request'
  const signatures = [
    `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    'AWS4-HMAC-SHA256 Credential',
    'Bearer abc',
  ]
  for (const operation of byNoSignature) {
    test(`${operation.name} takes no notice of a signature`, async () => {
      const input = validInput(operation, { AccessToken: 'abc' })
      const plain = await unsigned(server, operation, input)
      assert.ok(!authenticationErrors.has(typeOf(plain) ?? ''), plain.body)
      for (const authorization of signatures) {
        const sent = request(operation.name, JSON.stringify(input))
        const headers = {
          ...sent.headers,
          host: 'localhost',
          'x-amz-date': '20261123T120000Z',
          authorization,
        }
        assert.equal((await server.api({ ...sent, headers })).body, plain.body)
      }
    })
  }
})
