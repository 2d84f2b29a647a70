import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { startServer, type TestServer } from '../../test/harness.ts'
import { newKeys, newMessage, newPool } from '../../test/rows.ts'
import type { Message } from '../domain/message.ts'
import { routes } from './routes.ts'

describe('waiting at the inbox', () => {
  let server: TestServer
  const stopping = new AbortController()
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.stop())

  /** Asks as somebody who never runs out of patience within a test. */
  const ask = (signal?: AbortSignal) =>
    routes(server.app, { inbox: 'loopback', clock: undefined, stopping: stopping.signal }).fetch(
      new Request('http://localhost/_cognate/inbox?wait=60s', {
        headers: { host: 'localhost' },
        ...(signal && { signal }),
      }),
    )
  const bodies = async (response: Response) =>
    ((await response.json()) as { messages: Message[] }).messages.map(({ body }) => body)

  test('misses no message, whenever it comes', async (t) => {
    const pool = newPool()
    await server.app.store.pools.create(pool, newKeys())
    const { list } = server.app.store.messages
    // It comes just after the inbox was found empty, and its news with it.
    t.mock.method(server.app.store.messages, 'list', async (filter: Parameters<typeof list>[0]) => {
      const found = await list(filter)
      if (found.length === 0) {
        await server.app.store.messages.put(newMessage(pool.id, { body: 'in between' }))
        server.app.outbox.kick()
      }
      return found
    })
    const timers = t.mock.method(globalThis, 'setTimeout')
    assert.deepEqual(await bodies(await ask()), ['in between'])
    // The first look and the one that the news brought about.
    assert.equal(timers.mock.callCount(), 2)
  })

  test('ends when the server stops', async () => {
    const waiting = ask()
    stopping.abort()
    server.app.outbox.kick()
    assert.deepEqual(await bodies(await waiting), [])
  })

  test('ends when nobody waits any more', async () => {
    const gone = new AbortController()
    const waiting = ask(gone.signal)
    gone.abort()
    server.app.outbox.kick()
    assert.deepEqual(await bodies(await waiting), [])
  })
})
