/**
 * Modular exponentiation in the 3072-bit SRP group, off the event loop.
 * Numbers are unsigned big-endian bytes; the result is 384 bytes, padded on the left.
 */
export interface ModExp {
  /** base^exponent mod N. `base` and `exponent` are at most 384 bytes. @throws ModExpOverloaded */
  readonly power: (base: Uint8Array, exponent: Uint8Array) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** Too many powers wait already. */
export class ModExpOverloaded extends Error {
  override readonly name = 'ModExpOverloaded'
}
