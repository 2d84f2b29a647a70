/** The way from the whole to a part: member names and list positions. */
export type Path = readonly (string | number)[]

/**
 * Content that is not as it should be: where, and why. It quotes no value, for any value might be a secret; whoever
 * knows the file says in which line it stands.
 */
export class ContentError extends Error {
  readonly path: Path
  readonly reason: string

  constructor(path: Path, reason: string) {
    super(path.length === 0 ? reason : `${spelled(path)}: ${reason}`)
    this.name = 'ContentError'
    this.path = path
    this.reason = reason
  }
}

/**
 * A value of unknown make, read from outside, and the path that leads to it. Every reader below returns what it is named
 * for or throws a `ContentError` with that path, so code that reads a document says only what the document should be.
 */
export class Content {
  readonly path: Path
  readonly #value: unknown

  constructor(value: unknown, path: Path = []) {
    this.#value = value
    this.path = path
  }

  /** Whether there is anything here at all: a member that was left out is not given. */
  get given(): boolean {
    return this.#value !== undefined
  }

  refusal(reason: string): ContentError {
    return new ContentError(this.path, this.given ? reason : 'is missing')
  }

  /** The members of an object that may have these and no others. Where a secret may slip into a name, name none. */
  members<Name extends string>(
    known: readonly Name[],
    unknown: 'named' | 'unnamed' = 'named',
  ): Record<Name, Content> {
    if (!this.given) throw this.refusal('is missing')
    const entries = this.entries()
    const stranger = entries.find(([name]) => !known.some((one) => one === name))?.[1]
    if (stranger && unknown === 'named') throw stranger.refusal('is no known member')
    if (stranger) throw this.refusal(`may have no other members than ${listed(known, 'and')}`)
    const given = new Map(entries)
    const member = (name: Name) => [name, given.get(name) ?? this.#part(undefined, name)]
    return Object.fromEntries(known.map(member))
  }

  /** The members of an object whose names are free. An object left out has none. */
  entries(): [name: string, Content][] {
    if (!this.given) return []
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value)) {
      throw this.refusal('must be an object')
    }
    return Object.entries(this.#value).map(([name, value]) => [name, this.#part(value, name)])
  }

  /** The items of a list. A list left out has none. */
  items(): Content[] {
    if (!this.given) return []
    if (!Array.isArray(this.#value)) throw this.refusal('must be a list')
    return this.#value.map((value, position) => this.#part(value, position))
  }

  /** One thing by itself, or a list of at least one. */
  oneOrMore(): Content[] {
    const all = Array.isArray(this.#value) ? this.items() : [this]
    if (all.length === 0) throw this.refusal('must not be empty')
    return all
  }

  isList(): boolean {
    return Array.isArray(this.#value)
  }

  isText(): boolean {
    return typeof this.#value === 'string'
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.refusal('must be text')
    return this.#value
  }

  /** Text, or a number or truth value put as text. */
  scalar(): string {
    if (typeof this.#value === 'number' || typeof this.#value === 'boolean') return String(this.#value)
    return this.text()
  }

  matching(pattern: RegExp, reason: string): string {
    const text = this.text()
    if (!pattern.test(text)) throw this.refusal(reason)
    return text
  }

  among<Choice extends string>(choices: readonly Choice[]): Choice {
    const choice = choices.find((one) => one === this.#value)
    if (choice === undefined) throw this.refusal(`must be ${listed(choices, 'or')}`)
    return choice
  }

  #part(value: unknown, step: string | number): Content {
    return new Content(value, [...this.path, step])
  }
}

/** `users[0].policies[0].Condition.Bool["aws:SecureTransport"]` */
function spelled(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`
    return /^\w+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  })
  return steps.join('').replace(/^\./, '')
}

function listed(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
