import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GroupCommit } from './group-commit.ts'

/** A connection that notes what it is told, and refuses what it is told to refuse. */
class FakeWriter {
  readonly told: string[] = []
  readonly refused = new Set<string>()
  inTransaction = false

  run = (sql: string): void => {
    this.told.push(sql)
    if (this.refused.delete(sql)) throw new Error(`${sql} refused`)
    this.inTransaction = sql === 'begin immediate'
  }
}

function start() {
  const writer = new FakeWriter()
  const group = new GroupCommit(writer)
  const write = async (note: string) => {
    const turn = await group.enter()
    writer.told.push(note)
    turn.leave()
    await turn.durable
  }
  return { writer, group, write }
}

describe('group commit', () => {
  test('everybody of one event-loop turn shares a commit', async () => {
    const { writer, write } = start()
    await Promise.all([write('a'), write('b'), write('c')])
    await write('d')
    assert.deepEqual(writer.told, [
      'begin immediate',
      'a',
      'b',
      'c',
      'commit',
      'begin immediate',
      'd',
      'commit',
    ])
  })

  test('one at a time is inside, and the commit waits for whoever is', async () => {
    const { writer, group, write } = start()
    const turn = await group.enter()
    const next = write('next')
    // Whatever a transaction waits for, the end of the event-loop turn comes first.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(writer.told, ['begin immediate'])
    turn.leave()
    await Promise.all([turn.durable, next])
    assert.deepEqual(writer.told, ['begin immediate', 'next', 'commit'])
  })

  test('who cannot begin is refused, and the next one tries again', async () => {
    const { writer, write } = start()
    writer.refused.add('begin immediate')
    const [first, second] = await Promise.allSettled([write('a'), write('b')])
    assert.equal(first.status, 'rejected')
    assert.equal(second.status, 'fulfilled')
    assert.deepEqual(writer.told, ['begin immediate', 'begin immediate', 'b', 'commit'])
  })

  test('a commit that fails refuses everybody in it, and is undone', async () => {
    const { writer, write } = start()
    writer.refused.add('commit')
    const outcomes = await Promise.allSettled([write('a'), write('b')])
    for (const outcome of outcomes) {
      assert.equal(outcome.status === 'rejected' && outcome.reason.message, 'commit refused')
    }
    await write('c')
    assert.deepEqual(writer.told.slice(3), ['commit', 'rollback', 'begin immediate', 'c', 'commit'])
  })

  test('a batch that SQLite undoes is refused, and whoever comes next has one of their own', async () => {
    const { writer, group, write } = start()
    const first = await group.enter()
    writer.inTransaction = false
    first.leave()
    const next = write('next')
    await assert.rejects(first.durable)
    await next
    assert.deepEqual(writer.told, ['begin immediate', 'begin immediate', 'next', 'commit'])
  })

  test('draining waits for a batch that nobody waits for', async () => {
    const { writer, group } = start()
    const turn = await group.enter()
    turn.leave()
    await group.drain()
    assert.deepEqual(writer.told, ['begin immediate', 'commit'])
  })
})
