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

/** Values of enums that AWS documents and uses, and that its model lacks all the same. */
const documentedValues: Readonly<Record<string, readonly string[]>> = {
  // AWS's comment on GetClientToken demands it of the client, and so does AWS's own template for the operation
  // (aws-doc-sdk-examples, scenarios/client_token).
  ExplicitAuthFlowsType: ['ALLOW_CLIENT_TOKEN_AUTH'],
}

/** Members of an operation that may be blank: "omit this parameter or submit a blank value", says AWS's comment on each. */
export const mayBeBlank: Readonly<Record<string, string>> = {
  AdminCreateUser: 'TemporaryPassword',
  SignUp: 'Password',
}

export const factOperations = model.operations
export const factShapes: Readonly<Record<string, FactShape>> = {
  ...model.shapes,
  ...Object.fromEntries(
    Object.entries(documentedValues).map(([name, values]) => [name, withValues(name, values)]),
  ),
}

/** A value that the model has come to know is to be struck from the list. */
function withValues(name: string, values: readonly string[]): FactShape {
  const shape = model.shapes[name] ?? unknown(name)
  const known = values.find((value) => shape.enum?.includes(value))
  if (known !== undefined) throw new Error(`the facts know the value ${known} of ${name}`)
  return { ...shape, enum: [...(shape.enum ?? []), ...values] }
}

export function factOperation(name: string): FactOperation {
  return factOperations[name] ?? unknown(name)
}

export function factShape(name: string): FactShape {
  return factShapes[name] ?? unknown(name)
}

function unknown(name: string): never {
  throw new Error(`the facts know no ${name}`)
}
