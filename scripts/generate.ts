/**
 * Writes what is derived: the registry of operations and the reference pages of docs/.
 * `npm run generate` refreshes them; with `--check` it fails when they are stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operationFiles, registrySource, root } from './sources.ts'

const check = process.argv.includes('--check')
const stale: string[] = []

function put(path: string, text: string): void {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  if (check) stale.push(path)
  else writeFileSync(file, text)
}

put('src/api/registry.ts', registrySource(await operationFiles()))
// Not before: the pages are made from the operations that the registry names.
const { pages } = await import('./reference.ts')
for (const [path, text] of Object.entries(await pages())) put(path, text)

if (stale.length > 0) {
  process.stderr.write(`stale, run npm run generate: ${stale.join(', ')}\n`)
  process.exitCode = 1
}
