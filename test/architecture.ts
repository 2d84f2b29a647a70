/**
 * The rules of the house about files: who may import whom, no circles, no barrels, and where the world may be touched.
 * A rule takes the sources as values, so that a test can show it sources that break it.
 */
import { dirname, join, normalize } from 'node:path/posix'

/** The text of every file, by its path below `src`. */
export type Sources = Readonly<Record<string, string>>

const faces = ['api', 'oauth', 'pages', 'kms']
const inner = ['ports', 'domain', 'lib']

/**
 * Who may import whom, type-only imports too. A folder may always import itself; a row names what else it may, folders
 * or single files. The second list names the packages it may import, where not any.
 */
const may: Readonly<Record<string, { ours: readonly string[]; packages?: readonly string[] }>> = {
  'main.ts': { ours: ['cli', 'server', ...faces, 'flows', 'protocol', 'adapters', ...inner] },
  cli: { ours: ['server'] },
  server: { ours: [...faces, 'flows', 'protocol', 'adapters', ...inner] },
  api: { ours: ['flows', 'protocol', ...inner] },
  oauth: { ours: ['flows', 'protocol', ...inner] },
  kms: { ours: ['flows', 'protocol', ...inner] },
  pages: { ours: ['flows', 'protocol', ...inner] },
  flows: { ours: inner },
  protocol: { ours: ['ports/app.ts', 'domain', 'lib'], packages: ['node:crypto'] },
  adapters: { ours: inner },
  ports: { ours: ['domain', 'lib'], packages: ['node:crypto'] },
  // node:net answers whether an address is in a block; it opens nothing here.
  domain: { ours: ['lib'], packages: ['node:crypto', 'node:net'] },
  lib: { ours: [], packages: ['node:crypto', 'node:util'] },
}

const statement =
  /^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*'(?<static>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'/gm

/** What a file imports: files by their paths below `src`, packages by their names. */
export function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(statement)].map(({ groups = {} }) => {
    const named = groups.static ?? groups.dynamic ?? ''
    return named.startsWith('.') ? normalize(join(dirname(path), named)) : named
  })
}

/** An adapter knows its own folder and no other's; everything else is of the folder right below `src`. */
const layerOf = (path: string) => path.split('/')[0] ?? ''
const homeOf = (path: string) =>
  layerOf(path) === 'adapters' ? dirname(path).split('/').slice(0, 2).join('/') : layerOf(path)

export function forbiddenImports(sources: Sources): string[] {
  return edges(sources).flatMap(({ from, to }) => {
    const rule = may[layerOf(from)]
    if (rule === undefined) return [`${from} is in no layer`]
    if (!to.endsWith('.ts')) {
      return rule.packages && !rule.packages.includes(to) ? [`${from} -> ${to}`] : []
    }
    const allowed = homeOf(from) === homeOf(to) || rule.ours.includes(layerOf(to)) || rule.ours.includes(to)
    return allowed ? [] : [`${from} -> ${to}`]
  })
}

function edges(sources: Sources): { from: string; to: string }[] {
  return Object.entries(sources).flatMap(([from, text]) => importsOf(from, text).map((to) => ({ from, to })))
}

/** Each circle once, as the way around it. */
export function circles(sources: Sources): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start >= 0) found.push([...way.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const to of importsOf(path, sources[path] ?? '')) visit(to, [...way, path])
    done.add(path)
  }
  for (const path of Object.keys(sources)) visit(path, [])
  return found
}

/** Files that do nothing but pass on what others export. */
export function barrels(sources: Sources): string[] {
  return Object.keys(sources).filter((path) => {
    const text = sources[path] ?? ''
    const rest = text
      .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replace(
        /^(?:import|export)\b[^'"`;=]*?\bfrom\s*'[^']+'|^import\s*'[^']+'|^export\s*(?:type\s*)?\{[^}]*\}/gm,
        '',
      )
    return /^export\b/m.test(text) && rest.trim() === ''
  })
}

/** Who may touch the process, and why. */
export const ofTheProcess: Readonly<Record<string, string>> = {
  'main.ts': 'it is the process, and hands everybody else what they need of it',
  'adapters/triggers/inside.ts':
    'runs in a process or thread of its own, for one function, and speaks to the server',
  'adapters/triggers/module.ts':
    'passes on those variables of the process that a function may know, and no others',
}

/** What only some may touch, how it shows in a text, and who else than these must not. */
const worldly: readonly { what: RegExp; barred: (path: string) => boolean }[] = [
  {
    what: /\bprocess\.\w+|\b(?:from|import)\s*\(?\s*'(?:node:)?process'/g,
    barred: (path) => !(path in ofTheProcess),
  },
  {
    what: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int|Fill\w*)\b|\bgetRandomValues\b|\bperformance\b/g,
    barred: (path) => ['domain', 'flows', ...faces].includes(layerOf(path)),
  },
]

export function worldTouched(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([path, text]) =>
    worldly
      .filter(({ barred }) => barred(path))
      .flatMap(({ what }) => [...text.matchAll(what)].map(([touched]) => `${path} mentions ${touched}`)),
  )
}

/** A test may have twice as many: it is a list of cases, and two halves of a list are no easier to read. */
const mostLines = (path: string) => (/^test\/|\.test\.ts$/.test(path) ? 800 : 400)

/** By paths below the project. */
export function tooLong(sources: Sources, excepted: readonly string[]): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1
    return lines <= mostLines(path) || excepted.includes(path) ? [] : [`${path} has ${lines} lines`]
  })
}
