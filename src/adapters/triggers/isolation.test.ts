import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { arnOf, failed, functions, unreachable } from '../../../test/triggers/functions.ts'
import type { ModuleRunnerOptions } from './module.ts'

const exec = promisify(execFile)

for (const isolation of ['thread', 'process'] as const) {
  describe(`in a ${isolation}`, () => {
    const inside = (
      t: TestContext,
      files: Record<string, string>,
      options: Partial<ModuleRunnerOptions> = {},
    ) => functions(t, files, { isolation, ...options })

    test('a handler that never answers is given up, and what it holds is let go', async (t) => {
      const { run } = inside(
        t,
        {
          'never.js': `
            let count = 0
            exports.handler = (event) => event.request.clientMetadata ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve(++count)`,
        },
        { timeout: 1000 },
      )
      assert.equal(await run('never'), 1)
      const error = await run('never', { never: 'yes' }).catch((error: Error) => error)
      assert.ok(unreachable('Timeout')(error) && error instanceof Error)
      assert.equal(error.message, 'Socket timeout while invoking Lambda function')
      assert.equal(await run('never'), 1)
    })

    test('others of its instance may still answer', async (t) => {
      const { run } = inside(
        t,
        {
          'mixed.js': `exports.handler = ({ request: { clientMetadata: { after } } }) =>
            new Promise((resolve) => { if (after) setTimeout(resolve, after, 'answered') })`,
        },
        { timeout: 1000 },
      )
      await run('mixed', { after: '1' })
      const overdue = assert.rejects(run('mixed', { after: '' }), unreachable('Timeout'))
      await run('mixed', { after: '600' })
      const later = run('mixed', { after: '700' })
      await overdue
      assert.equal(await later, 'answered')
    })

    for (const [how, code] of [
      ['a loop', 'while (true) {}'],
      ['a wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    ] as const) {
      test(`${how} ends the instance and every invocation in it`, { timeout: 10_000 }, async (t) => {
        let begun = Promise.withResolvers<void>()
        const { run } = inside(
          t,
          {
            'hang.js': `exports.handler = async ({ request: { clientMetadata: how } }) => {
              if (how?.hang) ${code}
              console.log('begun')
              return how?.wait ? new Promise(() => {}) : 'fine'
            }`,
          },
          { timeout: 1000, log: () => begun.resolve() },
        )
        assert.equal(await run('hang'), 'fine')
        await begun.promise
        begun = Promise.withResolvers()
        const victim = assert.rejects(run('hang', { wait: 'yes' }), unreachable('Timeout'))
        await begun.promise
        await Promise.all([victim, assert.rejects(run('hang', { hang: 'yes' }), unreachable('Timeout'))])
        assert.equal(await run('hang'), 'fine')
      })
    }

    test('a hang while loading is given up too', { timeout: 10_000 }, async (t) => {
      const { put, run } = inside(t, { 'load.js': 'while (true) {}' }, { timeout: 1000 })
      await assert.rejects(run('load'), unreachable('Timeout'))
      put('load.js', 'exports.handler = async () => 1')
      assert.equal(await run('load'), 1)
    })

    test('what ends an instance fails its invocation in the words of Lambda, and the next finds another', async (t) => {
      const { run } = inside(t, {
        'end.js': `
          exports.handler = ({ request: { clientMetadata: how } }) => {
            if (!how) return Promise.resolve('fine')
            if (how.exit) process.exit(Number(how.exit))
            if (how.timer) setTimeout(() => { throw new Error('in a timer') })
            if (how.unhandled) Promise.reject(new Error('nobody cared'))
            return new Promise((resolve) => setTimeout(resolve, 5000))
          }`,
      })
      for (const [how, message] of [
        [{ exit: '3' }, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
        [{ exit: '0' }, /Error: Runtime exited without providing a reason$/],
        [{ timer: 'yes' }, 'in a timer'],
        [{ unhandled: 'yes' }, 'Error: nobody cared'],
      ] as const) {
        await assert.rejects(run('end', how as Record<string, string>), failed(message))
        assert.equal(await run('end'), 'fine')
      }
      const others = [run('end', { wait: 'yes' }), run('end', { unhandled: 'yes' })]
      for (const other of others)
        await assert.rejects(other, failed(/Runtime exited with error: exit status 1$/))
    })

    test('what a function prints is told line by line, under its name', async (t) => {
      const told: string[] = []
      const complete = Promise.withResolvers<void>()
      const { run } = inside(
        t,
        {
          'prints.js': `exports.handler = async () => {
            console.log('one\\ntwo'); console.error('wrong'); process.stdout.write('no '); process.stdout.write('end ü') ; process.stdout.write('\\n'); return 1 }`,
        },
        {
          log(name, line) {
            told.push(`${name}: ${line}`)
            if (told.length === 4) complete.resolve()
          },
        },
      )
      assert.equal(await run('prints'), 1)
      await complete.promise
      assert.deepEqual(told.toSorted(), ['prints: no end ü', 'prints: one', 'prints: two', 'prints: wrong'])
    })

    test('what a function sends past its runtime does no harm', async (t) => {
      const { run } = inside(t, {
        'sends.js': `
          const { parentPort } = require('node:worker_threads')
          const send = parentPort ? (message) => parentPort.postMessage(message) : process.send ?? ((message) => process._send(message))
          exports.handler = async () => {
            for (const message of ['text', 7, null, undefined, [], {}, { id: 'x' }, { id: 99, answer: '{' }, { id: 0, answer: 7 }]) {
              if (message !== undefined || parentPort) send(message)
            }
            return 'fine'
          }`,
      })
      assert.equal(await run('sends'), 'fine')
      assert.equal(await run('sends'), 'fine')
    })

    test('closing fails what waits and what comes after', async (t) => {
      const begun = Promise.withResolvers<void>()
      const { run, close } = inside(
        t,
        {
          'wait.js':
            'exports.handler = (event, context, back) => { console.log("begun"); setTimeout(back, 60000) }',
        },
        { log: () => begun.resolve() },
      )
      const pending = assert.rejects(run('wait'), unreachable('ServiceUnavailableException'))
      await begun.promise
      await close()
      await pending
      await assert.rejects(run('wait'), unreachable('ServiceUnavailableException'))
    })
  })
}

test('a server whose only work is warm processes ends by itself, and not before the answer', async (t) => {
  const { folder } = functions(t, {
    'late.js': 'exports.handler = (e, c, back) => setTimeout(back, 30, null, "late")',
  })
  const script = `
    import { moduleRunner } from ${JSON.stringify(new URL('./module.ts', import.meta.url).href)}
    const runner = moduleRunner({ folder: ${JSON.stringify(folder)} })
    runner.run('${arnOf('late')}', {}).then((answer) => console.log(answer))`
  const { stdout } = await exec(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 })
  assert.equal(stdout, 'late\n')
})

test('a function out of memory, or aborted, ends alone', { timeout: 30_000 }, async (t) => {
  const { run } = functions(
    t,
    {
      'fatal.js': `
        const texts = []
        const map = new Map()
        exports.handler = async ({ request: { clientMetadata: how } }) => {
          if (how?.abort) process.abort()
          if (how?.texts) while (true) texts.push('x'.repeat(100000) + texts.length)
          // Threads do not survive this one, nor does their server.
          if (how?.map) while (true) map.set(map.size, {})
          return 'fine'
        }`,
    },
    { memory: 64, timeout: 20_000 },
  )
  for (const how of ['abort', 'texts', 'map']) {
    await assert.rejects(
      run('fatal', { [how]: 'yes' }),
      failed(/Runtime exited with error: signal: SIG/),
      how,
    )
    assert.equal(await run('fatal'), 'fine')
  }
})

test('a signal to the whole group, such as Ctrl-C, leaves functions to the server', async (t) => {
  const { run } = functions(t, {
    'pid.js':
      'exports.handler = async () => { process.kill(process.pid, "SIGINT"); process.kill(process.pid, "SIGTERM"); return process.pid }',
  })
  const pid = await run('pid')
  assert.notEqual(pid, process.pid)
  assert.equal(await run('pid'), pid)
})

test('who prints without end is read at leisure, and ended like any other', {
  timeout: 10_000,
}, async (t) => {
  let lines = 0
  const { run } = functions(
    t,
    { 'flood.js': 'exports.handler = async () => { while (true) console.log("flood") }' },
    { timeout: 1000, log: () => lines++ },
  )
  // At the end of its time, or before that of its memory.
  await assert.rejects(run('flood'))
  assert.ok(lines > 0 && lines < 2_000_000, `${lines} lines`)
})
