import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { ContentError, type Path } from '../../lib/content.ts'

/** A text that is refused: `iam.yaml:12:7: users[0].name: is missing`. Of the text it quotes member names only. */
export class YamlRefusal extends Error {}

/**
 * What `read` makes of a YAML text; JSON is YAML, too. Every scalar reaches it as text, so that an account number keeps
 * its leading zero and a secret of digits is no number.
 */
export function readYaml<Result>(name: string, text: string, read: (content: unknown) => Result): Result {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    prettyErrors: false,
    lineCounter,
  })
  const refuse = (offset: number, reason: string): never => {
    const { line, col } = lineCounter.linePos(offset)
    throw new YamlRefusal(`${name}:${line}:${col}: ${reason}`)
  }

  // What the parser says may quote the text, and that a secret; its codes do not.
  for (const { pos, code } of [...document.errors, ...document.warnings]) {
    refuse(pos[0], `is not as YAML should be (${code})`)
  }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 })
  } catch {
    refuse(0, 'has aliases without an anchor, or too many of them')
  }
  try {
    return read(content)
  } catch (error) {
    if (error instanceof ContentError) return refuse(find(document, error.path), error.message)
    throw error
  }
}

/** Where the thing at the path begins, a member with its name; of a thing that is missing, what should have held it. */
function find(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = start(node)
  for (const step of path) {
    const holder = isAlias(node) ? node.resolve(document) : node
    const pair = isMap(holder) && holder.items.find(({ key }) => isScalar(key) && key.value === step)
    const item = isSeq(holder) && typeof step === 'number' ? holder.items[step] : undefined
    if (pair) {
      offset = start(pair.key)
      node = pair.value
    } else if (item) {
      offset = start(item)
      node = item
    } else break
  }
  return offset
}

function start(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
