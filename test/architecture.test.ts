import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  barrels,
  circles,
  forbiddenImports,
  importsOf,
  ofTheProcess,
  type Sources,
  tooLong,
  worldTouched,
} from './architecture.ts'

const root = join(import.meta.dirname, '..')

function read(folder: string, pattern: string): Sources {
  const paths = globSync(pattern, { cwd: join(root, folder) }).map((path) => path.replaceAll('\\', '/'))
  return Object.fromEntries(
    paths.sort().map((path) => [path, readFileSync(join(root, folder, path), 'utf8')]),
  )
}

/** Files that only tests import are tests in all but name. */
const forTests = ['protocol/sigv4.vectors.ts']
const sources = Object.fromEntries(
  Object.entries(read('src', '**/*.ts')).filter(
    ([path]) => !path.endsWith('.test.ts') && !forTests.includes(path),
  ),
)

/** Files that may be longer than the others, and why. */
const long: Readonly<Record<string, string>> = {
  'src/protocol/sigv4.test.ts': "one table: every case of AWS's own test suite and of the captures",
}

describe('the house', () => {
  test('nobody imports whom they may not', () => assert.deepEqual(forbiddenImports(sources), []))

  test('no imports go in a circle', () => assert.deepEqual(circles(sources), []))

  test('no file only passes on what others export', () => assert.deepEqual(barrels(sources), []))

  test('the process, the time and chance are touched where they may be', () => {
    assert.deepEqual(worldTouched(sources), [])
    for (const path of Object.keys(ofTheProcess)) assert.match(sources[path] ?? '', /\bprocess\.\w/, path)
  })

  test('no file is too long to read', () => {
    const files = read('.', '{src,test,scripts,bench}/**/*.ts')
    assert.deepEqual(tooLong(files, Object.keys(long)), [])
  })

  test('every import is of a file that is there', () => {
    const missing = Object.entries(sources).flatMap(([path, text]) =>
      importsOf(path, text)
        .filter((to) => to.endsWith('.ts') && !(to in sources))
        .map((to) => `${path} -> ${to}`),
    )
    assert.deepEqual(missing, [])
  })
})

describe('an import is read', () => {
  const rows: [text: string, imported: string[]][] = [
    ["import { a } from './a.ts'", ['api/a.ts']],
    ["import type { A } from '../domain/a.ts'", ['domain/a.ts']],
    ["import {\n  a,\n  type B,\n} from './deep/a.ts'\nimport b from 'b'", ['api/deep/a.ts', 'b']],
    ["import './a.ts'", ['api/a.ts']],
    ["import * as a from 'node:crypto'", ['node:crypto']],
    ["export { a } from './a.ts'", ['api/a.ts']],
    ["export * from './a.ts'", ['api/a.ts']],
    ["const a = await import('./a.ts')", ['api/a.ts']],
    ["type A = import('./a.ts').A", ['api/a.ts']],
    ["export const from = './a.ts'", []],
    ["export const a = 'b'\nconst text = `import from './c.ts'`", []],
  ]
  for (const [text, imported] of rows) {
    test(text, () => assert.deepEqual(importsOf('api/x.ts', text), imported))
  }
})

describe('a breach is noticed', () => {
  const imports = (path: string) => `import { a } from '${path}'\n`
  const arrows: [from: string, to: string, allowed: boolean][] = [
    ['domain/user.ts', '../flows/sign-in.ts', false],
    ['domain/user.ts', '../ports/store.ts', false],
    ['domain/user.ts', 'node:fs', false],
    ['domain/user.ts', 'node:crypto', true],
    ['domain/user.ts', '../lib/bytes.ts', true],
    ['lib/bytes.ts', '../domain/user.ts', false],
    ['ports/store.ts', '../flows/sign-in.ts', false],
    ['flows/sign-in.ts', '../adapters/sql/users.ts', false],
    ['flows/sign-in.ts', '../protocol/shape.ts', false],
    ['flows/sign-in.ts', '../ports/store.ts', true],
    ['api/users/GetUser.ts', '../../oauth/token.ts', false],
    ['oauth/token.ts', '../pages/login.ts', false],
    ['pages/login.ts', '../api/shapes.ts', false],
    ['pages/login.ts', '../server/http.ts', false],
    ['pages/login.ts', '../flows/sign-in.ts', true],
    ['api/users/GetUser.ts', '../shapes.ts', true],
    ['protocol/operation.ts', '../ports/store.ts', false],
    ['protocol/operation.ts', '../ports/app.ts', true],
    ['adapters/sql/users.ts', '../vault/local.ts', false],
    ['adapters/sql/users.ts', '../system.ts', false],
    ['adapters/sql/users.ts', '../../flows/tokens.ts', false],
    ['adapters/sql/users.ts', './tables.ts', true],
    ['adapters/sql/users.ts', 'kysely', true],
    ['server/serve.ts', '../adapters/sql/users.ts', true],
    ['cli/serve.ts', '../api/shapes.ts', false],
    ['cli/serve.ts', '../server/serve.ts', true],
    ['server/serve.ts', '../cli/serve.ts', false],
    ['main.ts', './adapters/system.ts', true],
  ]
  for (const [from, to, allowed] of arrows) {
    test(`${from} may ${allowed ? '' : 'not '}import ${to}`, () => {
      const found = forbiddenImports({ [from]: imports(to) })
      assert.equal(found.length, allowed ? 0 : 1, found.join())
    })
  }

  test('by the file and the arrow', () => {
    assert.deepEqual(forbiddenImports({ 'domain/user.ts': imports('../flows/sign-in.ts') }), [
      'domain/user.ts -> flows/sign-in.ts',
    ])
    assert.deepEqual(forbiddenImports({ 'somewhere/else.ts': imports('node:fs') }), [
      'somewhere/else.ts is in no layer',
    ])
  })

  test('a circle, of types too', () => {
    const graph = {
      'domain/a.ts': imports('./b.ts'),
      'domain/b.ts': "import type { C } from './c.ts'",
      'domain/c.ts': `${imports('./d.ts')}${imports('./a.ts')}`,
      'domain/d.ts': '',
    }
    assert.deepEqual(circles(graph), ['domain/a.ts -> domain/b.ts -> domain/c.ts -> domain/a.ts'])
    assert.deepEqual(circles({ ...graph, 'domain/c.ts': imports('./d.ts') }), [])
  })

  test('a barrel', () => {
    const files = {
      'one.ts': "/** All of it. */\nexport { a } from './a.ts'\nexport * from './b.ts'\n",
      'two.ts':
        "import { a } from './a.ts'\nimport type { B } from './b.ts'\n\nexport { a }\nexport type { B }\n",
      'none.ts': "export { a } from './a.ts'\nexport const b = 1\n",
      'code.ts': "import { a } from './a.ts'\na()\n",
    }
    assert.deepEqual(barrels(files), ['one.ts', 'two.ts'])
  })

  test('a touch of the world', () => {
    const text = 'const now = Date.now() + process.uptime()'
    assert.deepEqual(worldTouched({ 'flows/a.ts': text, 'server/a.ts': text, 'main.ts': text }), [
      'flows/a.ts mentions process.uptime',
      'flows/a.ts mentions Date.now',
      'server/a.ts mentions process.uptime',
    ])
    for (const touch of ["import process from 'node:process'", "import('process')", 'process.env.HOME']) {
      assert.equal(worldTouched({ 'adapters/a.ts': touch }).length, 1, touch)
    }
    assert.deepEqual(worldTouched({ 'adapters/a.ts': "isolation = 'process'" }), [])
    for (const touch of ['new Date()', 'Math.random()', 'randomBytes(4)', 'randomUUID()', 'randomInt(2)']) {
      assert.equal(worldTouched({ 'api/a.ts': `use(${touch})` }).length, 1, touch)
    }
    assert.deepEqual(worldTouched({ 'api/a.ts': 'new Date(now); app.random.bytes(4)' }), [])
  })

  test('a long file', () => {
    const lines = (count: number) => 'x\n'.repeat(count)
    const files = {
      'src/a.ts': lines(401),
      'src/b.ts': lines(400),
      'src/c.ts': lines(500),
      'src/a.test.ts': lines(800),
      'test/suites/a.ts': lines(801),
    }
    assert.deepEqual(tooLong(files, ['src/c.ts']), [
      'src/a.ts has 401 lines',
      'test/suites/a.ts has 801 lines',
    ])
  })
})
