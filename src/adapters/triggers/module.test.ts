import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { arnOf, failed, functions, occasion, signUp, unreachable } from '../../../test/triggers/functions.ts'
import { readAnswer, triggerEvent } from '../../domain/trigger-event.ts'
import { type ModuleRunnerOptions, moduleRunner } from './module.ts'

test('the sample functions answer as their triggers ask', async (t) => {
  const runner = moduleRunner({ folder: join(import.meta.dirname, '../../../test/triggers') })
  t.after(() => runner.close())

  const event = signUp()
  assert.deepEqual(readAnswer(event, await runner.run(arnOf('auto-confirm'), event)), {
    autoConfirmUser: true,
    autoVerifyEmail: true,
    autoVerifyPhone: false,
  })
  await assert.rejects(
    runner.run(arnOf('auto-confirm'), signUp('eve@example.org')),
    failed('Only example.com may sign up'),
  )

  const userAttributes = { 'custom:tenant': 'blue' }
  const verify = triggerEvent('VerifyAuthChallengeResponse_Authentication', occasion, {
    userAttributes,
    privateChallengeParameters: { answer: 'needle' },
    challengeAnswer: 'needle',
  })
  assert.deepEqual(readAnswer(verify, await runner.run(arnOf('riddle'), verify)), { answerCorrect: true })

  const tokens = triggerEvent('TokenGeneration_Authentication', occasion, {
    version: 'V2_0',
    userAttributes,
    groupConfiguration: null,
    scopes: [],
  })
  assert.deepEqual(readAnswer(tokens, await runner.run(arnOf('token-claims'), tokens)), {
    id: { addOrOverride: { tenant: 'blue' }, suppress: ['email'] },
    access: {
      addOrOverride: { tenant: 'blue', limits: { requests: 10 } },
      suppress: [],
      scopesToAdd: ['tenant/blue'],
      scopesToSuppress: [],
    },
  })

  const migrate = triggerEvent('UserMigration_Authentication', occasion, { password: 'Analytical1!' })
  const migrated = readAnswer(migrate, await runner.run(arnOf('migrate-user'), migrate))
  assert.equal(migrated.userAttributes?.email, 'ada@example.com')
  assert.equal(migrated.finalUserStatus, 'CONFIRMED')
})

test('a function is found by its name, or by the first pattern that matches its ARN', async (t) => {
  const says = (text: string) => `exports.handler = async () => '${text}'`
  const { folder, put, close } = functions(t, {
    'one.js': says('one'),
    'both.js': says('js'),
    'both.ts': says('ts'),
  })
  await close()
  put('two.cjs', says('two'))
  const files = [
    [arnOf('two'), join(folder, 'two.cjs')],
    ['arn:aws:lambda:eu-*:function:one', join(folder, 'two.cjs')],
    [arnOf('gone'), join(folder, 'gone.js')],
  ] as const
  const runner = moduleRunner({ folder, files })
  t.after(() => runner.close())
  const run = (arn: string) => runner.run(arn, signUp())
  assert.equal(await run(arnOf('one')), 'one')
  assert.equal(await run(`${arnOf('one')}:live`), 'one')
  assert.equal(await run(arnOf('both')), 'js')
  assert.equal(await run(arnOf('two')), 'two')
  assert.equal(await run(`${arnOf('two')}:7`), 'two')
  assert.equal(await run(arnOf('one').replace('us-east-1', 'eu-west-3')), 'two')
  await assert.rejects(run(arnOf('gone')), unreachable('ResourceNotFoundException'))
})

test('no name leads out of the folder', async (t) => {
  const { folder, put, runArn } = functions(t, {})
  mkdirSync(join(folder, 'inner'))
  put('inner/handler.js', 'exports.handler = async () => 1')
  for (const name of [
    'missing',
    'inner/handler',
    '../../etc/passwd',
    '..',
    '.',
    '',
    'a.b',
    'inner%2fhandler',
    'inner\\handler',
    'x'.repeat(65),
    'handler\0',
    'a:b:c',
  ]) {
    await assert.rejects(runArn(arnOf(name)), unreachable('ResourceNotFoundException'), JSON.stringify(name))
  }
  for (const arn of ['', 'handler', 'arn:aws:iam::123456789012:function:handler', `x${arnOf('handler')}`]) {
    await assert.rejects(runArn(arn), unreachable('ResourceNotFoundException'), arn)
  }
})

for (const isolation of ['thread', 'process'] as const) {
  describe(`in a ${isolation}`, () => {
    const inside = (
      t: TestContext,
      files: Record<string, string>,
      options: Partial<ModuleRunnerOptions> = {},
    ) => functions(t, files, { isolation, ...options })

    test('handlers are found in ES modules, CommonJS and TypeScript', async (t) => {
      const { run } = inside(t, {
        'esm.js': 'export const handler = async () => "esm"',
        'mjs.mjs': 'export const handler = async () => "mjs"',
        'default.mjs': 'export default { handler: async () => "default" }',
        'commonjs.js':
          'const { join } = require("node:path"); exports.handler = async () => join("com", "monjs")',
        'cjs.cjs': 'module.exports = { handler: async () => "cjs" }',
        'bundle.cjs':
          'const all = { handler: async () => "bundle" }; module.exports = Object.assign({}, all)',
        'typed.ts':
          'export const handler = async (event: { userName: string }): Promise<string> => event.userName',
      })
      const expected = {
        esm: 'esm',
        mjs: 'mjs',
        default: 'default',
        commonjs: 'com/monjs',
        cjs: 'cjs',
        bundle: 'bundle',
        typed: 'ada',
      }
      const answers = await Promise.all(Object.keys(expected).map((name) => run(name)))
      assert.deepEqual(answers, Object.values(expected))
    })

    test('handlers answer by promise, by callback and by the old context functions', async (t) => {
      const { run } = inside(t, {
        'callback.js':
          'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, "later"), 1) }',
        'at-once.js': 'exports.handler = (event, context, callback) => callback(null, "at once")',
        'succeed.js': 'exports.handler = (event, context) => context.succeed("succeed")',
        'done.js': 'exports.handler = (event, context) => context.done(null, "done")',
        'both.js':
          'exports.handler = async (event, context, callback) => { callback(null, "no"); return "promise" }',
        'thenable.js': 'exports.handler = () => ({ then: (resolve) => resolve("then") })',
      })
      const expected = {
        callback: 'later',
        'at-once': 'at once',
        succeed: 'succeed',
        done: 'done',
        both: 'promise',
        thenable: 'then',
      }
      const answers = await Promise.all(Object.keys(expected).map((name) => run(name)))
      assert.deepEqual(answers, Object.values(expected))
    })

    test('a handler that neither calls back nor has anything left to wait for answers null', async (t) => {
      const { run } = inside(t, {
        'returns.js': 'exports.handler = (event) => event',
        'works.js': 'exports.handler = () => { setTimeout(() => {}, 5) }',
        'calls.js': 'exports.handler = (event, context, callback) => setTimeout(callback, 5, null, "called")',
      })
      assert.deepEqual(await Promise.all([run('returns'), run('works'), run('calls')]), [
        null,
        null,
        'called',
      ])
      assert.equal(await run('returns'), null)
      assert.equal(await run('calls'), 'called')
    })

    test('events and answers cross as JSON', async (t) => {
      const { run } = inside(t, {
        'echo.js': 'exports.handler = async (event) => event',
        'odd.js': `exports.handler = async () => ({
          f() {}, u: undefined, n: null, d: new Date(0), nan: NaN, list: [undefined, () => 1], json: { toJSON: () => 'j' } })`,
        'nothing.js': 'exports.handler = async () => {}',
        'cycle.js': 'exports.handler = async () => { const a = {}; a.a = a; return a }',
        'big.js': 'exports.handler = async () => 1n',
        'function.js': 'exports.handler = async () => () => 1',
        'huge.js': 'exports.handler = async () => "x".repeat(7e6)',
        'proto.js': `exports.handler = async () => JSON.parse('{"__proto__":{"polluted":true}}')`,
      })
      assert.deepEqual(await run('echo', { a: 'b' }), signUp(undefined, { a: 'b' }))
      assert.deepEqual(await run('odd'), {
        n: null,
        d: '1970-01-01T00:00:00.000Z',
        nan: null,
        list: [null, null],
        json: 'j',
      })
      assert.equal(await run('nothing'), null)
      for (const name of ['cycle', 'big', 'function']) {
        await assert.rejects(run(name), failed('Unable to stringify response body'), name)
      }
      await assert.rejects(run('huge'), failed(/^Response payload size exceeded/))
      assert.equal(Object.getPrototypeOf(await run('proto')), Object.prototype)
    })

    test("a handler's error is told by its message", async (t) => {
      const { run } = inside(t, {
        'throws.js': 'exports.handler = () => { throw new TypeError("sync") }',
        'rejects.js': 'exports.handler = async () => { throw new Error("async") }',
        'calls.js': 'exports.handler = async (event, context, callback) => { callback(new Error("called")) }',
        'fails.js': 'exports.handler = (event, context) => context.fail("text")',
        'done.js': 'exports.handler = (event, context) => context.done(new Error("done"))',
        'nothing.js': 'exports.handler = async () => { throw undefined }',
        'foreign.js':
          'exports.handler = async () => require("node:vm").runInNewContext("throw new Error(\'realm\')")',
        'nasty.js': 'exports.handler = async () => { throw { toString() { throw 1 } } }',
      })
      const expected = [
        ['throws', 'sync'],
        ['rejects', 'async'],
        ['calls', 'called'],
        ['fails', 'text'],
        ['done', 'done'],
        ['nothing', 'undefined'],
        ['foreign', 'realm'],
        ['nasty', /^callback called with Error argument/],
      ] as const
      await Promise.all(expected.map(([name, message]) => assert.rejects(run(name), failed(message), name)))
    })

    test('the context is what Lambda gives', async (t) => {
      const { runArn } = inside(
        t,
        {
          'context.js':
            'exports.handler = async (event, c) => ({ ...c, left: c.getRemainingTimeInMillis(), functions: [typeof c.done, typeof c.fail, typeof c.succeed] })',
        },
        { memory: 200, timeout: 4000 },
      )
      const context = (await runArn(`${arnOf('context')}:live`)) as Record<string, unknown>
      const { awsRequestId, logStreamName, left, ...rest } = context
      assert.match(String(awsRequestId), /^[0-9a-f-]{36}$/)
      assert.match(String(logStreamName), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)
      assert.ok(Number(left) > 0 && Number(left) <= 4000, String(left))
      assert.deepEqual(rest, {
        callbackWaitsForEmptyEventLoop: true,
        functionName: 'context',
        functionVersion: '$LATEST',
        invokedFunctionArn: `${arnOf('context')}:live`,
        memoryLimitInMB: '200',
        logGroupName: '/aws/lambda/context',
        functions: ['function', 'function', 'function'],
      })
      const again = (await runArn(`${arnOf('context')}:12`)) as Record<string, unknown>
      assert.equal(again.functionVersion, '12')
      assert.equal(again.logStreamName, logStreamName)
      assert.notEqual(again.awsRequestId, awsRequestId)
    })

    test('the environment holds what the option passes and nothing else', async (t) => {
      const file = { 'env.js': 'exports.handler = async () => ({ ...process.env })' }
      process.env.COGNATE_TEST_SECRET = 'secret'
      t.after(() => delete process.env.COGNATE_TEST_SECRET)
      const given = inside(t, file, { env: { TABLE: 'users' } })
      assert.deepEqual(await given.run('env'), { TABLE: 'users' })
      const usual = moduleRunner({ folder: given.folder, isolation })
      t.after(() => usual.close())
      const names = Object.keys((await usual.run(arnOf('env'), signUp())) as object)
      assert.ok(names.includes('PATH'))
      assert.deepEqual(
        names.filter((name) => !['PATH', 'HOME', 'TZ', 'LANG', 'AWS_REGION'].includes(name)),
        [],
      )
    })

    test('a file beside the functions adds to it, and takes effect when it changes', async (t) => {
      const { put, run } = inside(
        t,
        {
          'env.js': 'exports.handler = async () => ({ ...process.env })',
          '.env': 'TABLE="new users"\n# no\nA=b',
        },
        { env: { TABLE: 'users', STAGE: 'test' } },
      )
      assert.deepEqual(await run('env'), { TABLE: 'new users', STAGE: 'test', A: 'b' })
      put('.env', 'A=c')
      assert.deepEqual(await run('env'), { TABLE: 'users', STAGE: 'test', A: 'c' })
    })

    test('one instance stays warm, and a file that changes gets another', async (t) => {
      const counts = (version: string) =>
        `let count = 0; exports.handler = async () => '${version} ' + ++count`
      const { put, run } = inside(t, { 'count.js': counts('first') })
      assert.equal(await run('count'), 'first 1')
      assert.equal(await run('count'), 'first 2')
      put('count.js', counts('second'))
      assert.equal(await run('count'), 'second 1')
      assert.equal(await run('count'), 'second 2')
    })

    test('a change leaves what is under way to end by itself', async (t) => {
      const begun = Promise.withResolvers<void>()
      const { put, run } = inside(
        t,
        {
          'slow.js':
            'exports.handler = (event, context, back) => { console.log("begun"); setTimeout(back, 50, null, "old") }',
        },
        { log: () => begun.resolve() },
      )
      const under = run('slow')
      await begun.promise
      put('slow.js', 'exports.handler = async () => "new"')
      assert.deepEqual(await Promise.all([run('slow'), under]), ['new', 'old'])
    })

    test('invocations of one function interleave', async (t) => {
      const { run } = inside(t, {
        'meet.js': `
          const here = []
          exports.handler = () => new Promise((resolve) => {
            here.push(resolve)
            if (here.length === 3) for (const [at, go] of here.entries()) go(at)
          })`,
      })
      const answers = await Promise.all([run('meet'), run('meet'), run('meet')])
      assert.deepEqual(answers, [0, 1, 2])
    })

    test('more invocations than the limit are refused', async (t) => {
      const { run } = inside(
        t,
        { 'wait.js': 'exports.handler = (e, c, back) => setTimeout(back, 20, null, 1)' },
        { limit: 2 },
      )
      const all = await Promise.allSettled([run('wait'), run('wait'), run('wait')])
      const refused = all.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
      assert.equal(refused.length, 1)
      assert.ok(unreachable('TooManyRequestsException')(refused[0]?.reason))
    })

    test('a file that cannot be loaded says why, and is tried again', async (t) => {
      const { put, run } = inside(t, {
        'empty.js': '',
        'text.mjs': 'export const handler = "text"',
        'syntax.mjs': 'export const handler = async () => {',
        'import.mjs': 'import "./not-there.mjs"',
        'require.js': 'require("not-there")',
        'throws.mjs': 'throw new Error("at the top")',
      })
      const expected = [
        ['empty', 'empty.handler is undefined or not exported'],
        ['text', 'text.handler is undefined or not exported'],
        ['syntax', /^SyntaxError: /],
        ['import', /^Error.*: Cannot find module .*not-there/],
        ['require', /^Error: Cannot find module 'not-there'/],
        ['throws', 'at the top'],
      ] as const
      await Promise.all(expected.map(([name, message]) => assert.rejects(run(name), failed(message), name)))
      put('not-there.mjs', 'export {}')
      put('import.mjs', 'import "./not-there.mjs"; export const handler = async () => 1')
      assert.equal(await run('import'), 1)
    })

    test('errors are printed with their stack', async (t) => {
      const told: string[] = []
      const complete = Promise.withResolvers<void>()
      const { run } = inside(
        t,
        { 'throws.js': 'exports.handler = async function named() { throw new Error("bad luck") }' },
        {
          log(_name, line) {
            told.push(line)
            if (line.includes('at named')) complete.resolve()
          },
        },
      )
      await assert.rejects(run('throws'), failed('bad luck'))
      await complete.promise
      assert.equal(told[0], 'Error: bad luck')
    })

    test('the inside works as a bundle of its own', async (t) => {
      const { folder, close } = inside(t, {
        'fine.ts': 'export const handler = async (event: object) => "fine"',
      })
      await close()
      const outfile = join(folder, 'inside.mjs')
      const entry = join(import.meta.dirname, 'inside.ts')
      buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' })
      const runner = moduleRunner({ folder, isolation, entry: pathToFileURL(outfile) })
      t.after(() => runner.close())
      assert.equal(await runner.run(arnOf('fine'), signUp()), 'fine')
    })
  })
}
