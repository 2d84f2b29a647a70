/** What can be told about the operations from the names and the texts of files alone. */
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '..')

export interface OperationFile {
  readonly name: string
  /** Below `src/api`. */
  readonly path: string
}

/** Operation files are named as AWS names operations: capital first. In order of name. */
export async function operationFiles(): Promise<OperationFile[]> {
  return (await filesIn('src/api'))
    .map((path) => ({ name: basename(path, '.ts'), path }))
    .filter(({ name }) => /^[A-Z]\w+$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The registry: one import line an operation, formatted as the formatter would. */
export function registrySource(files: readonly OperationFile[]): string {
  return `// Written by \`npm run generate\`: one line an operation.
import type { Operation } from '../protocol/operation.ts'
${files
  .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  .map(({ name, path }) => `import ${name} from './${path}'`)
  .join('\n')}

const built: readonly Operation[] = [
${files.map(({ name }) => `  ${name},`).join('\n')}
]

export const operations: ReadonlyMap<string, Operation> = new Map(
  built.map((operation) => [operation.name, operation]),
)
`
}

/**
 * The test of each operation: the file that has a suite of its name, the one beside it before any other; or else the test
 * in its folder that calls it most.
 */
export async function operationTests(): Promise<ReadonlyMap<string, string>> {
  const [sources, tests] = await Promise.all([filesIn('src'), filesIn('test')])
  const all = [...sources.map((path) => `src/${path}`), ...tests.map((path) => `test/${path}`)]
  const suites = new Map<string, string[]>()
  const texts = new Map<string, string>()
  for (const path of all.filter((one) => one.endsWith('.test.ts')).sort()) {
    const text = readFileSync(join(root, path), 'utf8')
    texts.set(path, text)
    for (const [, name = ''] of text.matchAll(/\bdescribe\('(\w+)'/g)) {
      suites.set(name, [...(suites.get(name) ?? []), path])
    }
  }
  const caller = (name: string, folder: string): string | undefined => {
    const calls = new RegExp(`\\b${name}(Command)?\\b`, 'g')
    return [...texts]
      .filter(([path]) => dirname(path) === folder)
      .map(([path, text]) => ({ path, count: text.match(calls)?.length ?? 0 }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count)[0]?.path
  }
  return new Map(
    (await operationFiles()).flatMap(({ name, path }) => {
      const files = suites.get(name) ?? []
      const beside = `src/api/${path.replace(/\.ts$/, '.test.ts')}`
      const chosen = files.includes(beside) ? beside : (files[0] ?? caller(name, dirname(beside)))
      return chosen === undefined ? [] : [[name, chosen]]
    }),
  )
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true })
  return entries.map((path) => path.replaceAll('\\', '/'))
}
