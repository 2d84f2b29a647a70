/**
 * How long a start takes and how much memory it holds: `node bench/start.ts [rounds]`.
 * From source and from the bundle, with and without a compile cache, on a new folder and on one that is there.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { build } from '../scripts/build.ts'

const rounds = Number(process.argv[2] ?? 7)
const folder = await mkdtemp(join(tmpdir(), 'cognate-bench-'))
await build(join(folder, 'dist'))

const programs = {
  source: join(import.meta.dirname, '../src/main.ts'),
  bundle: join(folder, 'dist/main.js'),
}

interface Started {
  readonly child: ChildProcess
  readonly url: string
  readonly milliseconds: number
}

/** From the spawn to the ready line. */
async function start(program: string, data: string, cache: string | undefined): Promise<Started> {
  const from = performance.now()
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, ...(cache && { NODE_COMPILE_CACHE: cache }) },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, url: line.replace(/^.* /, ''), milliseconds: performance.now() - from }
  }
  throw new Error('it ended before it was ready')
}

async function stop({ child }: Started): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Resident memory of a process in MiB. */
async function resident({ child }: Started): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1]) / 1024
}

async function signIns({ url }: Started, count: number): Promise<void> {
  const client = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const Password = 'Correct-horse-9'
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'bench' }))
  const UserPoolId = UserPool?.Id
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'bench',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  await client.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' }))
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password, Permanent: true }),
  )
  for (let done = 0; done < count; done += 1) {
    await client.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: UserPoolClient?.ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD: Password },
      }),
    )
  }
  client.destroy()
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

process.stdout.write(
  `Node ${process.version}, medians of ${rounds}\n\n` +
    '| program | compile cache | folder | ready ms | idle MiB | after 100 sign-ins MiB |\n|---|---|---|---|---|---|\n',
)
for (const [name, program] of Object.entries(programs)) {
  for (const cached of [false, true]) {
    const cache = cached ? join(folder, `cache-${name}`) : undefined
    const standing = join(folder, `data-${name}-${cached}`)
    // Fills the folder, and the cache at its end.
    await stop(await start(program, standing, cache))
    for (const kind of ['new', 'standing']) {
      const times: number[] = []
      const idle: number[] = []
      const used: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const data = kind === 'new' ? await mkdtemp(join(folder, 'data-')) : standing
        const started = await start(program, data, cache)
        times.push(started.milliseconds)
        idle.push(await resident(started))
        if (round < 3) {
          await signIns(started, 100)
          used.push(await resident(started))
        }
        await stop(started)
      }
      const figures = [times, idle, used].map((values) => median(values).toFixed(0))
      process.stdout.write(`| ${name} | ${cached ? 'warm' : 'none'} | ${kind} | ${figures.join(' | ')} |\n`)
    }
  }
}
await rm(folder, { recursive: true, force: true })
