import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Unreachable } from '../../ports/outbound.ts'
import { guardedOutbound } from './guarded.ts'

const everywhere = { loopback: true, private: true }
const here = { loopback: true, private: false }
const outside = { loopback: false, private: false }

const because = (reason: string) => (error: unknown) => {
  assert.ok(error instanceof Unreachable)
  assert.equal(error.message, reason)
  return true
}
const forbidden = because('an address that may not be asked')

describe('outbound', () => {
  let server: Server
  let origin: string
  let asked: string[] = []
  let answer: RequestListener = (_, response) => response.end('hello')

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      answer(request, response)
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(0, '127.0.0.1', resolve)
    await promise
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const answering = (next: RequestListener) => {
    answer = next
    asked = []
  }
  const get = (path: string, reachable = here) => guardedOutbound(reachable).get(`${origin}${path}`)

  test('reads what is there, whatever the status', async () => {
    answering((request, response) => {
      assert.equal(request.method, 'GET')
      response.writeHead(418).end('\u{FEFF}gr\u00FC\u00DFe')
    })
    assert.deepEqual(await get('/a?b=c'), { status: 418, body: 'gr\u00FC\u00DFe' })
    assert.deepEqual(asked, ['/a?b=c'])
  })

  test('asks nobody that it may not, however the address is written', async () => {
    answering((_, response) => response.end('secret'))
    const { port } = new URL(origin)
    for (const host of [
      '127.0.0.1',
      'localhost',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '0',
    ])
      await assert.rejects(guardedOutbound(outside).get(`http://${host}:${port}/`), forbidden, host)
    for (const host of ['10.0.0.1', '169.254.169.254', '192.168.1.1', '[fd00:ec2::254]', '[::]'])
      for (const scheme of ['http', 'https'])
        await assert.rejects(guardedOutbound(here).get(`${scheme}://${host}/`), forbidden, host)
    assert.deepEqual(asked, [])
  })

  test('looks a name up once, and asks nobody if one of its addresses may not be asked', async () => {
    answering((_, response) => response.end('hello'))
    const { port } = new URL(origin)
    let lookups = 0
    const resolving = (...addresses: string[]) =>
      guardedOutbound(here, async () => {
        lookups += 1
        return addresses.map((address) => ({ address, family: 4 }))
      })
    const url = `http://id.example.com:${port}/`
    assert.deepEqual(await resolving('127.0.0.1').get(url), { status: 200, body: 'hello' })
    assert.equal(lookups, 1)
    await assert.rejects(resolving('127.0.0.1', '10.0.0.1').get(url), forbidden)
    await assert.rejects(resolving().get(url), forbidden)
    assert.deepEqual(asked, ['/'])
  })

  test('speaks TLS to everybody but this machine', async () => {
    const plain = because('not by TLS')
    await assert.rejects(guardedOutbound(everywhere).get('http://10.0.0.1/'), plain)
    await assert.rejects(guardedOutbound(outside).get('http://1.1.1.1/'), plain)
    await assert.rejects(guardedOutbound(here).get('ftp://127.0.0.1/'), plain)
    await assert.rejects(guardedOutbound(here).get('nonsense'), because('not a URL'))
    await assert.rejects(guardedOutbound(here).get(origin.replace('http', 'https')), because('no answer'))
  })

  test('follows redirects on the same host, three of them, and nowhere else', async () => {
    answering((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    assert.deepEqual(await get('/3'), { status: 200, body: 'there' })
    assert.deepEqual(asked, ['/3', '/2', '/1', '/0'])
    await assert.rejects(get('/4'), because('redirected too often'))
    const elsewhere = because('redirected to another host')
    for (const location of ['http://169.254.169.254/', 'http://127.0.0.1:1/', 'file:///etc/passwd', '//[']) {
      answering((_, response) => response.writeHead(302, { location }).end())
      await assert.rejects(get('/'), elsewhere, location)
    }
  })

  test('takes a mebibyte and no more', async () => {
    const mebibyte = 1024 * 1024
    answering((_, response) => response.end('x'.repeat(mebibyte)))
    assert.equal((await get('/')).body.length, mebibyte)
    answering((_, response) => response.end('x'.repeat(mebibyte + 1)))
    await assert.rejects(get('/'), because('more than a mebibyte'))
  })

  test('takes no encoding that it did not ask for', async () => {
    answering((request, response) => {
      assert.equal(request.headers['accept-encoding'], 'identity')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb')
    })
    await assert.rejects(get('/'), because('an answer in an encoding that was not asked for'))
  })

  test('gives up on an answer that breaks off, and on one that does not end within five seconds', async () => {
    answering((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half')
      response.destroy()
    })
    await assert.rejects(get('/'), because('no answer'))
    answering((_, response) => response.writeHead(200).write('half'))
    const silent = guardedOutbound(here, () => new Promise(() => {}))
    const began = performance.now()
    await Promise.all([
      assert.rejects(get('/'), because('no answer')),
      assert.rejects(silent.get('https://id.example.com/'), because('no answer')),
    ])
    const took = performance.now() - began
    assert.ok(took > 4_000 && took < 10_000, `${took} ms`)
  })
})
