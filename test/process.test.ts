/** The program as its users meet it: start, settings, signals, files, the inbox and the clock. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { settings } from '../src/server/config.ts'
import { createDatabase } from './harness.ts'
import { apiRequest, RawClient } from './raw-http.ts'
import { type Bundle, bundled, endAll, Running, root, sdkAt, usersPath } from './server-process.ts'

const password = 'Correct-horse-9'
const phone = '+15555550123'

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())
afterEach(endAll)

/** A server on a new folder and any free port. */
async function start(args: readonly string[] = [], env?: Record<string, string>) {
  const data = bundle.newData()
  const server = bundle.run(['serve', '--port', '0', '--data', data, ...args], env)
  const url = await server.url()
  return { server, data, url, port: Number(new URL(url).port) }
}

async function end(args: readonly string[], env?: Record<string, string>) {
  const process = bundle.run(args, env)
  const { code } = await process.ended
  return { code, stdout: process.stdout, stderr: process.stderr }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })
}

const listPools = (client: CognitoIdentityProviderClient) =>
  client.send(new ListUserPoolsCommand({ MaxResults: 60 }))

/** A pool, a client and a user with a phone number and SMS MFA. */
async function setUp(client: CognitoIdentityProviderClient) {
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: 'test',
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
    }),
  )
  const UserPoolId = UserPool?.Id
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'test',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  const Username = 'ada'
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      UserAttributes: [{ Name: 'phone_number', Value: phone }],
      MessageAction: 'SUPPRESS',
    }),
  )
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  )
  await client.send(
    new AdminSetUserSettingsCommand({
      UserPoolId,
      Username,
      MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }],
    }),
  )
  const ClientId = UserPoolClient?.ClientId
  const signIn = (at = client) =>
    at.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: Username, PASSWORD: password },
      }),
    )
  const answer = (Session: string | undefined, code: string | undefined, at = client) =>
    at.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId,
        ClientId,
        ChallengeName: 'SMS_MFA',
        Session,
        ChallengeResponses: { USERNAME: Username, SMS_MFA_CODE: code ?? '' },
      }),
    )
  return { UserPoolId: UserPoolId ?? '', signIn, answer }
}

interface Inbox {
  readonly messages: { userPoolId: string; to: string; medium: string; body: string; code?: string }[]
}

async function inbox(url: string, query = ''): Promise<Inbox> {
  const response = await fetch(`${url}/_cognate/inbox${query}`)
  assert.equal(response.status, 200)
  return (await response.json()) as Inbox
}

describe('npm start', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`says one line, and ends at ${signal} with everything put away`, async () => {
      const data = bundle.newData()
      const args = ['start', '--silent', '--', '--port', '0', '--data', data]
      const npm = new Running('npm', args, { PATH: usersPath })
      const url = await npm.url()
      assert.match(url, /^http:\/\/127\.0\.0\.1:[0-9]+$/)
      await setUp(sdkAt(url))
      const { code } = await npm.end(signal)
      assert.equal(code, 0)
      assert.equal(npm.stdout, `Cognate ready on ${url}\n`)
      assert.equal(await isFree(Number(new URL(url).port)), true)
      assert.deepEqual((await readdir(data)).toSorted(), ['cognate.sqlite', 'keys.json'])
    })
  }
})

describe('signals', () => {
  test('let a request under way finish, also when Ctrl-C arrives twice', async () => {
    const { server, url } = await start()
    const client = sdkAt(url)
    const { UserPoolId } = await setUp(client)
    // Answered by the stop itself, with what there is.
    const waiting = inbox(url, `?userPoolId=${UserPoolId}&wait=60s`)
    await server.heard(/ready/)
    await inbox(url)
    server.child.kill('SIGINT')
    server.child.kill('SIGINT')
    const { code } = await server.ended
    assert.deepEqual(await waiting, { messages: [] })
    assert.equal(code, 0)
    assert.equal(server.stderr.split('\n').length, 2)
  })
})

describe('settings', () => {
  test('are all in --help, and in that of serve', async () => {
    for (const args of [['--help'], ['serve', '--help'], ['help', 'serve']]) {
      const { code, stdout, stderr } = await end(args)
      assert.equal(code, 0)
      assert.equal(stderr, '')
      for (const { flag } of settings) assert.match(stdout, new RegExp(`^ +--${flag}( |$)`, 'm'))
    }
  })

  test('that are wrong are told all at once, wherever they come from', async () => {
    const { code, stdout, stderr } = await end(
      ['--port', '65536', '--region', 'nowhere', '--host', '0.0.0.0', '--iam', 'off', '--test-clock'],
      { COGNATE_ACCOUNT_ID: '12', COGNATE_LOG_LEVEL: 'loud', COGNATE_DATABASE_URL: 'postgres://localhost/x' },
    )
    assert.equal(code, 2)
    assert.equal(stdout, '')
    const told = stderr.trimEnd().split('\n')
    assert.deepEqual(
      told.map((line) => line.split(':')[0]),
      [
        '--port',
        '--region',
        'COGNATE_ACCOUNT_ID',
        'COGNATE_LOG_LEVEL',
        '--iam=off',
        '--test-clock',
        '--key-file',
      ],
    )
  })

  test('that are not known are told', async () => {
    const { code, stderr } = await end(['--prot', '1'])
    assert.equal(code, 2)
    assert.match(stderr, /unknown option '--prot'/)
  })

  test('come from the environment, and flags go before', async () => {
    const { url, data } = await start(['--region', 'eu-north-1'], {
      COGNATE_REGION: 'eu-west-1',
      COGNATE_ACCOUNT_ID: '111122223333',
      COGNATE_PORT: '1',
    })
    const { UserPool } = await sdkAt(url).send(new CreateUserPoolCommand({ PoolName: 'test' }))
    assert.match(UserPool?.Arn ?? '', /:111122223333:/)
    assert.equal((await stat(data)).mode & 0o777, 0o700)
  })

  test('--iam=off is refused beyond loopback and with a server store, unless one insists', async () => {
    const asks = /--iam=off: .* --insist/
    for (const args of [
      ['--host', '0.0.0.0'],
      ['--host', '::'],
      ['--database-url', 'postgres://localhost/x', '--key-file', 'keys.json'],
    ]) {
      const { code, stderr } = await end(['--port', '0', '--iam', 'off', ...args])
      assert.equal(code, 2)
      assert.match(stderr, asks)
    }
    const { server, url } = await start(['--iam', 'off', '--insist', '--host', '0.0.0.0'])
    assert.match(server.stderr, /^IAM is off: any credentials are accepted/)
    await listPools(sdkAt(`http://127.0.0.1:${new URL(url).port}`, 'anybody', 'anything'))
  })

  test('--iam=off is said, and takes any credentials', async () => {
    const { server, url } = await start(['--iam', 'off'])
    assert.equal(server.stderr, 'IAM is off: any credentials are accepted and nothing is forbidden.\n')
    await listPools(sdkAt(url, 'anybody', 'anything'))
  })

  test('the well-known key is said, and works on loopback with the embedded store alone', async () => {
    const here = await start()
    assert.match(here.server.stderr, /^Without an iam\.yaml, the access key "test" .* may do everything\.\n$/)
    await listPools(sdkAt(here.url))
    await assert.rejects(listPools(sdkAt(here.url, 'test', 'wrong')), { name: 'InvalidSignatureException' })
    await assert.rejects(listPools(sdkAt(here.url, 'other', 'test')), { name: 'UnrecognizedClientException' })
    const open = await start(['--host', '0.0.0.0'])
    assert.match(
      open.server.stderr,
      /^Without an iam\.yaml, every request that must be signed is refused\.\n$/,
    )
    const refused = listPools(sdkAt(`http://127.0.0.1:${open.port}`))
    await assert.rejects(refused, { name: 'UnrecognizedClientException' })
  })

  test('a key file that cannot be used is refused', async () => {
    const data = bundle.newData()
    await mkdir(data)
    await writeFile(join(data, 'keys.json'), '{ "keys": [] }', { mode: 0o600 })
    const { code, stderr } = await end(['--port', '0', '--data', data])
    assert.equal(code, 2)
    assert.match(stderr, /keys\.json: vault keys must have the form/)
    assert.equal(existsSync(join(data, 'cognate.sqlite')), false)
  })

  test('a store that was sealed under other keys is refused', async () => {
    const { server, data } = await start()
    await server.end()
    const { code, stderr } = await end([
      '--port',
      '0',
      '--data',
      data,
      '--key-file',
      join(data, 'other.json'),
    ])
    assert.equal(code, 1)
    assert.match(stderr, /^cognate: the store was sealed under other keys/)
  })

  test('a port that is taken is said to be', async () => {
    const { port } = await start()
    const { code, stdout, stderr } = await end(['--port', `${port}`, '--data', bundle.newData()])
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.equal(stderr, `cognate: port ${port} of 127.0.0.1 is in use; choose another with --port\n`)
  })
})

describe('iam.yaml', () => {
  const keys = (...ids: string[]) =>
    `users:\n  - name: ada\n    policies: [AdministratorAccess]\n    accessKeys:\n${ids
      .map((id) => `      - { id: ${id}, secret: s }\n`)
      .join('')}`

  async function withFile(text: string) {
    const data = bundle.newData()
    await mkdir(data)
    const file = join(data, 'iam.yaml')
    await writeFile(file, text)
    return { file, args: ['serve', '--port', '0', '--data', data, '--log-level', 'info'] }
  }

  test('is found in the data folder, read again when it changes, and kept when it cannot be', async () => {
    const { file, args } = await withFile(keys('AKIA1'))
    const server = bundle.run(args)
    const url = await server.url()
    assert.equal(server.stderr, '')
    const [first, second] = [sdkAt(url, 'AKIA1', 's'), sdkAt(url, 'AKIA2', 's')]
    const unknown = { name: 'UnrecognizedClientException' }
    await listPools(first)
    await assert.rejects(listPools(second), unknown)
    await assert.rejects(listPools(sdkAt(url)), unknown)
    await writeFile(file, keys('AKIA2'))
    await server.heard(/iam file read again/, 'stderr')
    await listPools(second)
    await assert.rejects(listPools(first), unknown)
    await writeFile(file, 'users: [{ name: ada, accessKeys: 7 }]')
    await server.heard(/"reason":"iam\.yaml:1:.*iam file refused; the last good one stays in force/, 'stderr')
    await listPools(second)
    assert.equal((await server.end()).code, 0)
  })

  test('that cannot be used at the start is refused with the line and the reason', async () => {
    const { args } = await withFile('users:\n  - name: ada\n    accessKeys: 7\n')
    const { code, stdout, stderr } = await end(args)
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /^iam\.yaml:3:\d+: users\[0\]\.accessKeys: /)
  })

  test('that is named and not there is refused', async () => {
    const { code, stderr } = await end([
      '--port',
      '0',
      '--data',
      bundle.newData(),
      '--iam-file',
      'nowhere.yaml',
    ])
    assert.equal(code, 2)
    assert.match(stderr, /nowhere\.yaml: cannot be read: ENOENT/)
  })
})

describe('the clock', () => {
  const post = (url: string, body: unknown, type = 'application/json') =>
    fetch(`${url}/_cognate/clock`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': type },
    })
  const now = async (response: Response | Promise<Response>): Promise<number> => {
    const { now } = (await (await response).json()) as { now: string }
    return Date.parse(now)
  }

  test('is told, advanced and set, and sessions go by it', async () => {
    const { url } = await start(['--test-clock'])
    const { signIn, answer, UserPoolId } = await setUp(sdkAt(url))
    assert.ok(Math.abs((await now(fetch(`${url}/_cognate/clock`))) - Date.now()) < 5_000)
    const { Session } = await signIn()
    const { messages } = await inbox(url, `?userPoolId=${UserPoolId}`)
    const later = await now(post(url, { advance: 'PT3M1S' }))
    assert.ok(later - Date.now() > 180_000)
    await assert.rejects(answer(Session, messages[0]?.code), {
      name: 'NotAuthorizedException',
      message: 'Invalid session for the user, session is expired.',
    })
    const set = await now(post(url, { set: '2031-02-03T04:05:06.500Z' }))
    assert.ok(set - Date.UTC(2031, 1, 3, 4, 5, 6, 500) < 5_000)
    const { UserPool } = await sdkAt(url).send(new CreateUserPoolCommand({ PoolName: 'later' }))
    assert.equal(UserPool?.CreationDate?.getUTCFullYear(), 2031)
  })

  test('is not moved by what it does not understand', async () => {
    const { url } = await start(['--test-clock'])
    for (const body of [
      {},
      null,
      [],
      'PT5M',
      { advance: 5 },
      { advance: 'P' },
      { advance: 'PT' },
      { advance: '5m' },
      { advance: '-PT5M' },
      { advance: 'P1Y' },
      { set: 5 },
      { set: '5' },
      { set: 'tomorrow' },
      { set: '2031-02-30' },
      { set: '2031-13-01T00:00:00Z' },
    ]) {
      const response = await post(url, body)
      assert.equal(response.status, 400, JSON.stringify(body))
    }
    assert.equal((await post(url, { advance: 'PT5M' }, 'text/plain')).status, 400)
    assert.equal((await post(url, { advance: 'x'.repeat(2_000_000) })).status, 413)
    assert.ok((await now(fetch(`${url}/_cognate/clock`))) - Date.now() < 5_000)
  })

  test('is not there without --test-clock, and never beyond loopback', async () => {
    const { url } = await start()
    assert.equal((await fetch(`${url}/_cognate/clock`)).status, 404)
    assert.equal((await post(url, { advance: 'PT5M' })).status, 404)
    const { code, stderr } = await end(['--port', '0', '--host', '0.0.0.0', '--test-clock'])
    assert.equal(code, 2)
    assert.match(stderr, /^--test-clock: .*loopback only/)
  })

  test('answers to local names only', async () => {
    const { port } = await start(['--test-clock'])
    assert.equal((await askAs(port, 'GET', '/_cognate/clock', 'evil.example')).status, 403)
    assert.equal((await askAs(port, 'POST', '/_cognate/clock', `evil.example:${port}`)).status, 403)
    assert.equal((await askAs(port, 'GET', '/_cognate/clock', `localhost:${port}`)).status, 200)
  })
})

/** A request under a name of the caller's choice. */
async function askAs(port: number, method: string, path: string, host: string) {
  const raw = await RawClient.to(port)
  raw.send(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
  const response = await raw.next()
  raw.close()
  return response ?? assert.fail('no response')
}

describe('the inbox', () => {
  test('shows messages newest first, by pool and by address, and is cleared by the same', async () => {
    const { url } = await start()
    const client = sdkAt(url)
    const [one, two] = [await setUp(client), await setUp(client)]
    await one.signIn()
    await one.signIn()
    await two.signIn()
    const { messages } = await inbox(url)
    assert.deepEqual(
      messages.map(({ userPoolId, to, medium }) => ({ userPoolId, to, medium })),
      [two, one, one].map(({ UserPoolId }) => ({ userPoolId: UserPoolId, to: phone, medium: 'SMS' })),
    )
    for (const { body, code } of messages) assert.ok(code && body.includes(code))
    const here = `?userPoolId=${one.UserPoolId}`
    assert.equal((await inbox(url, here)).messages.length, 2)
    assert.equal((await inbox(url, `${here}&to=${encodeURIComponent(phone)}`)).messages.length, 2)
    assert.equal((await inbox(url, '?to=nobody')).messages.length, 0)
    const cleared = await fetch(`${url}/_cognate/inbox${here}`, { method: 'DELETE' })
    assert.deepEqual(await cleared.json(), { cleared: 2 })
    assert.equal((await inbox(url)).messages.length, 1)
  })

  test('is waited at until a message comes, or the time is up', async () => {
    const { url } = await start()
    const { UserPoolId, signIn } = await setUp(sdkAt(url))
    assert.deepEqual(await inbox(url, '?wait=0.05s'), { messages: [] })
    const waiting = inbox(url, `?userPoolId=${UserPoolId}&wait=60s`)
    const { ChallengeName } = await signIn()
    assert.equal(ChallengeName, 'SMS_MFA')
    assert.equal((await waiting).messages.length, 1)
    for (const wait of ['', 'x', '-1s', '1e9', '10m']) {
      assert.equal((await fetch(`${url}/_cognate/inbox?wait=${wait}`)).status, 400, wait)
    }
  })

  test('answers to local names only, against pages that are elsewhere and call themselves by this address', async () => {
    const { port } = await start()
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '10.0.0.1',
      '127.0.0.1.evil',
    ]) {
      for (const method of ['GET', 'DELETE']) {
        assert.equal((await askAs(port, method, '/_cognate/inbox', host)).status, 403, `${method} ${host}`)
      }
    }
    for (const host of ['localhost', `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      assert.equal((await askAs(port, 'GET', '/_cognate/inbox', host)).status, 200, host)
    }
  })

  test('is closed beyond loopback, unless it is on; and closed when it is off', async () => {
    const open = await start(['--host', '0.0.0.0'])
    assert.equal((await askAs(open.port, 'GET', '/_cognate/inbox', 'localhost')).status, 404)
    const off = await start(['--inbox', 'off'])
    assert.equal((await askAs(off.port, 'GET', '/_cognate/inbox', 'localhost')).status, 404)
    const on = await start(['--host', '0.0.0.0', '--inbox', 'on'])
    assert.equal((await askAs(on.port, 'GET', '/_cognate/inbox', 'cognate.example')).status, 200)
  })

  test('is a command, too', async () => {
    const { url, server } = await start()
    const { UserPoolId, signIn } = await setUp(sdkAt(url))
    const cognate = (...args: string[]) => end(['inbox', '--url', url, ...args])
    assert.deepEqual(await cognate(), { code: 0, stdout: 'The inbox is empty.\n', stderr: '' })
    const waiting = cognate('--user-pool-id', UserPoolId, '--wait', '60s')
    await signIn()
    const { code, stdout } = await waiting
    assert.equal(code, 0)
    assert.match(stdout, /^\d{4}-\S+Z {2}SMS {2}\+15555550123\n {2}.*[0-9]{6}.*\n$/)
    assert.equal((await cognate('--to', '+1')).stdout, 'The inbox is empty.\n')
    assert.equal((await cognate('--clear')).stdout, '1 messages cleared\n')
    const wrong = await cognate('--wait', 'long')
    assert.equal(wrong.code, 1)
    assert.match(wrong.stderr, /^cognate: .*wait must be a number of seconds/)
    await server.end()
    const gone = await cognate()
    assert.deepEqual(gone, { code: 1, stdout: '', stderr: `cognate: no server answers at ${url}\n` })
    const off = await start(['--inbox', 'off'])
    const none = await end(['inbox', '--url', off.url])
    assert.deepEqual(none, { code: 1, stdout: '', stderr: 'cognate: this server serves no inbox\n' })
  })
})

describe('everything else over HTTP', () => {
  test('is answered with what it deserves', async () => {
    const { url, port } = await start()
    for (const [method, path, status] of [
      ['GET', '/', 200],
      ['HEAD', '/', 200],
      ['PUT', '/', 404],
      ['DELETE', '/', 404],
      ['GET', '/_cognate/health', 200],
      ['GET', '/nowhere', 404],
      ['POST', '/nowhere', 404],
      ['GET', '/us-east-1_nowhere/.well-known/jwks.json', 404],
      ['GET', '/%ff', 404],
      ['GET', '//', 404],
      ['GET', '/../..', 200],
    ] as const) {
      const raw = await RawClient.to(port)
      raw.send(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
      assert.equal((await raw.next({ headOnly: method === 'HEAD' }))?.status, status, `${method} ${path}`)
      raw.close()
    }
    const large = await RawClient.to(port)
    large.send(apiRequest('', { 'content-length': '2097153' }))
    const refused = await large.next()
    assert.equal(refused?.status, 413)
    assert.match(refused?.body ?? '', /RequestEntityTooLargeException/)
    large.close()
    assert.equal((await fetch(`${url}/_cognate/health`)).status, 200)
  })
})

const older = nodesOnPath().find(({ major }) => major < 24)

describe('an older Node', () => {
  test('starts the pinned one, hands signals on, and ends as it ends', { skip: !older }, async () => {
    assert.ok(older)
    const shim = (...args: string[]) => new Running(older.path, [join(root, 'bin/cognate.mjs'), ...args])
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = shim('--port', '0', '--data', bundle.newData())
      const url = await server.url()
      await listPools(sdkAt(url))
      assert.equal((await server.end(signal)).code, 0)
      assert.equal(await isFree(Number(new URL(url).port)), true)
    }
    const wrong = shim('--port', 'x')
    assert.equal((await wrong.ended).code, 2)
    assert.match(wrong.stderr, /^--port: /)
    const hungUp = shim('--port', '0', '--data', bundle.newData())
    await hungUp.url()
    assert.equal((await hungUp.end('SIGHUP')).code, 129)
  })
})

describe('the published files', () => {
  before(() => cp(join(root, 'bin'), join(bundle.folder, 'bin'), { recursive: true }))
  const shim = () => join(bundle.folder, 'bin/cognate.mjs')

  test('run by themselves', async () => {
    const server = new Running(process.execPath, [shim(), '--port', '0', '--data', bundle.newData()])
    const { messages } = await inbox(await server.url())
    assert.deepEqual(messages, [])
    assert.equal((await server.end()).code, 0)
  })

  test('say what they need where it is not there', { skip: !older }, async () => {
    const server = new Running(older?.path ?? '', [shim()])
    assert.equal((await server.ended).code, 2)
    assert.match(server.stderr, /^cognate needs Node 24 or later; this is [0-9.]+\n$/)
  })
})

function nodesOnPath(): { path: string; major: number }[] {
  return usersPath.split(':').flatMap((folder) => {
    const path = join(folder, 'node')
    if (!existsSync(path)) return []
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' })
    return [{ path, major: Number(/^v([0-9]+)/.exec(version)?.[1]) }]
  })
}

describe('on PostgreSQL', () => {
  test('two servers on one database are one service', async () => {
    const { url: database, remove } = await createDatabase()
    const iam = join(bundle.folder, 'two-servers.yaml')
    await writeFile(
      iam,
      'users: [{ name: ada, policies: [AdministratorAccess], accessKeys: [{ id: AKIA1, secret: s }] }]',
    )
    const args = ['serve', '--port', '0', '--key-file', join(bundle.folder, 'keys.json'), '--iam-file', iam]
    // At once, on an empty database: both make its tables, and the keys.
    const servers = [1, 2].map(() => bundle.run(args, { COGNATE_DATABASE_URL: database }))
    const [here = '', there = ''] = await Promise.all(servers.map((server) => server.url()))
    const [client, other] = [sdkAt(here, 'AKIA1', 's'), sdkAt(there, 'AKIA1', 's')]
    const { UserPoolId, signIn, answer } = await setUp(client)
    const waiting = inbox(here, `?userPoolId=${UserPoolId}&wait=60s`)
    const { Session } = await signIn(other)
    const { messages } = await waiting
    const { AuthenticationResult } = await answer(Session, messages[0]?.code)
    assert.ok(AuthenticationResult?.AccessToken)
    await assert.rejects(answer(Session, messages[0]?.code, other), { name: 'NotAuthorizedException' })
    for (const server of servers) {
      assert.equal((await server.end()).code, 0)
      assert.equal(server.stderr, '')
    }
    await remove()
  })

  test('the well-known key does not work, and a database that is not there is said to be', async () => {
    const { url: database, remove } = await createDatabase()
    const keyFile = join(bundle.folder, 'other-keys.json')
    const server = bundle.run(['serve', '--port', '0', '--key-file', keyFile], {
      COGNATE_DATABASE_URL: database,
    })
    const url = await server.url()
    assert.match(server.stderr, /every request that must be signed is refused/)
    await assert.rejects(listPools(sdkAt(url)), { name: 'UnrecognizedClientException' })
    await server.end()
    await remove()
    const gone = await end(['serve', '--port', '0', '--key-file', keyFile], {
      COGNATE_DATABASE_URL: database,
    })
    assert.equal(gone.code, 1)
    assert.match(gone.stderr, /^cognate: database "cognate_\w+" does not exist\n$/)
  })
})
