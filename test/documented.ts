import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'

const sdk = dirname(
  createRequire(import.meta.url).resolve('@aws-sdk/client-cognito-identity-provider/package.json'),
)

/** The request that AWS's own documentation of an operation has for an example, as the SDK's comments repeat it. */
export function documentedInput<Input>(operation: string): Input {
  const text = readFileSync(join(sdk, 'dist-types', 'commands', `${operation}Command.d.ts`), 'utf8')
  const examples = text.split(' * @example').filter((part) => part.includes(' * const response ='))
  const literal = /^ \* const input = (\{$.*?^ \* \});$/ms.exec(examples.at(-1) ?? '')?.[1]
  assert.ok(literal, `${operation} has no example`)
  // Hyphenated tag keys stand there unquoted.
  const source = literal.replace(/^ \* /gm, '').replace(/^(\s*)([\w-]+):/gm, "$1'$2':")
  return structuredClone(runInNewContext(`(${source})`)) as Input
}
