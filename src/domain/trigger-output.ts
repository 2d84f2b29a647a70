import type { Json } from '../lib/json.ts'

/** What a function answered is not what its trigger asks for. The flows refuse it with InvalidLambdaResponseException. */
export class UnrecognizableOutput extends Error {
  override readonly name = 'UnrecognizableOutput'

  constructor(text = 'Unrecognizable lambda output') {
    super(text)
  }
}

export type TextMap = Readonly<Record<string, string>>

/** The members of an object in a function's answer. Null and absent are nothing; a wrong type is refused. */
export class Output {
  readonly #members: ReadonlyMap<string, unknown>

  /** @throws UnrecognizableOutput when it is no object */
  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnrecognizableOutput()
    this.#members = new Map(Object.entries(value))
  }

  flag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (value !== undefined && typeof value !== 'boolean') throw new UnrecognizableOutput()
    return value
  }

  text(name: string): string | undefined {
    const value = this.#take(name)
    if (value !== undefined && typeof value !== 'string') throw new UnrecognizableOutput()
    return value
  }

  oneOf<const V extends string>(name: string, ...values: readonly V[]): V | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const known = values.find((value) => value === text)
    if (known === undefined) throw new UnrecognizableOutput()
    return known
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw new UnrecognizableOutput()
    }
    return value
  }

  /** Members that are null are left out. */
  textMap(name: string): TextMap | undefined {
    const map = this.jsonMap(name)
    if (map === undefined || isTextMap(map)) return map
    throw new UnrecognizableOutput()
  }

  /** Values of any type; members that are null are left out. */
  jsonMap(name: string): Readonly<Record<string, Json>> | undefined {
    const inner = this.inner(name)
    if (inner === undefined) return undefined
    // What comes out of JSON.parse is JSON.
    return Object.fromEntries([...inner.#members].filter(([, value]) => value !== null)) as Record<
      string,
      Json
    >
  }

  inner(name: string): Output | undefined {
    const value = this.#take(name)
    return value === undefined ? undefined : new Output(value)
  }

  #take(name: string): unknown {
    return this.#members.get(name) ?? undefined
  }
}

function isTextMap(map: Readonly<Record<string, Json>>): map is TextMap {
  return Object.values(map).every((value) => typeof value === 'string')
}
