import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { cloudTrailRecord } from '../../domain/cloudtrail.ts'
import type { SignInEvent } from '../../domain/trail-event.ts'
import { openLines } from './lines.ts'
import { openTrail } from './open.ts'

const event = (id: string): SignInEvent => ({
  kind: 'sign-in',
  id,
  time: '2026-11-23T12:00:00.000Z',
  accountId: '123456789012',
  region: 'us-east-1',
  source: { address: '192.0.2.1' },
  who: { kind: 'nobody' },
  result: 'Pass',
})

describe('the sinks of the trail', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognate-trail-'))
  })
  after(() => rm(folder, { recursive: true }))
  const path = (name: string) => join(folder, name)
  const linesOf = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n')

  /** What was reported, and a wait for it. */
  function reports() {
    const told: unknown[][] = []
    let heard = Promise.withResolvers<void>()
    const hear = (...what: unknown[]) => {
      told.push(what)
      heard.resolve()
      heard = Promise.withResolvers()
    }
    return {
      told,
      heard: () => heard.promise,
      report: {
        failed: (uri: string, error: unknown) => hear('failed', uri, (error as NodeJS.ErrnoException).code),
        lost: (uri: string, events: number) => hear('lost', uri, events),
      },
    }
  }

  test('are none where none is named', async () => {
    assert.equal(await openTrail([], reports().report), undefined)
  })

  test('each hold every event, in their form, readable by their owner alone', async () => {
    const [plain, aws] = [path('new/plain.jsonl'), path('aws.jsonl')]
    const trail = await openTrail([`file:${plain}`, `cloudtrail:${aws}`], reports().report)
    const events = Array.from({ length: 1000 }, (_, index) => event(`e-${index}`))
    for (const one of events) trail?.record(one)
    await trail?.close()
    assert.deepEqual(
      await linesOf(plain),
      events.map((one) => JSON.stringify(one)),
    )
    assert.deepEqual(
      await linesOf(aws),
      events.map((one) => JSON.stringify(cloudTrailRecord(one))),
    )
    for (const file of [plain, aws]) assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  test('go on where they were', async () => {
    const file = path('twice.jsonl')
    for (const id of ['1', '2']) {
      const trail = await openTrail([`file:${file}`], reports().report)
      trail?.record(event(id))
      await trail?.close()
    }
    assert.equal((await linesOf(file)).length, 2)
  })

  test('are opened anew for who has moved them away', async () => {
    const file = path('rotated.jsonl')
    const trail = await openTrail([`file:${file}`], reports().report)
    assert.ok(trail?.reopen)
    trail.record(event('1'))
    await rename(file, `${file}.1`)
    const controller = new AbortController()
    const made = (async () => {
      for await (const _ of watch(folder, { signal: controller.signal })) if (existsSync(file)) break
    })()
    trail.reopen()
    await made
    trail.record(event('2'))
    await trail.close()
    const ids = async (name: string) => (await linesOf(name)).map((line) => JSON.parse(line).id)
    assert.deepEqual([await ids(`${file}.1`), await ids(file)], [['1'], ['2']])
  })

  test('are refused where they cannot be opened', async () => {
    await writeFile(path('a-file'), '')
    await writeFile(path('empty.mjs'), 'export default {}')
    for (const [uri, wrong] of [
      [`file:${path('a-file')}/below.jsonl`, /^file:.*a-file\/below\.jsonl: E/],
      [`cloudtrail:${folder}`, /^cloudtrail:.*: EISDIR/],
      [`module:${path('none.mjs')}`, /^module:.*none\.mjs: Cannot find module/],
      [`module:${path('empty.mjs')}`, /: its default export has no function record$/],
      ['syslog:here', /^syslog:here: is no kind of trail$/],
    ] as const) {
      await assert.rejects(openTrail([`file:${path('first.jsonl')}`, uri], reports().report), {
        message: wrong,
      })
    }
  })

  test('may be a module of one’s own, which is no concern of the others', async () => {
    const file = path('mine.mjs')
    await writeFile(
      file,
      `const seen = globalThis.seenByTheTrail = []
      export default () => ({
        record(event) { if (event.id === '1') throw Object.assign(new Error(), { code: 'MINE' }); seen.push(event) },
        async close() { seen.push('closed') },
      })`,
    )
    const { told, report } = reports()
    const plain = path('beside.jsonl')
    const trail = await openTrail([`module:${file}`, `file:${plain}`], report)
    for (const id of ['1', '2']) trail?.record(event(id))
    await trail?.close()
    const { seenByTheTrail } = globalThis as { seenByTheTrail?: unknown[] }
    assert.deepEqual(seenByTheTrail, [event('2'), 'closed'])
    assert.equal((await linesOf(plain)).length, 2)
    assert.deepEqual(told, [['failed', `module:${file}`, 'MINE']])
  })

  test('say once that a disk is full, and close all the same', {
    skip: !existsSync('/dev/full'),
  }, async () => {
    const { told, heard, report } = reports()
    const trail = await openTrail(['file:/dev/full'], report)
    const failed = heard()
    trail?.record(event('1'))
    await failed
    trail?.record(event('2'))
    trail?.record(event('3'))
    await trail?.close()
    assert.deepEqual(told, [['failed', 'file:/dev/full', 'ENOSPC']])
  })

  test('hold no more than so much, and say how many lines are lost', async () => {
    const file = path('narrow.jsonl')
    const lost: number[] = []
    const lines = await openLines(
      file,
      { failed: (error) => assert.fail(String(error)), lost: (count) => lost.push(count) },
      { maxLength: 100 },
    )
    // All in one turn: the first is being written, and of the others as many wait as there is room for.
    for (let count = 0; count < 20; count += 1) lines.write(`${'x'.repeat(19)}\n`)
    await lines.close()
    assert.deepEqual(lost, [15])
    assert.equal((await linesOf(file)).length, 5)
  })
})
