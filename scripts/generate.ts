/**
 * Writes what is derived: the registry of operations and the reference pages of docs/.
 * `npm run generate` refreshes them; with `--check` it fails when they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')
const stale: string[] = []

/** Operation files are named as AWS names operations: capital first. */
async function operationFiles(): Promise<{ name: string; path: string }[]> {
  const entries = await readdir(join(root, 'src/api'), { recursive: true })
  return entries
    .filter((entry) => /(^|\/)[A-Z]\w+\.ts$/.test(entry))
    .map((path) => ({ name: path.replace(/^.*\//, '').replace(/\.ts$/, ''), path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function write(path: string, text: string): void {
  let standing = ''
  try {
    standing = readFileSync(join(root, path), 'utf8')
  } catch {
    // Not written yet.
  }
  if (standing === text) return
  if (check) stale.push(path)
  else writeFileSync(join(root, path), text)
}

const files = await operationFiles()
write(
  'src/api/registry.ts',
  `// Written by \`npm run generate\`: one line an operation, in order of name.
import type { Operation } from '../protocol/operation.ts'
${files.map(({ name, path }) => `import ${name} from './${path}'`).join('\n')}

const built: readonly Operation[] = [
${files.map(({ name }) => `  ${name},`).join('\n')}
]

export const operations: ReadonlyMap<string, Operation> = new Map(built.map((operation) => [operation.name, operation]))
`,
)

const { pages } = await import('./reference.ts')
for (const [path, text] of Object.entries(await pages())) write(path, text)

if (stale.length > 0) {
  process.stderr.write(`stale, run npm run generate: ${stale.join(', ')}\n`)
  process.exitCode = 1
}
