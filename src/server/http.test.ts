import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, describe, test } from 'node:test'
import { apiRequest, RawClient } from '../../test/raw-http.ts'
import { refuse } from '../api/pipeline.ts'
import { Fault } from '../domain/faults.ts'
import type { HttpRequest, HttpResponse } from '../protocol/aws-json.ts'
import { type Handlers, type Limits, type Listening, listen, standardLimits } from './http.ts'

const twoMebibytes = 2_097_152
const answer = (body: string): HttpResponse => ({ status: 200, headers: { 'x-test': 'api' }, body })

describe('http', () => {
  let listening: Listening | undefined
  const clients: RawClient[] = []
  const failures: unknown[] = []

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await listening?.stop(0)
    listening = undefined
    assert.deepEqual(failures.splice(0), [])
  })

  /** A server whose API answers with the size of what it was sent. */
  async function start(handlers: Partial<Handlers> = {}, limits: Partial<Limits> = {}): Promise<void> {
    const standard: Handlers = {
      api: async ({ body }) => answer(`${body.length}`),
      tooLarge: () => refuse('id', new Fault('BodyTooLarge', twoMebibytes)),
      web: ({ method, url }, response) => response.end(`${method} ${url}`),
      failed: (error) => failures.push(error),
    }
    const all = Promise.resolve({ ...standard, ...handlers })
    listening = await listen('127.0.0.1', 0, all, { ...standardLimits, ...limits })
  }

  async function client(): Promise<RawClient> {
    assert.ok(listening)
    const client = await RawClient.to(listening.port)
    clients.push(client)
    return client
  }

  describe('bodies', () => {
    test('of two mebibytes are taken, and the connection stays', async () => {
      await start()
      const raw = await client()
      raw.send(apiRequest('x'.repeat(twoMebibytes)))
      const response = await raw.next()
      assert.equal(response?.body, `${twoMebibytes}`)
      assert.equal(response?.headers.connection, 'keep-alive')
      raw.send(
        apiRequest('', { 'transfer-encoding': 'chunked', 'content-length': '' }).replace(
          'content-length: \r\n',
          '',
        ),
      )
      raw.send(`${twoMebibytes.toString(16)}\r\n`, 'x'.repeat(twoMebibytes), '\r\n0\r\n\r\n')
      assert.equal((await raw.next())?.body, `${twoMebibytes}`)
    })

    for (const [kind, headers, body] of [
      ['announced', { 'content-length': `${twoMebibytes + 1}` }, ['x'.repeat(twoMebibytes + 1)]],
      [
        'in chunks',
        { 'transfer-encoding': 'chunked' },
        [`${(twoMebibytes + 1).toString(16)}\r\n`, 'x'.repeat(twoMebibytes + 1), '\r\n0\r\n\r\n'],
      ],
    ] as const) {
      test(`over two mebibytes are refused, and the connection ends (${kind})`, async () => {
        let called = false
        await start({
          api: async () => {
            called = true
            return answer('')
          },
        })
        const raw = await client()
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        raw.send(`POST / HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n`, ...body)
        const response = await raw.next()
        assert.equal(response?.status, 413)
        assert.equal(response?.headers.connection, 'close')
        assert.match(response?.body ?? '', /"__type":"RequestEntityTooLargeException"/)
        await raw.closed
        assert.equal(called, false)
      })
    }

    test('over two mebibytes are refused before they are sent, and to clients that read only afterwards', async () => {
      await start()
      const early = await client()
      early.send(apiRequest('', { 'content-length': `${64 * twoMebibytes}` }))
      assert.equal((await early.next())?.status, 413)
      const sending = request({ port: listening?.port, host: '127.0.0.1', method: 'POST' })
      const sent = once(sending, 'finish')
      const closed = once(sending, 'close')
      sending.end(Buffer.alloc(16 * twoMebibytes))
      const [response] = await once(sending, 'response')
      assert.equal(response.statusCode, 413)
      response.resume()
      await Promise.all([sent, closed])
    })

    test('of a sender who does not stop are cut off', async () => {
      await start({}, { linger: 50 })
      const raw = await client()
      raw.send('POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n')
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
      const keepOn = () => {
        while (!raw.socket.destroyed && raw.socket.write(chunk));
      }
      raw.socket.on('drain', keepOn)
      keepOn()
      assert.equal((await raw.next())?.status, 413)
      await raw.closed
    })

    test('are asked for with 100 Continue, unless they are too large', async () => {
      await start()
      const small = await client()
      small.send(apiRequest('', { expect: '100-continue', 'content-length': '2' }))
      assert.equal((await small.next())?.status, 100)
      small.send('{}')
      assert.equal((await small.next())?.body, '2')
      const large = await client()
      large.send(apiRequest('', { expect: '100-continue', 'content-length': `${twoMebibytes + 1}` }))
      assert.equal((await large.next())?.status, 413)
    })

    test('that end in the middle are no news', async () => {
      await start({ api: () => assert.fail('performed') })
      const raw = await client()
      raw.send(apiRequest('', { 'content-length': '10' }), 'half')
      raw.socket.end()
      assert.equal((await raw.next())?.status, 400)
      await raw.closed
    })
  })

  describe('slow senders', () => {
    const impatient = { headersTime: 60, requestTime: 120, check: 10 }

    test('of headers are cut off', async () => {
      await start({}, impatient)
      const raw = await client()
      raw.send('POST / HTTP/1.1\r\nhost: local')
      assert.equal((await raw.next())?.status, 408)
      await raw.closed
    })

    test('of nothing at all are cut off', async () => {
      await start({}, impatient)
      const raw = await client()
      await raw.closed
    })

    test('of a body are cut off, and their request is never performed', async () => {
      await start({ api: () => assert.fail('performed') }, impatient)
      const raw = await client()
      raw.send(apiRequest('', { 'content-length': '10' }), 'half')
      assert.equal((await raw.next())?.status, 408)
      await raw.closed
    })

    test('of a file of users may take longer, and not for ever', async () => {
      await start(
        { web: (request, response) => void request.resume().on('end', () => response.end('whole')) },
        { ...impatient, uploadTime: 400 },
      )
      const file = (path: string) =>
        apiRequest('', { 'content-length': '4' }).replace('POST /', `PUT ${path}`)
      const raw = await client()
      raw.send(file('/_cognate/imports/pool/job'), 'ha')
      const elsewhere = await client()
      elsewhere.send(file('/_cognate/import'), 'ha')
      assert.equal((await elsewhere.next())?.status, 408)
      raw.send('lf')
      assert.equal((await raw.next())?.body, 'whole')
      raw.send(file('/_cognate/imports/pool/job'), 'ha')
      assert.equal((await raw.next())?.status, 408)
    })

    test('may be as slow as they like while it is the server that works', async () => {
      await start(
        { api: () => new Promise((resolve) => setTimeout(resolve, 200, answer('done'))) },
        impatient,
      )
      const raw = await client()
      raw.send(apiRequest('{}'))
      assert.equal((await raw.next())?.body, 'done')
    })
  })

  test('headers over the limit are refused', async () => {
    await start()
    const raw = await client()
    raw.send(apiRequest('', { 'x-long': 'x'.repeat(standardLimits.headers) }))
    assert.equal((await raw.next())?.status, 431)
    await raw.closed
  })

  test('connections are kept for the next request, and not for ever', async () => {
    await start({}, { keepAlive: 50 })
    const raw = await client()
    for (const body of ['', '{}', 'four']) {
      raw.send(apiRequest(body))
      assert.equal((await raw.next())?.body, `${body.length}`)
    }
    await raw.closed
  })

  test('requests that are sent without waiting are answered in order', async () => {
    const gate = Promise.withResolvers<void>()
    const arrived: string[] = []
    await start({
      api: async ({ body }) => {
        arrived.push(`${body}`)
        if (`${body}` === 'first') await gate.promise
        if (arrived.length === 3) gate.resolve()
        return answer(`${body}`)
      },
    })
    const raw = await client()
    raw.send(`${apiRequest('first')}${apiRequest('second')}${apiRequest('third')}`)
    const bodies = [await raw.next(), await raw.next(), await raw.next()].map((response) => response?.body)
    assert.deepEqual(bodies, ['first', 'second', 'third'])
  })

  describe('the way to the API', () => {
    const seen: HttpRequest[] = []
    const note = async (request: HttpRequest) => {
      seen.push(request)
      return answer('api')
    }

    for (const [line, goesTo] of [
      ['POST / HTTP/1.1', 'api'],
      ['POST /? HTTP/1.1', 'api'],
      ['POST /?a=b HTTP/1.1', 'api'],
      ['OPTIONS / HTTP/1.1', 'api'],
      ['POST http://somewhere.example/ HTTP/1.1', 'api'],
      ['POST http://somewhere.example HTTP/1.1', 'api'],
      ['POST HTTPS://somewhere.example:99?a=b HTTP/1.1', 'api'],
      ['POST http://somewhere.example/else HTTP/1.1', 'POST /else'],
      ['GET / HTTP/1.1', 'GET /'],
      ['PUT / HTTP/1.1', 'PUT /'],
      ['POST // HTTP/1.1', 'POST //'],
      ['POST //somewhere.example/ HTTP/1.1', 'POST //somewhere.example/'],
      ['POST /%2e HTTP/1.1', 'POST /%2e'],
      ['OPTIONS * HTTP/1.1', 'OPTIONS *'],
      ['POST /index HTTP/1.1', 'POST /index'],
    ] as const) {
      test(`${line} is ${goesTo}`, async () => {
        await start({
          api: note,
          web: ({ method, url }, response) => {
            const body = `${method} ${url}`
            response.writeHead(200, { 'content-length': body.length }).end(body)
          },
        })
        const raw = await client()
        raw.send(apiRequest('', {}, line))
        assert.equal((await raw.next())?.body, goesTo)
      })
    }

    for (const line of [
      'BREW / HTTP/1.1',
      'POST / HTTP/9.9',
      'POST',
      'POST /\u0000 HTTP/1.1',
      '\u0016\u0003\u0001\u0002',
    ]) {
      test(`${JSON.stringify(line)} is refused`, async () => {
        await start()
        const raw = await client()
        raw.send(apiRequest('', {}, line))
        const status = (await raw.next())?.status ?? 400
        assert.ok(status === 400 || status === 505, `${status}`)
        await raw.closed
        const next = await client()
        next.send(apiRequest('{}'))
        assert.equal((await next.next())?.body, '2')
      })
    }

    test('two lengths, or a length and chunks, are refused', async () => {
      await start()
      for (const extra of ['content-length: 7', 'transfer-encoding: chunked']) {
        const raw = await client()
        raw.send(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n${extra}\r\n\r\n0\r\n\r\n`)
        assert.equal((await raw.next())?.status, 400)
        await raw.closed
      }
    })

    test('keeps every header as it was sent', async () => {
      seen.length = 0
      await start({ api: note })
      const raw = await client()
      raw.send(
        'POST / HTTP/1.1\r\nHost: localhost\r\nX-Twice: a\r\nx-twice:  b \r\nContent-Length: 0\r\n__proto__: c\r\n\r\n',
      )
      await raw.next()
      const { host, 'x-twice': twice, __proto__: odd } = seen[0]?.headers ?? {}
      assert.deepEqual({ host, twice, odd }, { host: 'localhost', twice: 'a,b', odd: 'c' })
    })
  })

  describe('stopping', () => {
    test('lets a request under way finish, and ends its connection', async () => {
      const gate = Promise.withResolvers<void>()
      const arrived = Promise.withResolvers<void>()
      await start({
        api: async () => {
          arrived.resolve()
          await gate.promise
          return answer('finished')
        },
      })
      const raw = await client()
      raw.send(apiRequest('{}'))
      await arrived.promise
      const stopped = listening?.stop(10_000)
      gate.resolve()
      const response = await raw.next()
      assert.equal(response?.body, 'finished')
      assert.equal(response?.headers.connection, 'close')
      await raw.closed
      await stopped
    })

    test('lets requests that were sent without waiting finish, too', async () => {
      const gate = Promise.withResolvers<void>()
      const arrived: string[] = []
      const both = Promise.withResolvers<void>()
      await start({
        api: async ({ body }) => {
          if (arrived.push(`${body}`) === 2) both.resolve()
          await gate.promise
          return answer(`${body}`)
        },
      })
      const raw = await client()
      raw.send(`${apiRequest('first')}${apiRequest('second')}`)
      await both.promise
      const stopped = listening?.stop(10_000)
      gate.resolve()
      const bodies = [await raw.next(), await raw.next()].map((response) => response?.body)
      assert.deepEqual(bodies, ['first', 'second'])
      await stopped
    })

    test('lets nobody else in: not on a new connection, not on one that waits for its answer', async () => {
      const gate = Promise.withResolvers<void>()
      const arrived = Promise.withResolvers<void>()
      let performed = 0
      await start({
        api: async () => {
          performed += 1
          arrived.resolve()
          await gate.promise
          return answer('first')
        },
      })
      const raw = await client()
      raw.send(apiRequest('{}'))
      await arrived.promise
      const { port } = listening ?? assert.fail()
      const stopped = listening?.stop(10_000)
      await assert.rejects(RawClient.to(port), { code: 'ECONNREFUSED' })
      raw.send(apiRequest('{}'))
      // The server has the second request when it has what came with it.
      await new Promise<void>((resolve) => raw.socket.write('', () => resolve()))
      gate.resolve()
      assert.equal((await raw.next())?.body, 'first')
      const second = await raw.next()
      assert.ok(second === undefined || second.status === 503)
      await stopped
      assert.equal(performed, 1)
    })

    test('waits for nobody who has nothing under way', { timeout: 5_000 }, async () => {
      await start()
      const silent = await client()
      const half = await client()
      half.send('POST / HTTP/1.1\r\n')
      const idle = await client()
      idle.send(apiRequest('{}'))
      await idle.next()
      await listening?.stop(60_000)
      await Promise.all([silent.closed, half.closed, idle.closed])
    })

    test('waits for nobody longer than it was told to', { timeout: 5_000 }, async () => {
      const arrived = Promise.withResolvers<void>()
      await start({
        api: () => {
          arrived.resolve()
          return new Promise(() => {})
        },
      })
      const raw = await client()
      raw.send(apiRequest('{}'))
      await arrived.promise
      await listening?.stop(20)
      await raw.closed
    })
  })

  test('a request that comes before the handlers waits for them', async () => {
    const handlers = Promise.withResolvers<Handlers>()
    listening = await listen('127.0.0.1', 0, handlers.promise)
    const raw = await client()
    raw.send(apiRequest('{}'))
    const response = raw.next()
    handlers.resolve({
      api: async () => answer('ready'),
      tooLarge: () => answer(''),
      web: () => {},
      failed: () => {},
    })
    assert.equal((await response)?.body, 'ready')
  })

  test('a handler that fails ends its connection, says so, and harms nobody', async () => {
    await start({
      api: async ({ body }) => {
        if (body.length === 0) throw new RangeError('unforeseen')
        return answer('fine')
      },
    })
    const raw = await client()
    raw.send(apiRequest(''))
    assert.equal(await raw.next(), undefined)
    const [failure] = failures.splice(0)
    assert.ok(failure instanceof RangeError)
    const next = await client()
    next.send(apiRequest('{}'))
    assert.equal((await next.next())?.body, 'fine')
  })

  test('a port that is taken is said to be', async () => {
    await start()
    const { port } = listening ?? assert.fail()
    await assert.rejects(listen('127.0.0.1', port, new Promise(() => {})), { code: 'EADDRINUSE' })
  })
})
