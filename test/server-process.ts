/** The server as its users start it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { build } from '../scripts/build.ts'

export const root = join(import.meta.dirname, '..')

/** The path as a user's shell has it, without the Node that npm puts first for its scripts. */
export const usersPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter)

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child process, its output, and its end. */
export class Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  #changed = Promise.withResolvers<void>()
  #over = false

  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.child = spawn(command, args, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(this)
    const { promise, resolve, reject } = Promise.withResolvers<Ended>()
    this.ended = promise
    promise.catch(() => {})
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear('stdout', text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear('stderr', text))
    this.child.on('error', reject)
    // Not 'exit': what was printed last may still be on its way then.
    this.child.on('close', (code, signal) => {
      running.delete(this)
      this.#over = true
      this.#wake()
      resolve({ code, signal })
    })
  }

  /** Waits until the output holds this, and returns the match. @throws when it ends before */
  async heard(pattern: RegExp, from: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[from])
      if (match) return match
      if (this.#over) throw new Error(`ended without saying ${pattern}:\n${this.stdout}${this.stderr}`)
      await this.#changed.promise
    }
  }

  /** Where the server is, once it is ready. */
  async url(): Promise<string> {
    const [, url = ''] = await this.heard(/^Cognate ready on (\S+)\n/m)
    return url
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  #hear(from: 'stdout' | 'stderr', text: string): void {
    this[from] += text
    this.#wake()
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}

const running = new Set<Running>()

/** Ends what a failed test has left behind. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((process) => process.end('SIGKILL')))
}
process.on('exit', () => {
  for (const { child } of running) child.kill('SIGKILL')
})

export interface Bundle {
  /** A folder for the test's files, removed with the bundle. */
  readonly folder: string
  /** A folder that is not there yet. */
  readonly newData: () => string
  /** `cognate` with these arguments, from the bundle, far from any node_modules. */
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running
  readonly remove: () => Promise<void>
}

export async function bundled(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-process-'))
  await build(join(folder, 'dist'))
  let count = 0
  return {
    folder,
    newData: () => join(folder, `data-${++count}`),
    run: (args, env) => new Running(process.execPath, [join(folder, 'dist/main.js'), ...args], env),
    async remove() {
      await endAll()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function sdkAt(
  endpoint: string,
  accessKeyId = 'test',
  secretAccessKey = 'test',
): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
}
