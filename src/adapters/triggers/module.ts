import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEnv } from 'node:util'
import { glob, globMatches } from '../../lib/glob.ts'
import { type TriggerRunner, TriggerUnreachable } from '../../ports/trigger-runner.ts'
import { type FunctionArn, functionArn } from './function-arn.ts'
import { Instance } from './instance.ts'
import type { Isolation } from './sandbox.ts'

export interface ModuleRunnerOptions {
  /** Where `NAME.js` (or .mjs, .cjs, .ts) is, for functions that `files` does not name. */
  readonly folder: string
  /** Function ARNs, in which `*` and `?` stand for any text, and their files; the first that matches counts. */
  readonly files?: readonly (readonly [arn: string, file: string])[]
  /** A thread that runs out of memory often ends the server with it: docs/decisions/0008. */
  readonly isolation?: Isolation
  /** Milliseconds until the caller gives up. Cognito's limit, and no function is given more. */
  readonly timeout?: number
  /** Megabytes of JavaScript heap a function may use. */
  readonly memory?: number
  /** What a function finds in `process.env`, beside what a file `.env` in the folder says. */
  readonly env?: Readonly<Record<string, string>>
  /** Told each line that a function prints. */
  readonly log?: (functionName: string, line: string) => void
  /** How many invocations of one function may wait for their answers before more are refused. */
  readonly limit?: number
  /** The file that runs inside a sandbox. A bundle has it elsewhere, and says so. */
  readonly entry?: URL
}

const extensions = ['js', 'mjs', 'cjs', 'ts']

/** The TriggerRunner port on files of handlers, each in a sandbox of its own that starts with its first event. */
export function moduleRunner({
  folder,
  files = [],
  isolation = 'process',
  timeout = 5000,
  memory = 256,
  env = harmless(process.env),
  log = () => {},
  limit = 1000,
  entry = new URL('./inside.ts', import.meta.url),
}: ModuleRunnerOptions): TriggerRunner {
  const root = resolve(folder)
  const variables = join(root, '.env')
  const named = files.map(([arn, file]) => ({ arn: glob(arn), file: resolve(file) }))
  const warm = new Map<string, { readonly instance: Instance; readonly state: string }>()
  const alive = new Set<Instance>()
  let closed = false

  function locate(text: string, { unqualified, name }: FunctionArn) {
    const match = named.find(({ arn }) => globMatches(arn, text) || globMatches(arn, unqualified))
    const candidates = match ? [match.file] : extensions.map((end) => join(root, `${name}.${end}`))
    for (const file of candidates) {
      const state = stateOf(file)
      if (state !== undefined) return { file, state: `${state} ${stateOf(variables)}` }
    }
    throw new TriggerUnreachable('ResourceNotFoundException')
  }

  /** The warm instance of the file as it is now. */
  function instanceOf(name: string, file: string, state: string): Instance {
    const key = `${name} ${file}`
    const known = warm.get(key)
    if (known?.state === state) return known.instance
    const start = { file: pathToFileURL(file).href, name }
    const instance = new Instance(
      { isolation, timeout, memory, env: { ...env, ...variablesIn(variables) }, entry, start },
      {
        line: (line) => log(name, line),
        retired(instance) {
          if (warm.get(key)?.instance === instance) warm.delete(key)
        },
        ended: (instance) => alive.delete(instance),
      },
    )
    alive.add(instance)
    warm.set(key, { instance, state })
    known?.instance.retire()
    return instance
  }

  return {
    async run(text, event) {
      if (closed) throw new TriggerUnreachable('ServiceUnavailableException')
      const arn = functionArn(text)
      if (arn === undefined) throw new TriggerUnreachable('ResourceNotFoundException')
      const { file, state } = locate(text, arn)
      const instance = instanceOf(arn.name, file, state)
      if (instance.load >= limit) throw new TriggerUnreachable('TooManyRequestsException')
      return instance.invoke(text, arn, JSON.stringify(event))
    },

    async close() {
      closed = true
      await Promise.all([...alive].map((instance) => instance.close()))
    },
  }
}

/**
 * Changes whenever the file is written or replaced; nothing when there is no such file. Asked synchronously because that
 * is cheaper for this very thread: 2 µs, against 20 for the promise of it.
 */
function stateOf(file: string): string | undefined {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    return found?.isFile() ? `${found.ino} ${found.size} ${found.mtimeNs}` : undefined
  } catch {
    return undefined
  }
}

/** As `node --env-file` reads it. */
function variablesIn(file: string): Record<string, string> {
  // Its type leaves values out that it never does.
  return stateOf(file) === undefined ? {} : (parseEnv(readFileSync(file, 'utf8')) as Record<string, string>)
}

/** What every program may know; the server's own variables may hold secrets. */
function harmless(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['PATH', 'HOME', 'TZ', 'LANG', 'AWS_REGION']
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
