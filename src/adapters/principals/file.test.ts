import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { openPrincipalsFile } from './file.ts'

const account = '123456789012'
const oneKey = 'users: [{ name: ada, accessKeys: [{ id: AKIA1, secret: s1 }] }]\n'
const twoKeys = 'users: [{ name: ada, accessKeys: [{ id: AKIA1, secret: s1 }, { id: AKIA2, secret: s2 }] }]\n'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cognate-principals-'))
  file = join(directory, 'iam.yaml')
})
afterEach(() => rmSync(directory, { recursive: true }))

const silent = { reloaded: () => {}, refused: () => {} }
const open = (text: string) => {
  writeFileSync(file, text)
  return openPrincipalsFile(file, account, silent)
}

describe('a principals file', () => {
  test('finds by access key id', () => {
    const principals = open(oneKey)
    assert.equal(principals.find('AKIA1')?.principal.arn, 'arn:aws:iam::123456789012:user/ada')
    assert.equal(principals.find('AKIA2'), undefined)
    assert.equal(principals.find('constructor'), undefined)
    principals.close()
  })

  test('may be JSON, indented by tabs', () => {
    const content = {
      users: [
        {
          name: 'ada',
          accessKeys: [{ id: 'AKIA1', secret: 's' }],
          policies: [
            {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: '*',
                  Resource: '*',
                  Condition: { Bool: { 'aws:SecureTransport': true } },
                },
              ],
            },
          ],
        },
      ],
    }
    const principals = open(JSON.stringify(content, null, '\t'))
    assert.equal(principals.find('AKIA1')?.principal.policies.length, 1)
    principals.close()
  })

  test('takes every scalar as text', () => {
    const principals = open('users: [{ name: 0042, accessKeys: [{ id: 007, secret: 0123 }] }]\n')
    assert.ok(principals.find('007')?.secret.matches('0123'))
    assert.equal(principals.find('007')?.principal.username, '0042')
    principals.close()
  })

  test('may repeat itself by aliases', () => {
    const principals = open(`
policies: { Read: &read { Statement: { Effect: Allow, Action: 'cognito-idp:Get*', Resource: '*' } } }
users:
  - { name: ada, accessKeys: [{ id: AKIA1, secret: s1 }], policies: [*read, *read] }
`)
    assert.equal(principals.find('AKIA1')?.principal.policies.length, 2)
    principals.close()
  })
})

const policy = `users:
  - name: ada
    policies:
      - Version: '2012-10-17'
        Statement:
          - Effect: allow
            Action: '*'
            Resource: '*'
`
const aliased = `policies:
  Shared: &shared
    - not a policy
users:
  - name: ada
    policies: *shared
`
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...['ab', 'bc', 'cd', 'de', 'ef'].map(([from, to]) => `${to}: &${to} [${Array(10).fill(`*${from}`)}]`),
].join('\n')

const mistakes: readonly (readonly [what: string, text: string, message: RegExp | string])[] = [
  ['a value', policy, 'iam.yaml:6:13: users[0].policies[0].Statement[0].Effect: must be Allow or Deny'],
  ['something missing', 'users:\n  - path: /x/\n', 'iam.yaml:2:5: users[0].name: is missing'],
  [
    'something unknown',
    'users:\n  - name: ada\n    secret: x\n',
    'iam.yaml:3:5: users[0].secret: is no known member',
  ],
  [
    'an item',
    'users:\n  - name: ada\n    groups: [x]\n',
    'iam.yaml:3:14: users[0].groups[0]: is no group of this file',
  ],
  ['behind an alias', aliased, 'iam.yaml:2:3: policies.Shared: must be an object'],
  ['an empty file', '', 'iam.yaml:1:1: must be an object'],
  ['a list left empty', 'groups:\nusers:\n', 'iam.yaml:1:1: groups: must be a list'],
  ['a duplicate member', 'users: []\nusers: []\n', 'iam.yaml:2:1: is not as YAML should be (DUPLICATE_KEY)'],
  [
    'an open quote',
    'users: [{ name: "ada }]\n',
    /^iam\.yaml:\d+:\d+: is not as YAML should be \(MISSING_CHAR\)$/,
  ],
  ['two documents', 'users: []\n---\nusers: []\n', 'iam.yaml:2:1: is not as YAML should be (MULTIPLE_DOCS)'],
  [
    'nesting without end',
    '['.repeat(100_000),
    /^iam\.yaml:1:\d+: is not as YAML should be \(RESOURCE_EXHAUSTION\)$/,
  ],
  ['too many aliases', bomb, 'iam.yaml:1:1: has aliases without an anchor, or too many of them'],
  ['a large file', `# ${'x'.repeat(1024 * 1024)}`, 'iam.yaml: is larger than 1 MiB'],
]

describe('opening a wrong file throws, with the place', () => {
  for (const [what, text, message] of mistakes) {
    test(what, () => assert.throws(() => open(text), { message }))
  }

  test('no file', () => {
    const opening = () => openPrincipalsFile(file, account, silent)
    assert.throws(opening, { message: 'iam.yaml: cannot be read: ENOENT' })
  })

  for (const sign of ['*', '&', '!', '@', '%', '"', '{', '[', '|', '`']) {
    test(`a secret that begins with ${sign} is not told`, () => {
      const text = `users: [{ name: ada, accessKeys: [{ id: AKIA1, secret: ${sign}hunter2 } ] }]\n`
      assert.throws(
        () => open(text),
        (error: Error) => !error.stack?.includes('hunter2'),
      )
    })
  }
})

/** What the file reports, one after the other, each to be waited for. */
function recorder() {
  const heard: string[] = []
  let wake = () => {}
  const hear = (what: string) => {
    heard.push(what)
    wake()
  }
  const next = async (): Promise<string> => {
    if (heard.length === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      wake = resolve
      // The watch does not keep the process alive: this does.
      const patience = setTimeout(() => reject(new Error('nothing was reported')), 10_000)
      await promise.finally(() => clearTimeout(patience))
    }
    return heard.shift() ?? assert.fail()
  }
  const report = {
    reloaded: (count: number) => hear(`reloaded ${count}`),
    refused: (reason: string) => hear(reason),
  }
  return { report, next }
}

describe('a changed principals file', () => {
  const watched = (text: string) => {
    writeFileSync(file, text)
    const { report, next } = recorder()
    return { principals: openPrincipalsFile(file, account, report), next }
  }

  test('is read again', async () => {
    const { principals, next } = watched(oneKey)
    writeFileSync(file, twoKeys)
    assert.equal(await next(), 'reloaded 2')
    assert.ok(principals.find('AKIA2'))
    principals.close()
  })

  test('is read again when another takes its place, each time', async () => {
    const { principals, next } = watched(oneKey)
    for (const [text, report] of [
      [twoKeys, 'reloaded 2'],
      [oneKey, 'reloaded 1'],
    ] as const) {
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
      assert.equal(await next(), report)
    }
    assert.equal(principals.find('AKIA2'), undefined)
    principals.close()
  })

  test('is refused when wrong, and the last good one stays in force', async () => {
    const { principals, next } = watched(oneKey)
    writeFileSync(file, 'users:\n  - path: /x/\n')
    assert.equal(await next(), 'iam.yaml:2:5: users[0].name: is missing')
    assert.ok(principals.find('AKIA1'))
    writeFileSync(file, twoKeys)
    assert.equal(await next(), 'reloaded 2')
    principals.close()
  })

  test('may go and come back', async () => {
    const { principals, next } = watched(oneKey)
    rmSync(file)
    assert.equal(await next(), 'iam.yaml: cannot be read: ENOENT')
    assert.ok(principals.find('AKIA1'))
    writeFileSync(file, oneKey)
    assert.equal(await next(), 'reloaded 1')
    principals.close()
  })

  test('is read again when Kubernetes turns its mount over', async () => {
    writeFileSync(join(directory, 'one'), oneKey)
    writeFileSync(join(directory, 'two'), twoKeys)
    const data = join(directory, '..data')
    symlinkSync('one', data)
    symlinkSync('..data', file)
    const { report, next } = recorder()
    const principals = openPrincipalsFile(file, account, report)
    symlinkSync('two', `${data}_tmp`)
    renameSync(`${data}_tmp`, data)
    assert.equal(await next(), 'reloaded 2')
    principals.close()
  })

  test('does not keep the process alive', () => {
    writeFileSync(file, oneKey)
    const script = `
      import { openPrincipalsFile } from ${JSON.stringify(import.meta.resolve('./file.ts'))}
      openPrincipalsFile(${JSON.stringify(file)}, '${account}', { reloaded() {}, refused() {} })
    `
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 10_000 })
  })
})
