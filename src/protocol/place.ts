/**
 * Where a value stands in a request, and the list that all findings of the request go into. What stands inside
 * something sensitive is never shown, however deep.
 */
export class Place {
  readonly #found: string[]
  readonly #parent: Place | undefined
  readonly #step: string
  readonly #hidden: boolean

  constructor(found: string[], parent?: Place, step = '', hidden = false) {
    this.#found = found
    this.#parent = parent
    this.#step = step
    this.#hidden = hidden
  }

  inside(step: string, shape: { readonly sensitive: boolean }): Place {
    return new Place(this.#found, this, step, this.#hidden || shape.sensitive)
  }

  /** `value` is put into the refusal as the service prints values, unless it must not be seen. */
  refuse(constraint: string, value: unknown, hidden = false): void {
    const shown = hidden || this.#hidden ? '' : value === null ? ' null' : ` '${print(value)}'`
    this.#found.push(`Value${shown} at '${this.#path()}' failed to satisfy constraint: ${constraint}`)
  }

  #path(): string {
    const before = this.#parent ? this.#parent.#path() : ''
    return before === '' ? this.#step : `${before}.${this.#step}`
  }
}

/** As Java prints a list, a map, and the buffer that the service keeps bytes in. */
function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  }
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([name, item]) => `${name}=${print(item)}`)
  return `{${entries.join(', ')}}`
}
