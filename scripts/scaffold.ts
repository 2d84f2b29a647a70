/**
 * `npm run scaffold ListGroups` prints an operation's first form: where it goes, its members, its access, and the faults
 * to consider. What to write and what to decide remains.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { accessToken, appClient, iamOnAccount, iamOnClient, iamOnPool, iamOnUser } from '../src/api/access.ts'
import { refusals } from '../src/api/refusals.ts'
import { faultCodes } from '../src/domain/faults.ts'
import type { AnyShape } from '../src/protocol/shape.ts'
import { isShape } from '../test/contract.ts'
import { type FactShape, factOperation, factShape } from '../test/model.ts'
import { operationFiles, root } from './sources.ts'

/** Folders of `src/api` by what their operations are named; the first that fits. */
const folders: readonly (readonly [named: RegExp, folder: string])[] = [
  [/WebAuthn/, 'passkeys'],
  [/AuthEvent|RiskConfiguration/, 'risk'],
  [/Device/, 'devices'],
  [/Session|SignOut|RevokeToken/, 'sessions'],
  [/Group/, 'groups'],
  [/UserPoolClient|ClientToken/, 'clients'],
  [/UserPoolDomain/, 'domains'],
  [/Replica/, 'replicas'],
  [/ResourceServer/, 'resource-servers'],
  [/Branding|UICustomization/, 'branding'],
  [/Provider/, 'providers'],
  [/Import|CSVHeader/, 'imports'],
  [/Terms/, 'terms'],
  [/TagResource|UntagResource|TagsForResource/, 'tags'],
  [/ProvisionedLimit/, 'limits'],
  [/LogDelivery/, 'logs'],
  [/MFAPreference|SoftwareToken|AuthFactors/, 'mfa'],
  [/UserPool|CustomAttributes|SigningCertificate/, 'pools'],
  [/^(?:ConfirmSignUp|SignUp|ResendConfirmationCode)$/, 'sign-up'],
  [/InitiateAuth|RespondToAuthChallenge|TokensFromRefreshToken/, 'sign-in'],
  [/^Admin|ListUsers/, 'users'],
  [/^/, 'account'],
]

export interface Scaffold {
  /** Below the project. */
  readonly path: string
  /** Not yet formatted. */
  readonly source: string
}

export async function scaffold(name: string): Promise<Scaffold> {
  const { auth, input, output } = factOperation(name)
  const standing = (await operationFiles()).find((file) => file.name === name)
  const folder = folders.find(([named]) => named.test(name))?.[1] ?? 'account'
  const path = `src/api/${standing?.path ?? `${folder}/${name}.ts`}`
  const writer = new ShapeWriter(name, [
    ['../shapes.ts', await shapesOf('src/api/shapes.ts')],
    ['./shapes.ts', await shapesOf(join(path, '../shapes.ts'))],
  ])
  const access = accessOf(auth, factShape(input))
  const [given, answered] = [writer.structure(input), writer.output(output)]
  const source = `import { operation } from '../../protocol/operation.ts'
${writer.imports(access.name)}

${writer.constants()}export default operation('${name}', {
  doc: '',
  access: ${access.name},${access.remark}
  input: ${given},
  output: ${answered},
  // What the model lists, to be raised or left out:
${faultsToConsider(name, access.name).join('\n')}
  faults: ['NotBuilt'],
  async run() {
    throw new Fault('NotBuilt', '${name}')
  },
})
`
  return { path, source }
}

type Shapes = readonly (readonly [name: string, shape: AnyShape])[]

/** The shapes that a file exports. */
async function shapesOf(path: string): Promise<Shapes> {
  if (!existsSync(join(root, path))) return []
  const exported = Object.entries((await import(join(root, path))) as Record<string, unknown>)
  return exported.filter((entry): entry is [string, AnyShape] => {
    const [, value] = entry
    return typeof value === 'object' && value !== null && 'facts' in value
  })
}

const accesses = { accessToken, appClient, iamOnAccount, iamOnClient, iamOnPool, iamOnUser }
type AccessName = keyof typeof accesses

function accessOf(
  auth: 'iam' | 'token' | 'public',
  { required = [] }: FactShape,
): { name: AccessName; remark: string } {
  const has = (...members: string[]) => members.every((member) => required.includes(member))
  const demanding = (name: AccessName, member: string) => ({
    name,
    remark: has(member) ? '' : ` // TODO: demands ${member}, which is not required here`,
  })
  if (auth === 'token') return demanding('accessToken', 'AccessToken')
  if (auth === 'public') return demanding('appClient', 'ClientId')
  if (has('UserPoolId', 'Username')) return { name: 'iamOnUser', remark: '' }
  if (has('UserPoolId', 'ClientId')) return { name: 'iamOnClient', remark: '' }
  return { name: has('UserPoolId') ? 'iamOnPool' : 'iamOnAccount', remark: '' }
}

/** The exceptions that the model lists for the operation, each with the faults that speak it, the access's own aside. */
function faultsToConsider(name: string, access: AccessName): string[] {
  const always = ['InternalErrorException', 'InternalServerException', 'TooManyRequestsException']
  const types = factOperation(name).errors.filter((type) => !always.includes(type))
  return types.map((type) => {
    const all = faultCodes.filter((code) => refusals[code].type === type && code !== 'ValidationFailed')
    // What a secondary does not serve, every access refuses: src/api/secondary.ts.
    const byAccess = [...accesses[access].faults, 'OperationNotEnabled']
    const left = all.filter((code) => !byAccess.includes(code))
    return `  //   ${type}: ${left.join(', ') || (all.length > 0 ? 'by the access' : 'no fault yet')}`
  })
}

const shapeFile = '../../protocol/shape.ts'

/** Writes shapes of the model as source, and knows what that takes to import. */
class ShapeWriter {
  readonly #files: readonly (readonly [path: string, shapes: Shapes])[]
  readonly #used = new Map<string, Set<string>>([[shapeFile, new Set(['struct'])]])
  /** What is needed more than once, by the name that it is given. */
  readonly #constants = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  constructor(operation: string, files: readonly (readonly [string, Shapes])[]) {
    this.#files = files
    const { input, output } = factOperation(operation)
    for (const name of [input, output]) if (name !== null) this.#count(name)
  }

  structure(name: string): string {
    const { members = {}, required = [], sensitive } = factShape(name)
    const lines = Object.entries(members).map(([member, its]) => {
      const shape = this.#shape(its, member)
      if (required.includes(member)) return `${member}: ${this.#from(shapeFile, 'required')}(${shape}),`
      return shape === member ? `${member},` : `${member}: ${shape},`
    })
    return `struct({\n${lines.join('\n')}\n}${sensitive ? ', { sensitive: true }' : ''})`
  }

  output(name: string | null): string {
    const members = name === null ? [] : Object.keys(factShape(name).members ?? {})
    return name !== null && members.length > 0 ? this.structure(name) : this.#from('../shapes.ts', 'Nothing')
  }

  imports(access: string): string {
    this.#from('../access.ts', access)
    this.#from('../../domain/faults.ts', 'Fault')
    const lines = [...this.#used].map(
      ([path, names]) => `import { ${[...names].sort().join(', ')} } from '${path}'`,
    )
    return lines.sort().join('\n')
  }

  constants(): string {
    return [...this.#constants].map(([name, source]) => `const ${name} = ${source}\n\n`).join('')
  }

  /** One that is shared already, by preference of the member's own name; or else written out, once. */
  #shape(name: string, member = ''): string {
    const { pattern, enum: values, type } = factShape(name)
    for (const [path, shapes] of this.#files) {
      const same = shapes.filter(([_, known]) => isShape(known, name)).map(([known]) => known)
      const speaking = (known: string) =>
        pattern !== undefined || name.startsWith(known) || name === 'StringType'
      const chosen = same.includes(member) ? member : same.find(speaking)
      if (chosen !== undefined) return this.#from(path, chosen)
    }
    const source = this.#written(name)
    const worthNaming = type === 'structure' || pattern !== undefined || values !== undefined
    if (!worthNaming || (this.#counts.get(name) ?? 0) < 2) return source
    const constant = name.replace(/Type$/, '')
    this.#constants.set(constant, source)
    return constant
  }

  #written(name: string): string {
    const {
      type,
      min,
      max,
      pattern,
      sensitive,
      enum: values,
      member = '',
      key = '',
      value = '',
    } = factShape(name)
    const call = (kind: string, ...given: string[]) => `${this.#from(shapeFile, kind)}(${given.join(', ')})`
    const options = [
      ...(min === undefined ? [] : [`min: ${min}`]),
      ...(max === undefined ? [] : [`max: ${max}`]),
      ...(pattern === undefined
        ? []
        : [`pattern: ${this.#from('../../protocol/pattern.ts', 'pattern')}(${quoted(pattern)})`]),
      ...(sensitive ? ['sensitive: true'] : []),
    ]
    const facts = options.length === 0 ? [] : [`{ ${options.join(', ')} }`]
    if (name === 'Document') return this.#from(shapeFile, 'document')
    switch (type) {
      case 'structure':
        return this.structure(name)
      case 'list':
        return call('list', this.#shape(member), ...facts)
      case 'map':
        return call('map', this.#shape(key), this.#shape(value), ...facts)
      case 'string':
        return values ? call('oneOf', ...values.map(quoted)) : call('string', ...facts)
      case 'long':
        return call('integer', "{ kind: 'long' }")
      case 'integer':
      case 'blob':
        return call(type, ...facts)
      case 'boolean':
      case 'timestamp':
        return this.#from(shapeFile, type)
    }
  }

  #from(path: string, name: string): string {
    const names = this.#used.get(path) ?? new Set()
    this.#used.set(path, names.add(name))
    return name
  }

  #count(name: string): void {
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    if (count > 1) return
    const { member, key, value, members = {} } = factShape(name)
    for (const inner of [member, key, value, ...Object.values(members)])
      if (inner !== undefined) this.#count(inner)
  }
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

if (process.argv[1] === import.meta.filename) {
  const [, , name] = process.argv
  if (name === undefined) throw new Error('npm run scaffold NAME, as AWS names the operation')
  const { path, source } = await scaffold(name)
  const biome = join(root, 'node_modules/.bin/biome')
  const options = { input: source, encoding: 'utf8', cwd: root } as const
  process.stdout.write(
    `// ${path}\n${execFileSync(biome, ['check', '--write', '--stdin-file-path', path], options)}`,
  )
}
