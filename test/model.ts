/**
 * The facts of the service's interface: operations, authorization, errors, shapes and constraints. They are held
 * apart from `src/`, so that tests can hold `src/` against them.
 */
import { readFileSync } from 'node:fs'

export interface FactOperation {
  readonly auth: 'iam' | 'token' | 'public'
  readonly errors: readonly string[]
  readonly input: string
  readonly output: string | null
  /** The newest operations: lengths and patterns of their own are not known. */
  readonly constraintsUnverified?: boolean
}

export interface FactShape {
  readonly type:
    | 'structure'
    | 'list'
    | 'map'
    | 'string'
    | 'integer'
    | 'long'
    | 'boolean'
    | 'timestamp'
    | 'blob'
  readonly sensitive?: boolean
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  /** Of a structure: the names of its members' shapes. */
  readonly members?: Readonly<Record<string, string>>
  readonly required?: readonly string[]
  /** Of a list. */
  readonly member?: string
  /** Of a map. */
  readonly key?: string
  readonly value?: string
  readonly exception?: boolean
}

interface Model {
  readonly operations: Readonly<Record<string, FactOperation>>
  readonly shapes: Readonly<Record<string, FactShape>>
}

const model: Model = JSON.parse(
  readFileSync(new URL('facts/cognito-idp.json', import.meta.url), 'utf8'),
) as Model

export const factOperations = model.operations
export const factShapes = model.shapes

export function factOperation(name: string): FactOperation {
  return factOperations[name] ?? unknown(name)
}

export function factShape(name: string): FactShape {
  return factShapes[name] ?? unknown(name)
}

function unknown(name: string): never {
  throw new Error(`the facts know no ${name}`)
}
