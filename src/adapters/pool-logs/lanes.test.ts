import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { UserPoolId } from '../../domain/ids.ts'
import type { LogDestination } from '../../domain/pool-log.ts'
import { fitting, type Limits, type Line } from './batches.ts'
import { type LaneOptions, openLanes } from './lanes.ts'
import { newLosses } from './losses.ts'
import { type Left, nothingLeft, Refused, type Sender } from './sender.ts'

const to = (name: string): LogDestination => ({
  service: 'logs',
  arn: name,
  poolId: 'us-east-1_Abc123456' as UserPoolId,
  region: 'us-east-1',
  source: 'userAuthEvents',
})
const line = (text: string, bytes = 1, at = 0): Line => ({ at, text, bytes })
const unlimited: Limits = { lines: 1000, bytes: 1000, overhead: 0, span: 1000 }
const all = (limits: Limits) => ({ logs: limits, s3: limits, firehose: limits })

/** Never by time alone: only when it is told to go on. */
const untilWoken = (_: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })

interface Request {
  readonly arn: string
  readonly texts: readonly string[]
}

function lanesWith(
  send: (request: Request, lines: readonly Line[], signal: AbortSignal) => Promise<Left> | Left,
  options: Partial<LaneOptions> = {},
) {
  const requests: Request[] = []
  const lost: string[] = []
  const waits: number[] = []
  const sender: Sender = {
    async send({ arn }, lines, signal) {
      const request = { arn, texts: lines.map(({ text }) => text) }
      requests.push(request)
      return send(request, lines, signal)
    },
    close: () => {},
  }
  const lanes = openLanes({
    senderOf: async () => sender,
    lost: ({ arn }, count, reason) => lost.push(`${count} to ${arn}: ${reason}`),
    limits: all(unlimited),
    linger: { logs: 0, s3: 0, firehose: 0 },
    async pause(milliseconds, signal) {
      if (milliseconds === 0) return untilWoken(0, signal)
      waits.push(milliseconds)
    },
    ...options,
  })
  return { ...lanes, requests, lost, waits }
}

const taken = () => nothingLeft
const fails = () => {
  throw Object.assign(new Error('full of secrets'), { code: 'ECONNREFUSED' })
}

describe('any lines, in any order of time and with any limits', () => {
  const lineOf = fc.record({
    bytes: fc.integer({ min: 1, max: 30 }),
    at: fc.integer({ min: 0, max: 50 }),
    to: fc.constantFrom('one', 'another'),
    flush: fc.boolean(),
  })
  const limitsOf = fc.record({
    lines: fc.integer({ min: 1, max: 7 }),
    bytes: fc.integer({ min: 35, max: 100 }),
    overhead: fc.integer({ min: 0, max: 5 }),
    span: fc.integer({ min: 0, max: 40 }),
  })

  test('are sent once, in order, in requests within the limits, also when some of them fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(lineOf, { maxLength: 60 }),
        limitsOf,
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (puts, limits, outcomes) => {
          const plan = [...outcomes]
          const accepted = new Map<string, string[]>()
          const sizes = new Map(puts.map((put, index) => [String(index), put]))
          const lanes = lanesWith(
            ({ arn, texts }) => {
              const within = texts.map((text) => sizes.get(text) ?? assert.fail(text))
              const times = within.map(({ at }) => at)
              assert.ok(texts.length > 0 && texts.length <= limits.lines)
              assert.ok(within.reduce((sum, { bytes }) => sum + bytes + limits.overhead, 0) <= limits.bytes)
              assert.ok(Math.max(...times) - Math.min(...times) <= limits.span)
              if (plan.shift() === false) return fails()
              accepted.set(arn, [...(accepted.get(arn) ?? []), ...texts])
              return nothingLeft
            },
            { limits: all(limits), pauses: Array(outcomes.length).fill(1) },
          )
          for (const [index, { bytes, at, to: name, flush }] of puts.entries()) {
            lanes.put(to(name), line(String(index), bytes, at))
            if (flush) await lanes.flush()
          }
          await lanes.flush()
          assert.deepEqual(lanes.lost, [])
          for (const name of ['one', 'another']) {
            const wanted = [...puts.entries()].filter(([, put]) => put.to === name)
            assert.deepEqual(
              accepted.get(name) ?? [],
              wanted.map(([index]) => String(index)),
            )
          }
        },
      ),
    )
  })

  test('fill a request to the limit, and no further', () => {
    const rows: readonly (readonly [lines: readonly Line[], limits: Partial<Limits>, fit: number])[] = [
      [[], {}, 0],
      [[line('a'), line('b'), line('c')], { lines: 2 }, 2],
      [[line('a', 5), line('b', 5), line('c', 1)], { bytes: 10 }, 2],
      [[line('a', 5), line('b', 5), line('c', 1)], { bytes: 10, overhead: 1 }, 1],
      [[line('a', 1, 10), line('b', 1, 0), line('c', 1, 11)], { span: 10 }, 2],
    ]
    for (const [lines, limits, fit] of rows) assert.equal(fitting(lines, { ...unlimited, ...limits }), fit)
  })
})

describe('a lane', () => {
  test('lingers until it is full', async () => {
    const sent = Promise.withResolvers<void>()
    const lanes = lanesWith(
      () => {
        sent.resolve()
        return nothingLeft
      },
      { limits: all({ ...unlimited, lines: 2 }) },
    )
    lanes.put(to('one'), line('a'))
    await new Promise(setImmediate)
    assert.deepEqual(lanes.requests, [])
    lanes.put(to('one'), line('b'))
    await sent.promise
    assert.deepEqual(lanes.requests, [{ arn: 'one', texts: ['a', 'b'] }])
  })

  test('tries again what fails, after longer and longer, and gives up at last', async () => {
    const lanes = lanesWith(fails)
    lanes.put(to('one'), line('a'))
    lanes.put(to('one'), line('b'))
    await lanes.flush()
    assert.equal(lanes.requests.length, 4)
    assert.deepEqual(lanes.waits, [200, 1000, 5000])
    assert.deepEqual(lanes.lost, ['2 to one: ECONNREFUSED'])
  })

  test('does not try again what is refused for good', async () => {
    const lanes = lanesWith(() => {
      throw new Refused('AccessDeniedException')
    })
    lanes.put(to('one'), line('a'))
    await lanes.flush()
    assert.equal(lanes.requests.length, 1)
    assert.deepEqual(lanes.lost, ['1 to one: AccessDeniedException'])
  })

  test('sends again only what was not taken, and counts what was refused', async () => {
    const lanes = lanesWith(({ texts }, lines) =>
      texts.length === 4
        ? { again: lines.slice(1, 3), refused: 1, reason: 'too old' }
        : { again: [], refused: 0, reason: '' },
    )
    for (const text of ['a', 'b', 'c', 'd']) lanes.put(to('one'), line(text))
    await lanes.flush()
    assert.deepEqual(
      lanes.requests.map(({ texts }) => texts),
      [
        ['a', 'b', 'c', 'd'],
        ['b', 'c'],
      ],
    )
    assert.deepEqual(lanes.lost, ['1 to one: too old'])
  })

  test('that hangs is given up, though it heeds no signal, and holds up no other', async () => {
    const arrived = Promise.withResolvers<void>()
    const lanes = lanesWith(
      ({ arn }) => {
        if (arn === 'deaf') return new Promise(() => {})
        arrived.resolve()
        return nothingLeft
      },
      { patience: 50, pauses: [] },
    )
    lanes.put(to('deaf'), line('a'))
    lanes.put(to('other'), line('b'))
    const flushed = lanes.flush()
    await arrived.promise
    assert.deepEqual(lanes.lost, [])
    await flushed
    assert.deepEqual(lanes.lost, ['1 to deaf: TimeoutError'])
  })

  test('that is just ending takes no line into its grave', async () => {
    for (let depth = 0; depth < 12; depth += 1) {
      let later: (() => void) | undefined = () => lanes.put(to('one'), line('b'))
      const lanes = lanesWith(() => {
        let wait = Promise.resolve()
        for (let step = 0; step < depth; step += 1) wait = wait.then(() => {})
        wait.then(later)
        later = undefined
        return nothingLeft
      })
      lanes.put(to('one'), line('a'))
      await lanes.flush()
      await new Promise(setImmediate)
      await lanes.flush()
      assert.deepEqual(
        lanes.requests.flatMap(({ texts }) => texts),
        ['a', 'b'],
        `${depth} steps later`,
      )
    }
  })

  test('is gone with its last line', async () => {
    const lanes = lanesWith(taken, { most: { lanes: 1, lines: 10, bytes: 10 } })
    lanes.put(to('one'), line('a'))
    lanes.put(to('other'), line('b'))
    assert.deepEqual(lanes.lost, ['1 to other: too many destinations'])
    await lanes.flush()
    lanes.put(to('other'), line('c'))
    await lanes.flush()
    assert.deepEqual(
      lanes.requests.map(({ texts }) => texts),
      [['a'], ['c']],
    )
  })
})

describe('memory', () => {
  test('is bounded: the fullest lane loses its oldest lines first', async () => {
    const lanes = lanesWith(taken, { most: { lanes: 10, lines: 4, bytes: 1000 } })
    for (const text of ['a', 'b', 'c']) lanes.put(to('full'), line(text))
    for (const text of ['x', 'y']) lanes.put(to('other'), line(text))
    await lanes.flush()
    assert.deepEqual(lanes.lost, ['1 to full: too much is waiting'])
    assert.deepEqual(lanes.requests, [
      { arn: 'full', texts: ['b', 'c'] },
      { arn: 'other', texts: ['x', 'y'] },
    ])
  })

  test('is bounded in bytes, with what is on its way counted', async () => {
    const begun = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const lanes = lanesWith(
      async () => {
        begun.resolve()
        await end.promise
        return nothingLeft
      },
      { most: { lanes: 10, lines: 1000, bytes: 10 } },
    )
    lanes.put(to('one'), line('a', 8))
    const flushed = lanes.flush()
    await begun.promise
    lanes.put(to('other'), line('b', 3))
    assert.deepEqual(lanes.lost, ['1 to other: too much is waiting'])
    lanes.put(to('other'), line('c', 2))
    end.resolve()
    await Promise.all([flushed, lanes.flush()])
    assert.deepEqual(lanes.lost, ['1 to other: too much is waiting'])
    // What was held is free again.
    lanes.put(to('one'), line('d', 10))
    await lanes.flush()
    assert.equal(lanes.lost.length, 1)
    assert.deepEqual(
      lanes.requests.map(({ texts }) => texts.join()),
      ['a', 'c', 'd'],
    )
  })

  test('takes no line that fits into no request', () => {
    const lanes = lanesWith(taken, { limits: all({ ...unlimited, bytes: 10, overhead: 1 }) })
    lanes.put(to('one'), line('a', 10))
    assert.deepEqual(lanes.lost, ['1 to one: too large'])
  })
})

describe('the end', () => {
  test('sends what lingers, and takes nothing more', async () => {
    const lanes = lanesWith(taken)
    lanes.put(to('one'), line('a'))
    await lanes.close(1000)
    assert.deepEqual(lanes.requests, [{ arn: 'one', texts: ['a'] }])
    lanes.put(to('one'), line('b'))
    assert.deepEqual(lanes.lost, ['1 to one: stopped'])
  })

  test('comes at the deadline, whatever hangs or waits', async () => {
    const lanes = lanesWith(() => new Promise(() => {}), { limits: all({ ...unlimited, lines: 2 }) })
    for (const text of ['a', 'b', 'c']) lanes.put(to('deaf'), line(text))
    lanes.put(to('other'), line('d'))
    await lanes.close(10)
    assert.deepEqual(lanes.lost.toSorted(), [
      '1 to deaf: stopped',
      '1 to other: stopped',
      '2 to deaf: stopped',
    ])
  })
})

describe('what is lost', () => {
  test('is told at once, and then once a minute for each destination and reason', () => {
    let now = 0
    const told: string[] = []
    const losses = newLosses(
      () => now,
      ({ destination, reason, lines }) => told.push(`${lines} ${destination} ${reason}`),
    )
    losses.add(to('one'), 2, 'denied')
    losses.add(to('one'), 3, 'denied')
    losses.add(to('other'), 1, 'denied')
    now = 59_999
    losses.add(to('one'), 4, 'denied')
    assert.deepEqual(told.splice(0), ['2 one denied', '1 other denied'])
    now = 60_000
    losses.add(to('one'), 1, 'denied')
    assert.deepEqual(told.splice(0), ['8 one denied'])
    losses.add(to('one'), 1, 'denied')
    losses.all()
    losses.all()
    assert.deepEqual(told, ['1 one denied'])
  })
})
