import { createHash } from 'node:crypto'
import type { Random } from '../src/ports/random.ts'

/**
 * The same values in the same order for the same seed: SHA-256 over the seed and a counter. For tests only, where a
 * code sent to a user should be a known constant.
 */
export function seededRandom(seed: string): Random {
  let block = 0
  let stock = Buffer.alloc(0)

  function bytes(count: number): Buffer {
    while (stock.length < count) {
      stock = Buffer.concat([stock, createHash('sha256').update(`${seed} ${block++}`).digest()])
    }
    const taken = stock.subarray(0, count)
    stock = stock.subarray(count)
    return Buffer.from(taken)
  }

  function digit(): number {
    const byte = bytes(1).readUInt8()
    // 250 is the last multiple of ten below 256: bytes above it would make small digits likelier.
    return byte < 250 ? byte % 10 : digit()
  }

  return {
    bytes,
    digits: (count) => Array.from({ length: count }, digit).join(''),
    uuid() {
      const raw = bytes(16)
      raw.writeUInt8((raw.readUInt8(6) & 0x0f) | 0x40, 6)
      raw.writeUInt8((raw.readUInt8(8) & 0x3f) | 0x80, 8)
      return raw.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}
