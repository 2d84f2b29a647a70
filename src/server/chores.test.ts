import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '../../test/harness.ts'
import { newAuthEvent, newAuthSession, newPool, newTokenSession } from '../../test/rows.ts'
import type { CodePurpose } from '../domain/code.ts'
import type { Username } from '../domain/ids.ts'
import { days } from '../lib/instant.ts'
import { sweep } from './chores.ts'

test('sessions that ended a day ago are swept away, and no others', async () => {
  const server = await startServer()
  const { authSessions, tokenSessions } = server.app.store
  const { id } = newPool()
  const dayAgo = server.clock.now - days(1)
  const old = [
    newAuthSession(id, { expiresAt: dayAgo - 1 }),
    newTokenSession(id, { expiresAt: dayAgo - 1 }),
  ] as const
  const kept = [
    newAuthSession(id, { expiresAt: dayAgo }),
    newTokenSession(id, { expiresAt: dayAgo }),
  ] as const
  for (const [auth, token] of [old, kept]) {
    await authSessions.put(auth)
    await tokenSessions.create(token)
  }
  await sweep(server.app)
  assert.equal(await authSessions.find(id, old[0].digest), undefined)
  assert.equal(await tokenSessions.find(id, old[1].id), undefined)
  assert.deepEqual(await authSessions.find(id, kept[0].digest), kept[0])
  assert.deepEqual(await tokenSessions.find(id, kept[1].id), kept[1])
  await server.stop()
})

for (const store of ['sqlite', 'postgres'] as const) {
  test(`codes and counts of a day ago are swept away, but no address that waits, on ${store}`, async () => {
    const server = await startServer({ store })
    const { codes, failures, quotas } = server.app.store
    const { id: poolId } = newPool()
    const dayAgo = server.clock.now - days(1)
    const code = { poolId, digest: 'digest', value: 'ada@example.com' }
    const put = async (username: string, purpose: CodePurpose, expiresAt: number) => {
      const put = { ...code, username: username as Username, purpose, expiresAt }
      await codes.put(put)
      return put
    }
    await put('ada', 'reset', dayAgo - 1)
    await put('nobody 1', 'sign-up', dayAgo - 1)
    const kept = [
      await put('ada', 'sign-up', dayAgo),
      await put('nobody 2', 'reset', dayAgo),
      await put('ada', 'verify email', dayAgo - 1),
      await put('ada', 'verify phone_number', dayAgo - 1),
    ]
    const { authorizationCodes } = server.app.store
    const granted = {
      poolId,
      clientId: 'app',
      username: 'ada',
      authTime: 0,
      eventId: 'e',
      redirectUri: 'u',
      scopes: [],
    }
    for (const expiresAt of [server.clock.now - 1, server.clock.now])
      await authorizationCodes.put({ ...granted, digest: String(expiresAt), expiresAt } as never)
    const { usedAssertions } = server.app.store
    const used = (expiresAt: number) => usedAssertions.add({ poolId, digest: String(expiresAt), expiresAt })
    const { now } = server.clock
    assert.deepEqual([await used(now - 1), await used(now), await used(now)], [true, true, false])
    await failures.save(poolId, 'old', { count: 1, lastAt: dayAgo - 1 })
    await failures.save(poolId, 'kept', { count: 1, lastAt: dayAgo })
    await quotas.count(poolId, 'old', dayAgo - 1)
    await quotas.count(poolId, 'kept', dayAgo)
    await sweep(server.app)
    assert.equal(await codes.find(poolId, 'ada' as Username, 'reset'), undefined)
    assert.equal(await codes.find(poolId, 'nobody 1' as Username, 'sign-up'), undefined)
    for (const one of kept) assert.deepEqual(await codes.find(poolId, one.username, one.purpose), one)
    assert.equal(await authorizationCodes.take(poolId, String(server.clock.now - 1)), undefined)
    assert.ok(await authorizationCodes.take(poolId, String(server.clock.now)))
    assert.deepEqual([await used(now - 1), await used(now)], [true, false])
    assert.equal(await failures.find(poolId, 'old'), undefined)
    assert.deepEqual(await failures.find(poolId, 'kept'), { count: 1, lastAt: dayAgo })
    assert.deepEqual(
      [await quotas.count(poolId, 'old', dayAgo - 1), await quotas.count(poolId, 'kept', dayAgo)],
      [1, 2],
    )
    await server.stop()
  })
}

test('the inbox keeps the messages of a week, and no others', async () => {
  const server = await startServer()
  const { messages } = server.app.store
  const weekAgo = server.clock.now - days(7)
  const message = { poolId: newPool().id, medium: 'SMS', to: '+15555550123', body: 'Hello.' } as const
  await messages.put({ ...message, id: 'old', createdAt: weekAgo - 1 })
  await messages.put({ ...message, id: 'kept', createdAt: weekAgo })
  await sweep(server.app)
  assert.deepEqual(
    (await messages.list({ limit: 10 })).map(({ id }) => id),
    ['kept'],
  )
  await server.stop()
})

test('events are kept for as long as they say, and no longer', async () => {
  const server = await startServer()
  const { authEvents } = server.app.store
  const [gone, kept] = [server.clock.now - 1, server.clock.now].map((expiresAt) =>
    newAuthEvent(newPool().id, { expiresAt }),
  )
  assert.ok(gone && kept)
  for (const event of [gone, kept]) await authEvents.hold(event)
  await sweep(server.app)
  assert.equal(await authEvents.find(gone.poolId, gone.username, gone.id), undefined)
  assert.deepEqual(await authEvents.find(kept.poolId, kept.username, kept.id), kept)
  await server.stop()
})
