import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { scaffold } from '../scripts/scaffold.ts'
import { operationFiles, operationTests, registrySource, root } from '../scripts/sources.ts'
import { operationNames } from '../src/api/names.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { differences, factLines, ourLines } from './contract.ts'

const run = promisify(execFile)

describe('npm run generate', () => {
  test('has nothing left to do', async () => {
    await run(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root })
  })

  test('writes the registry: imports in order of path, operations in order of name', () => {
    const files = [
      { name: 'AdminGetUser', path: 'users/AdminGetUser.ts' },
      { name: 'GetUser', path: 'account/GetUser.ts' },
    ]
    const [before, after] = registrySource(files).split('const built')
    assert.match(before ?? '', /import GetUser from '\.\/account\/GetUser\.ts'\nimport AdminGetUser from/)
    assert.match(after ?? '', /AdminGetUser,\n {2}GetUser,/)
    assert.notEqual(registrySource(files), registrySource(files.slice(1)))
  })

  test('knows the operations by their files, and not their tests or helpers', async () => {
    const files = await operationFiles()
    assert.ok(files.some(({ path }) => path === 'users/AdminSetUserSettings.ts'))
    for (const { name, path } of files) {
      assert.ok(operationNames.has(name), name)
      assert.ok(path.endsWith(`/${name}.ts`), path)
    }
  })

  test('finds the test of an operation beside it', async () => {
    const tests = await operationTests()
    assert.equal(tests.get('AdminSetUserSettings'), 'src/api/users/AdminSetUserSettings.test.ts')
    assert.equal(tests.get('NoSuchOperation'), undefined)
  })
})

describe('npm run scaffold', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognate-scaffold-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  /** The operation that the first form of this name would be. */
  async function built(name: string): Promise<Operation> {
    const { path, source } = await scaffold(name)
    const home = join(root, dirname(path))
    const absolute = source.replace(
      /from '(\.[^']+)'/g,
      (_, to) => `from '${pathToFileURL(join(home, to)).href}'`,
    )
    const file = join(folder, `${name}.ts`)
    await writeFile(file, absolute)
    return ((await import(file)) as { default: Operation }).default
  }

  for (const name of operationNames) {
    test(`${name} has the members, constraints and access of the model`, async () => {
      assert.deepEqual(differences(ourLines(await built(name)), factLines(name)), [])
    })
  }

  test('names the file, and the faults to consider', async () => {
    const { path, source } = await scaffold('ListGroups')
    assert.equal(path, 'src/api/groups/ListGroups.ts')
    assert.match(source, /^ {2}access: iamOnPool,$/m)
    assert.match(source, /^ {2}\/\/ {3}ResourceNotFoundException: .*\bGroupNotFound\b/m)
    assert.match(source, /^ {2}\/\/ {3}OperationNotEnabledException: by the access$/m)
    assert.match((await scaffold('SignUp')).source, /^ {2}\/\/ {3}ForbiddenException: no fault yet$/m)
  })

  test('says what it cannot know', async () => {
    const { source } = await scaffold('AssociateSoftwareToken')
    assert.match(source, /access: accessToken, \/\/ TODO: demands AccessToken/)
  })

  test('refuses a name that is none', async () => {
    await assert.rejects(scaffold('ListEverything'), { message: 'the facts know no ListEverything' })
  })
})
