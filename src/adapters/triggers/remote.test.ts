import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { arnOf, failed, occasion, signUp, unreachable } from '../../../test/triggers/functions.ts'
import { triggerEvent } from '../../domain/trigger-event.ts'
import { httpRunner } from './http.ts'
import { lambdaRunner } from './lambda.ts'
import { openRunner } from './open.ts'

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void

let answer: Answer
let asked: { url: string | undefined; headers: IncomingMessage['headers']; body: string }[] = []
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  asked.push({ url: request.url, headers: request.headers, body })
  answer(request, body, response)
})
let endpoint: string
before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.env.AWS_ACCESS_KEY_ID = 'AKIATEST'
  process.env.AWS_SECRET_ACCESS_KEY = 'secret'
})
after(() => {
  server.closeAllConnections()
  server.close()
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
})
beforeEach(() => {
  asked = []
})

const confirming: Answer = (_, body, response) => {
  const event = JSON.parse(body)
  response.end(JSON.stringify({ ...event, response: { autoConfirmUser: true } }))
}
const silent: Answer = () => {}

describe('Lambda', () => {
  const fails =
    (status: number, type: string): Answer =>
    (_, __, response) =>
      response
        .writeHead(status, { 'x-amzn-errortype': type, 'content-type': 'application/json' })
        .end('{"Message":"no"}')

  test('is invoked as AWS’s SDK invokes it, and its answer is the event', async () => {
    answer = confirming
    const runner = lambdaRunner(endpoint)
    const event = signUp()
    assert.deepEqual(await runner.run(arnOf('confirm'), event), {
      ...event,
      response: { autoConfirmUser: true },
    })
    const [call] = asked
    assert.equal(decodeURIComponent(call?.url ?? ''), `/2015-03-31/functions/${arnOf('confirm')}/invocations`)
    assert.equal(call?.headers['x-amz-invocation-type'], 'RequestResponse')
    assert.match(call?.headers.authorization ?? '', /\/us-east-1\/lambda\/aws4_request/)
    assert.deepEqual(JSON.parse(call?.body ?? ''), event)
    await runner.close()
  })

  test('is told of messages without being waited for', async () => {
    answer = (_, __, response) => response.writeHead(202).end()
    const event = triggerEvent('CustomEmailSender_SignUp', occasion, { userAttributes: {}, code: null })
    const runner = lambdaRunner(endpoint)
    assert.equal(await runner.run(arnOf('carrier'), event), null)
    assert.equal(asked[0]?.headers['x-amz-invocation-type'], 'Event')
    await runner.close()
  })

  test('a function that throws has its message told; one that says none, its kind', async () => {
    const runner = lambdaRunner(endpoint)
    answer = (_, __, response) =>
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('{"errorMessage":"Not you"}')
    await assert.rejects(runner.run(arnOf('throws'), signUp()), failed('Not you'))
    answer = (_, __, response) => response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('null')
    await assert.rejects(runner.run(arnOf('throws'), signUp()), failed('Unhandled'))
    await runner.close()
  })

  test('what Lambda refuses has Lambda’s name, and is asked once', async () => {
    const runner = lambdaRunner(endpoint)
    for (const [status, type] of [
      [403, 'AccessDeniedException'],
      [404, 'ResourceNotFoundException'],
      [429, 'TooManyRequestsException'],
      [500, 'ServiceException'],
    ] as const) {
      asked = []
      answer = fails(status, type)
      await assert.rejects(runner.run(arnOf('refused'), signUp()), unreachable(type))
      assert.equal(asked.length, 1)
    }
    await runner.close()
  })

  test('who does not answer in time is waited for no longer', async () => {
    answer = silent
    const runner = lambdaRunner(endpoint, 50)
    await assert.rejects(runner.run(arnOf('hangs'), signUp()), unreachable('Timeout'))
    await runner.close()
  })
})

describe('a web server', () => {
  test('is given the event, signed, and the function’s ARN', async () => {
    answer = confirming
    const event = signUp()
    const runner = httpRunner(`${endpoint}/hook`, 'shared')
    assert.deepEqual(await runner.run(arnOf('confirm'), event), {
      ...event,
      response: { autoConfirmUser: true },
    })
    const [call] = asked
    assert.equal(call?.url, '/hook')
    assert.equal(call?.headers['x-cognate-function'], arnOf('confirm'))
    const digest = createHmac('sha256', 'shared')
      .update(call?.body ?? '')
      .digest('hex')
    assert.equal(call?.headers['x-cognate-signature-256'], `sha256=${digest}`)
  })

  test('refuses in its own words, or is said not to have answered', async () => {
    const runner = httpRunner(`${endpoint}/hook`, undefined, 50)
    const says =
      (status: number, body: string): Answer =>
      (_, __, response) =>
        response.writeHead(status).end(body)
    answer = says(403, '{"errorMessage":"Not you"}')
    await assert.rejects(runner.run(arnOf('any'), signUp()), failed('Not you'))
    answer = says(502, 'Bad gateway')
    await assert.rejects(runner.run(arnOf('any'), signUp()), unreachable('HTTP 502'))
    answer = says(200, 'no JSON')
    assert.equal(await runner.run(arnOf('any'), signUp()), null)
    answer = silent
    await assert.rejects(runner.run(arnOf('any'), signUp()), unreachable('Timeout'))
    answer = says(200, 'x'.repeat(7 * 1024 * 1024))
    await assert.rejects(
      httpRunner(endpoint, undefined).run(arnOf('any'), signUp()),
      unreachable('ResponseTooLarge'),
    )
    await assert.rejects(
      httpRunner('http://127.0.0.1:1', undefined).run(arnOf('any'), signUp()),
      unreachable('ServiceException'),
    )
  })
})

describe('the map of functions', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognate-map-'))
  })
  after(() => rm(folder, { recursive: true }))
  async function open(map: string) {
    const path = join(folder, 'triggers.yaml')
    await writeFile(path, map)
    return openRunner({ folder, map: path, secret: undefined, env: {} })
  }

  test('sends each where it says, the first that fits, and the rest to the folder', async () => {
    await writeFile(join(folder, 'mine.mjs'), `export const handler = async () => 'mine'`)
    await writeFile(join(folder, 'plain.mjs'), `export const handler = async () => 'plain'`)
    answer = (_, __, response) => response.end('"remote"')
    const runner = await open(`
      - { arn: '*:function:web-*', target: '${endpoint}/web' }
      - { arn: 'arn:aws:lambda:eu-*:function:*', target: 'lambda:${endpoint}' }
      - { arn: '*:function:own', target: 'module:./mine.mjs' }
      - { arn: '*:function:web-late', target: 'module:./mine.mjs' }
      - { arn: '*:function:ow*', target: '${endpoint}/late' }
    `)
    assert.equal(await runner.run(arnOf('web-late'), signUp()), 'remote')
    assert.equal(asked.at(-1)?.url, '/web')
    assert.equal(await runner.run(arnOf('x').replace('us-east-1', 'eu-west-1'), signUp()), 'remote')
    assert.match(asked.at(-1)?.url ?? '', /invocations$/)
    for (const alias of ['', ':live']) assert.equal(await runner.run(arnOf('own') + alias, signUp()), 'mine')
    assert.equal(await runner.run(arnOf('owl'), signUp()), 'remote')
    assert.equal(asked.at(-1)?.url, '/late')
    assert.equal(await runner.run(arnOf('plain'), signUp()), 'plain')
    await assert.rejects(runner.run(arnOf('nowhere'), signUp()), unreachable('ResourceNotFoundException'))
    await runner.close()
  })

  test('wherever a function runs, it is waited for five seconds and asked once', async () => {
    await writeFile(join(folder, 'file.mjs'), `export const handler = () => new Promise(() => {})`)
    answer = silent
    const runner = await open(`
      - { arn: '*:function:web', target: '${endpoint}/web' }
      - { arn: '*:function:lambda', target: 'lambda:${endpoint}' }
    `)
    await Promise.all(
      ['web', 'lambda', 'file'].map(async (name) => {
        const begun = performance.now()
        await assert.rejects(runner.run(arnOf(name), signUp()), unreachable('Timeout'))
        const waited = performance.now() - begun
        assert.ok(waited > 4900 && waited < 9000, `${name}: ${waited}`)
      }),
    )
    assert.equal(asked.length, 2)
    await runner.close()
  })

  for (const [what, map, reason] of [
    ['no list', 'arn: x', /must be a list of arn and target/],
    ['an entry without a target', '- arn: x', /entry 1 must have an arn and a target/],
    ['a target that is none', '- { arn: x, target: ftp://x }', /entry 1: ftp:\/\/x must begin with/],
  ] as const) {
    test(`is refused for ${what}`, async () => {
      await assert.rejects(open(map), reason)
    })
  }
})
