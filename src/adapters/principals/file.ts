import { readFileSync, statSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { readDirectory } from '../../domain/iam-directory.ts'
import type { AccessKey } from '../../domain/principal.ts'
import type { Principals } from '../../ports/principals.ts'
import { readYaml } from './yaml.ts'

export interface PrincipalsReport {
  /** The file was read again, and so many access keys are in force. */
  readonly reloaded: (count: number) => void
  /** The file changed and cannot be used; what it said before stays in force. */
  readonly refused: (reason: string) => void
}

const largest = 1024 * 1024
/** Saving a file is several events; half a file is not to be read. */
const settleMilliseconds = 50

/**
 * The principals of `iam.yaml`, read again whenever the file changes.
 * @throws when the file cannot be used at the opening.
 */
export function openPrincipalsFile(path: string, accountId: string, report: PrincipalsReport): Principals {
  const file = resolve(path)
  let keys: ReadonlyMap<string, AccessKey> = new Map()
  let seen: string | undefined
  let settling: NodeJS.Timeout | undefined

  const load = (): 'changed' | 'unchanged' => {
    const before = seen
    seen = undefined
    seen = readText(file)
    if (seen === before) return 'unchanged'
    keys = readYaml(basename(file), seen, (content) => readDirectory(content, accountId))
    return 'changed'
  }
  const reload = () => {
    let outcome: 'changed' | 'unchanged'
    try {
      outcome = load()
    } catch (error) {
      return report.refused(reasonOf(error))
    }
    if (outcome === 'changed') report.reloaded(keys.size)
  }

  // The directory is watched, not the file: editors and deployments put a new file in the place of the old one.
  // Watching begins before the first reading, so no change falls between the two.
  const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
    if (name !== null && name !== basename(file) && !isMountSwap(name)) return
    clearTimeout(settling)
    settling = setTimeout(reload, settleMilliseconds).unref()
  })
  watcher.on('error', (error) => report.refused(`${basename(file)} is no longer watched: ${reasonOf(error)}`))
  const close = () => {
    clearTimeout(settling)
    watcher.close()
  }

  try {
    load()
  } catch (error) {
    close()
    throw error
  }
  return { find: (accessKeyId) => keys.get(accessKeyId), close }
}

function readText(file: string): string {
  try {
    if (statSync(file).size <= largest) return readFileSync(file, 'utf8')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new Error(`${basename(file)}: cannot be read: ${code}`)
  }
  throw new Error(`${basename(file)}: is larger than 1 MiB`)
}

/** Kubernetes changes a mounted file by turning the link `..data` over to another directory. */
function isMountSwap(name: string): boolean {
  return name.startsWith('..')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
