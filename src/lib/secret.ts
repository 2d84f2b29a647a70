import { hash, timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'

/**
 * A value that must not be seen: it prints, serialises and joins into text as `[secret]`, and compares in
 * constant time. Whoever needs the value itself says so by calling `reveal()`.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value. Call it where the value leaves for its one rightful reader, and nowhere else. */
  reveal(): string {
    return this.#value
  }

  /** Equality in time that depends on the given text only. Both sides are digested, so lengths do not show. */
  matches(given: string | Secret): boolean {
    const text = given instanceof Secret ? given.#value : given
    return timingSafeEqual(hash('sha256', this.#value, 'buffer'), hash('sha256', text, 'buffer'))
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
