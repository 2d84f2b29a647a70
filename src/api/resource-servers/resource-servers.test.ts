import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  CreateResourceServerCommand,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  ListResourceServersCommand,
  type ListResourceServersCommandInput,
  type ResourceServerScopeType,
  UpdateResourceServerCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { makeClient, showClient } from '../../../test/clients.ts'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

const scopes = (...names: string[]): ResourceServerScopeType[] =>
  names.map((ScopeName) => ({ ScopeName, ScopeDescription: `to ${ScopeName}`.slice(0, 256) }))
const absent = (identifier: string) =>
  refusal('ResourceNotFoundException', `Resource server ${identifier} does not exist.`)
const managed = refusal(
  'NotAuthorizedException',
  'Resource server aws.cognito/dcr is managed by Amazon Cognito.',
)
const registering = { DcrConfiguration: { EnableStatus: 'Enabled' as const } }

onEachStore((server) => {
  let UserPoolId: string
  before(async () => {
    UserPoolId = await createPool(server())
  })
  const create = async (
    Identifier: string,
    Scopes?: ResourceServerScopeType[],
    pool = UserPoolId,
    Name = 'the server',
  ) =>
    (
      await server().client.send(
        new CreateResourceServerCommand({ UserPoolId: pool, Identifier, Name, Scopes }),
      )
    ).ResourceServer
  const show = async (Identifier: string, pool = UserPoolId) =>
    (await server().client.send(new DescribeResourceServerCommand({ UserPoolId: pool, Identifier })))
      .ResourceServer
  const update = async (Identifier: string, Scopes?: ResourceServerScopeType[], pool = UserPoolId) =>
    (
      await server().client.send(
        new UpdateResourceServerCommand({ UserPoolId: pool, Identifier, Name: 'renamed', Scopes }),
      )
    ).ResourceServer
  const remove = (Identifier: string, pool = UserPoolId) =>
    server().client.send(new DeleteResourceServerCommand({ UserPoolId: pool, Identifier }))
  const list = (pool: string, page: Omit<ListResourceServersCommandInput, 'UserPoolId'> = {}) =>
    server().client.send(new ListResourceServersCommand({ UserPoolId: pool, ...page }))
  const names = async (pool: string) =>
    (await list(pool)).ResourceServers?.map(({ Identifier }) => Identifier)

  describe('CreateResourceServer', () => {
    test('answers with the server, as DescribeResourceServer shows it from then on', async () => {
      for (const [Identifier, Scopes] of [
        ['solar-system-data', scopes('read', 'write')],
        ['https://example.com/api', scopes('!#[]~', 'x'.repeat(256))],
        ['x'.repeat(256), []],
      ] as const) {
        const shown = { UserPoolId, Identifier, Name: 'the server', Scopes: [...Scopes] }
        assert.deepEqual(await create(Identifier, [...Scopes]), shown)
        assert.deepEqual(await show(Identifier), shown)
      }
      assert.deepEqual((await create('bare'))?.Scopes, [])
      const odd = [{ ScopeName: 'odd', ScopeDescription: '\u0000 "ä" 😀\n' }]
      assert.deepEqual((await create('odd', odd))?.Scopes, odd)
      assert.deepEqual((await show('odd'))?.Scopes, odd)
    })

    test('a hundred scopes, each once', async () => {
      const all = Array.from({ length: 100 }, (_, index) => `scope-${index}`)
      assert.equal((await create('many', scopes(...all)))?.Scopes?.length, 100)
      await assert.rejects(create('more', scopes(...all, 'one more')), { name: 'InvalidParameterException' })
      await assert.rejects(
        create('twice', scopes('a', 'b', 'a', 'b')),
        invalid('The scope a is defined twice.'),
      )
      await assert.rejects(
        create('slash', scopes('a/b')),
        invalid(
          "1 validation error detected: Value 'a/b' at 'scopes.1.member.scopeName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+",
        ),
      )
    })

    test('an identifier is of one server of a pool, and those of the service are of none', async () => {
      const before = await create('once', scopes('a'))
      await assert.rejects(create('once'), invalid(`once already exists in user pool ${UserPoolId}.`))
      assert.deepEqual(await show('once'), before)
      await create('Once')
      await create('once', [], await createPool(server()))
      for (const identifier of ['aws.cognito', 'aws.cognito/dcr']) {
        await assert.rejects(create(identifier), invalid(`The identifier ${identifier} is reserved.`))
      }
      await create('aws.cognitoes')
    })

    test('twenty-five in a pool, also of many that are created at once', async () => {
      const pool = await createPool(server(), registering)
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) => create(`server-${index}`, [], pool)),
      )
      const full = refusal(
        'LimitExceededException',
        'The limit of 25 resource servers in a user pool has been reached.',
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 5)
      for (const { reason } of losers) full(reason)
      // The service's own does not count.
      assert.equal((await names(pool))?.length, 26)
    })

    poolMustExist(server, (pool) => create('nowhere', [], pool))
  })

  describe('DescribeResourceServer', () => {
    test('knows a server by its identifier, in its pool', async () => {
      await create('here')
      await assert.rejects(show('Here'), absent('Here'))
      await assert.rejects(show('here', await createPool(server())), absent('here'))
    })

    test('knows the service’s own while clients may register others', async () => {
      const pool = await createPool(server(), registering)
      assert.deepEqual(await show('aws.cognito/dcr', pool), {
        UserPoolId: pool,
        Identifier: 'aws.cognito/dcr',
        Name: 'Amazon Cognito dynamic client registration',
        Scopes: [{ ScopeName: 'register', ScopeDescription: 'Register app clients' }],
        ManagedBy: 'COGNITO',
      })
      await server().client.send(
        new UpdateUserPoolCommand({ UserPoolId: pool, DcrConfiguration: { EnableStatus: 'Disabled' } }),
      )
      await assert.rejects(show('aws.cognito/dcr', pool), absent('aws.cognito/dcr'))
      await assert.rejects(show('aws.cognito/dcr'), absent('aws.cognito/dcr'))
    })

    poolMustExist(server, (pool) => show('nowhere', pool))
  })

  describe('UpdateResourceServer', () => {
    test('replaces name and scopes; what the request leaves out goes', async () => {
      await create('changing', scopes('a', 'b'))
      for (const changed of [scopes('b', 'c'), undefined]) {
        const shown = { UserPoolId, Identifier: 'changing', Name: 'renamed', Scopes: changed ?? [] }
        assert.deepEqual(await update('changing', changed), shown)
        assert.deepEqual(await show('changing'), shown)
      }
    })

    test('clients keep a scope that is gone, and cannot be given it again', async () => {
      const AllowedOAuthScopes = ['kept/a', 'kept/b']
      await create('kept', scopes('a', 'b'))
      const { ClientId } = await makeClient(server(), UserPoolId, { AllowedOAuthScopes })
      await update('kept', scopes('a'))
      const shown = await showClient(server(), UserPoolId, ClientId)
      assert.deepEqual(shown.AllowedOAuthScopes, AllowedOAuthScopes)
      await assert.rejects(
        makeClient(server(), UserPoolId, { AllowedOAuthScopes }),
        refusal('ScopeDoesNotExistException', 'Invalid scope requested: kept/b'),
      )
    })

    test('refuses what cannot be', async () => {
      await assert.rejects(update('absent'), absent('absent'))
      await create('standing', scopes('a'))
      await assert.rejects(update('standing', scopes('b', 'b')), invalid('The scope b is defined twice.'))
      assert.deepEqual((await show('standing'))?.Scopes, scopes('a'))
      const pool = await createPool(server(), registering)
      await assert.rejects(update('aws.cognito/dcr', [], pool), managed)
    })

    poolMustExist(server, (pool) => update('nowhere', [], pool))
  })

  describe('DeleteResourceServer', () => {
    test('deletes it, and clients may have none of its scopes any more', async () => {
      await create('going', scopes('a'))
      await create('staying', scopes('a'))
      const { $metadata, ...output } = await remove('going')
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      await assert.rejects(show('going'), absent('going'))
      await assert.rejects(remove('going'), absent('going'))
      await assert.rejects(
        makeClient(server(), UserPoolId, { AllowedOAuthScopes: ['staying/a', 'going/a'] }),
        refusal('ScopeDoesNotExistException', 'Invalid scope requested: going/a'),
      )
      await create('going', scopes('b'))
      assert.deepEqual((await show('going'))?.Scopes, scopes('b'))
    })

    test('while clients are given its scopes, nobody fails in any other way', async () => {
      const outcomes: PromiseSettledResult<unknown>[] = []
      for (let round = 0; round < 5; round += 1) {
        await create('contested', scopes('a'))
        const clients = Array.from({ length: 4 }, () =>
          makeClient(server(), UserPoolId, { AllowedOAuthScopes: ['contested/a'] }),
        )
        outcomes.push(...(await Promise.allSettled([remove('contested'), ...clients])))
      }
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        refusal('ScopeDoesNotExistException', 'Invalid scope requested: contested/a')(outcome.reason)
      }
    })

    test('not the service’s own', async () => {
      const pool = await createPool(server(), registering)
      await assert.rejects(remove('aws.cognito/dcr', pool), managed)
    })

    poolMustExist(server, (pool) => remove('nowhere', pool))
  })

  describe('ListResourceServers', () => {
    test('shows every server whole, in order of identifier, the service’s own among them', async () => {
      const pool = await createPool(server(), registering)
      const own = ['shop', 'https://example.com', 'aa', 'Z', 'b']
      for (const identifier of own) await create(identifier, scopes('read'), pool)
      const all = [...own, 'aws.cognito/dcr'].toSorted()
      const { ResourceServers, NextToken } = await list(pool)
      assert.deepEqual(ResourceServers, await Promise.all(all.map((identifier) => show(identifier, pool))))
      assert.equal(NextToken, undefined)
      for (const MaxResults of [1, 2, 3, 4, 50]) {
        const seen: (string | undefined)[] = []
        let token: string | undefined
        do {
          const page = await list(pool, { MaxResults, ...(token && { NextToken: token }) })
          assert.ok((page.ResourceServers?.length ?? 0) <= MaxResults)
          seen.push(...(page.ResourceServers ?? []).map(({ Identifier }) => Identifier))
          token = page.NextToken
        } while (token !== undefined)
        assert.deepEqual(seen, all)
      }
    })

    test('a token is of this list', async () => {
      const pool = await createPool(server())
      assert.deepEqual((await list(pool)).ResourceServers, [])
      for (const identifier of ['a', 'b']) await create(identifier, [], pool)
      const { NextToken } = await list(pool, { MaxResults: 1 })
      const wrong = invalid('Invalid pagination token.')
      await assert.rejects(list(UserPoolId, { NextToken }), wrong)
      await assert.rejects(list(pool, { NextToken: 'a' }), wrong)
      await assert.rejects(list(pool, { MaxResults: 51 }), { name: 'InvalidParameterException' })
    })

    poolMustExist(server, (pool) => list(pool))
  })
})
