/** The audit trail of a server in a process of its own: its files, standard output, and what a stop leaves behind. */
import assert from 'node:assert/strict'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { cloudTrailRecord } from '../src/domain/cloudtrail.ts'
import type { TrailEvent } from '../src/domain/trail-event.ts'
import { createClient, createPool, createUser, password } from './fixtures.ts'
import { type Bundle, bundled, endAll, sdkAt } from './server-process.ts'

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())
afterEach(endAll)

const parsed = async (file: string) =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const start = (data: string, trail: string) =>
  bundle.run(['serve', '--port', '0', '--data', data, '--log-level', 'info'], { COGNATE_TRAIL: trail })

async function signIns(client: CognitoIdentityProviderClient, count: number): Promise<void> {
  const UserPoolId = await createPool({ client })
  const { ClientId } = await createClient({ client }, UserPoolId)
  await createUser({ client }, UserPoolId, 'ada')
  const AuthParameters = { USERNAME: 'ada', PASSWORD: password }
  const signIn = () =>
    client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }))
  await Promise.all(Array.from({ length: count }, signIn))
}

const made = ['CreateUserPool', 'CreateUserPoolClient', 'AdminCreateUser', 'AdminSetUserPassword']

describe('a server with a trail', () => {
  test('has every event in its files when it has stopped', async () => {
    const data = bundle.newData()
    const [plain, aws] = [join(data, 'trail.jsonl'), join(data, 'logs', 'cloudtrail.jsonl')]
    const server = start(data, `file:${plain},cloudtrail:${aws}`)
    await signIns(sdkAt(await server.url()), 50)
    assert.equal((await server.end()).code, 0)
    const events: TrailEvent[] = await parsed(plain)
    const calls = events.flatMap((event) => (event.kind === 'operation' ? [event.operation] : []))
    assert.deepEqual(calls, [...made, ...Array.from({ length: 50 }, () => 'InitiateAuth')])
    const passed = events.filter((event) => event.kind === 'sign-in' && event.result === 'Pass')
    assert.equal(passed.length, 50)
    assert.equal(events.length, 104)
    assert.deepEqual(await parsed(aws), JSON.parse(JSON.stringify(events.map(cloudTrailRecord))))
    const text = await readFile(plain, 'utf8')
    assert.doesNotMatch(text, /Correct-horse|"ada"|eyJ/)
  })

  test('writes nothing else to standard output where the trail goes there', async () => {
    const server = start(bundle.newData(), 'stdout:')
    const [, url = ''] = await server.heard(/^Cognate ready on (\S+)\n/m, 'stderr')
    await createPool({ client: sdkAt(url) })
    assert.equal((await server.end()).code, 0)
    const [line = '', ...rest] = server.stdout.split('\n')
    assert.equal(JSON.parse(line).operation, 'CreateUserPool')
    assert.deepEqual(rest, [''])
  })

  test('goes on where nobody reads its standard output any more, and says so', async () => {
    const server = start(bundle.newData(), 'stdout:')
    const [, url = ''] = await server.heard(/^Cognate ready on (\S+)\n/m, 'stderr')
    server.child.stdout?.destroy()
    const client = sdkAt(url)
    await createPool({ client })
    await server.heard(/the audit trail cannot be written/, 'stderr')
    await createPool({ client })
    assert.equal((await server.end()).code, 0)
    const logged = server.stderr
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    assert.deepEqual(
      logged.map(({ msg, sink, error, events }) => [msg, sink, error?.code, events]),
      [
        ['the audit trail cannot be written', 'stdout:', 'EPIPE', undefined],
        ['events of the audit trail are lost', 'stdout:', undefined, 1],
      ],
    )
  })

  test('goes on in a new file when it is hung up on', { skip: process.platform === 'win32' }, async () => {
    const data = bundle.newData()
    const file = join(data, 'trail.jsonl')
    const server = start(data, `file:${file}`)
    const client = sdkAt(await server.url())
    await createPool({ client })
    await rename(file, `${file}.1`)
    server.child.kill('SIGHUP')
    // The signal has been taken before a request that was sent after it is answered, but for the opening itself.
    const opened = await eventually(file, () => createPool({ client }))
    assert.equal((await server.end()).code, 0)
    const all = [...(await parsed(`${file}.1`)), ...(await parsed(file))]
    assert.ok(opened > 0 && all.length === opened + 1)
    assert.equal(server.stderr.includes('audit trail'), false)
  })

  test('does not start where the trail cannot be written', async () => {
    const data = bundle.newData()
    await mkdir(data)
    await writeFile(join(data, 'a-file'), '')
    for (const [trail, wrong] of [
      [`file:${data}/a-file/trail.jsonl`, /^file:.*: E(EXIST|NOTDIR)/],
      [`module:${data}/none.mjs`, /^module:.*: Cannot find module/],
      ['syslog:', /^COGNATE_TRAIL: must be a list of stdout:/],
    ] as const) {
      const server = start(data, trail)
      assert.equal((await server.ended).code, 2)
      assert.match(server.stderr, wrong)
      assert.equal(server.stdout, '')
    }
  })
})

/** Calls until a file has something in it; how often. */
async function eventually(file: string, call: () => Promise<unknown>): Promise<number> {
  for (let calls = 1; ; calls += 1) {
    await call()
    if ((await readFile(file, 'utf8').catch(() => '')) !== '') return calls
  }
}
