import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startServer, type TestServer } from '../../test/harness.ts'
import { request, serviceError } from '../../test/wire.ts'
import { Fault } from '../domain/faults.ts'
import type { App } from '../ports/app.ts'
import { ModExpOverloaded } from '../ports/modexp.ts'
import { StaleRow } from '../ports/store.ts'
import type { HttpResponse } from '../protocol/aws-json.ts'
import { type Operation, operation } from '../protocol/operation.ts'
import { list, required, string, struct, timestamp } from '../protocol/shape.ts'
import { operationNames } from './names.ts'
import { createApi } from './pipeline.ts'
import { operations } from './registry.ts'

describe('the pipeline', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(() => server.stop())

  const logged: [event: string, facts: Readonly<Record<string, unknown>> | undefined][] = []

  /** The API with one operation, that does this. */
  function apiOf(
    run: () => Promise<unknown>,
    output = struct({}),
  ): (changes?: Partial<App>) => Promise<HttpResponse> {
    const only: Operation = operation('DescribeUserPool', {
      doc: 'Does what a test asks for.',
      access: { by: 'client', faults: [], admit: async () => ({}) },
      input: struct({}),
      output,
      faults: [],
      run: async () => (await run()) as never,
    })
    const journal = {
      info: () => {},
      warn: () => {},
      error: (event: string, facts?: Readonly<Record<string, unknown>>) => void logged.push([event, facts]),
    }
    return (changes = {}) => {
      const api = createApi(
        { ...server.app, journal, ...changes },
        new Map([[only.name, only]]),
        operationNames,
      )
      return api(request(only.name, '{}'))
    }
  }

  test('what is not declared never leaves', async () => {
    const output = struct({
      Name: required(string()),
      At: timestamp,
      Items: list(struct({ Name: string() })),
    })
    const answer = await apiOf(
      async () => ({ Name: 'a', secret: 'b', At: 1500, Items: [{ Name: 'c', secret: 'd' }] }),
      output as never,
    )()
    assert.equal(answer.body, '{"Name":"a","At":1.5,"Items":[{"Name":"c"}]}')
  })

  test('what nobody foresaw is told nobody, and logged with the id of the request', async () => {
    logged.length = 0
    const error = new Error('password authentication failed for user "cognate"')
    const answer = await apiOf(async () => {
      throw error
    })()
    serviceError(answer, 'InternalErrorException', 'Internal error', 500)
    assert.deepEqual(logged, [
      [
        'unexpected failure',
        { requestId: answer.headers['x-amzn-requestid'], operation: 'DescribeUserPool', error },
      ],
    ])
  })

  test('nor what goes wrong on the way out', async () => {
    logged.length = 0
    const output = struct({ Items: list(string()) })
    const answer = await apiOf(async () => ({ Items: 7 }), output as never)()
    serviceError(answer, 'InternalErrorException', 'Internal error', 500)
    assert.equal(logged.length, 1)
  })

  test('a store that fails is such a thing', async () => {
    logged.length = 0
    const error = new Error('database is gone')
    const pools = { ...server.app.store.pools, find: () => Promise.reject(error) }
    const api = createApi(
      {
        ...server.app,
        store: { ...server.app.store, pools },
        site: { ...server.app.site, iam: 'off' },
        journal: {
          info: () => {},
          warn: () => {},
          error: (event, facts) => void logged.push([event, facts]),
        },
      },
      operations,
      operationNames,
    )
    const answer = await api(request('DescribeUserPool', '{"UserPoolId":"us-east-1_Absent123"}'))
    serviceError(answer, 'InternalErrorException', 'Internal error', 500)
    assert.deepEqual(
      logged.map(([, facts]) => facts),
      [{ requestId: answer.headers['x-amzn-requestid'], operation: 'DescribeUserPool', error }],
    )
  })

  test('an operation that lost a race runs again, and its answer is the later one', async () => {
    let runs = 0
    const answer = await apiOf(async () => {
      runs += 1
      if (runs < 64) throw new StaleRow()
      return {}
    })()
    assert.equal(answer.status, 200)
    assert.equal(runs, 64)
  })

  test('and gives up when it has lost sixty-four', async () => {
    let runs = 0
    const answer = await apiOf(async () => {
      runs += 1
      throw new StaleRow()
    })()
    serviceError(
      answer,
      'ConcurrentModificationException',
      'The resource was changed at the same time by another request. Try again.',
    )
    assert.equal(runs, 64)
  })

  test('another refusal ends the tries', async () => {
    let runs = 0
    const answer = await apiOf(async () => {
      runs += 1
      throw runs === 1 ? new StaleRow() : new Fault('UserNotFound')
    })()
    serviceError(answer, 'UserNotFoundException', 'User does not exist.')
    assert.equal(runs, 2)
  })

  test('too many powers at once are too many requests', async () => {
    const answer = await apiOf(async () => {
      throw new ModExpOverloaded()
    })()
    serviceError(answer, 'TooManyRequestsException', 'Too many requests')
  })
})
