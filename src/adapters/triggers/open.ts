import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import type { TriggerRunner } from '../../ports/trigger-runner.ts'
import { type ModuleRunnerOptions, moduleRunner } from './module.ts'
import { type Route, routedRunner } from './routed.ts'

export interface RunnerOptions extends ModuleRunnerOptions {
  /** A YAML file: a list of `arn` and `target`. Without one every function is a file in the folder. */
  readonly map: string | undefined
  /** Signs what goes to web servers. */
  readonly secret: string | undefined
}

/**
 * The runner of every function, as the map says where they are.
 * @throws Error with what is wrong in the map
 */
export async function openRunner({ map, secret, ...options }: RunnerOptions): Promise<TriggerRunner> {
  if (map === undefined) return moduleRunner(options)
  const entries = readMap(map, await readFile(map, 'utf8'))
  const files = entries.flatMap(({ arn, target }) => {
    const file = moduleOf(target)
    return file === undefined ? [] : [[arn, resolve(dirname(map), file)] as const]
  })
  const modules = moduleRunner({ ...options, files })
  const runners = new Map<string, TriggerRunner>()
  const routes: Route[] = []
  for (const { arn, target } of entries) {
    const runner =
      moduleOf(target) === undefined ? (runners.get(target) ?? (await open(target, secret))) : modules
    runners.set(target, runner)
    routes.push({ arn, runner })
  }
  return routedRunner(routes, modules)
}

const moduleOf = (target: string): string | undefined => /^module:(.+)$/.exec(target)?.[1]

async function open(target: string, secret: string | undefined): Promise<TriggerRunner> {
  if (target.startsWith('lambda:'))
    return (await import('./lambda.ts')).lambdaRunner(target.slice('lambda:'.length) || undefined)
  return (await import('./http.ts')).httpRunner(target, secret)
}

function readMap(path: string, text: string): { arn: string; target: string }[] {
  const entries: unknown = parse(text)
  if (!Array.isArray(entries)) throw new Error(`${path}: must be a list of arn and target`)
  return entries.map((entry, index) => {
    const { arn, target } = (entry ?? {}) as { arn?: unknown; target?: unknown }
    if (typeof arn !== 'string' || typeof target !== 'string')
      throw new Error(`${path}: entry ${index + 1} must have an arn and a target`)
    if (!/^(lambda:|https?:\/\/|module:.)/.test(target))
      throw new Error(
        `${path}: entry ${index + 1}: ${target} must begin with lambda:, https:, http: or module:`,
      )
    return { arn, target }
  })
}
