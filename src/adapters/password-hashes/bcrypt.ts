/**
 * bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999): Blowfish under a key schedule that is made
 * expensive. Node and OpenSSL do not have it. It verifies hashes that an import brought along, in a worker, and makes none
 * that are kept.
 */

const rounds = 16

/** Blowfish begins with the fraction of π, 32 bits a word: 18 subkeys, then four boxes of 256. */
const [subkeys, boxes] = beginning()

function beginning(): [Int32Array, Int32Array] {
  const words = 18 + 4 * 256
  const fraction = piFraction(32 * words)
  const all = Int32Array.from({ length: words }, (_, place) =>
    Number(BigInt.asIntN(32, fraction >> BigInt(32 * (words - 1 - place)))),
  )
  return [all.subarray(0, 18), all.subarray(18)]
}

/** The first bits of π after the point, by Machin's formula: π/4 = 4 arctan(1/5) - arctan(1/239). */
function piFraction(bits: number): bigint {
  const guard = 64n
  const one = 1n << (BigInt(bits) + guard)
  const arctanOfInverse = (x: bigint) => {
    let sum = 0n
    let power = one / x
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += n % 4n === 1n ? power / n : -(power / n)
      power /= x * x
    }
    return sum
  }
  const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))
  return (pi >> guard) & ((1n << BigInt(bits)) - 1n)
}

interface State {
  readonly P: Int32Array
  readonly S: Int32Array
}

/** Two words, encrypted in place. */
function encipher({ P, S }: State, block: Int32Array, at: number): void {
  let left = (block[at] as number) ^ (P[0] as number)
  let right = block[at + 1] as number
  for (let round = 1; round <= rounds; round += 2) {
    right ^= mixed(S, left) ^ (P[round] as number)
    left ^= mixed(S, right) ^ (P[round + 1] as number)
  }
  block[at] = right ^ (P[rounds + 1] as number)
  block[at + 1] = left
}

const mixed = (S: Int32Array, word: number): number =>
  ((((S[word >>> 24] as number) + (S[256 + ((word >>> 16) & 255)] as number)) ^
    (S[512 + ((word >>> 8) & 255)] as number)) +
    (S[768 + (word & 255)] as number)) |
  0

/** Mixes a key into the state, and a salt, where there is one, into every block on the way. */
function expand(state: State, key: Int32Array, salt: Int32Array | undefined): void {
  const { P, S } = state
  for (let place = 0; place < 18; place += 1) P[place] = (P[place] as number) ^ (key[place] as number)
  const block = new Int32Array(2)
  let turn = 0
  for (const part of [P, S]) {
    for (let place = 0; place < part.length; place += 2) {
      if (salt !== undefined) {
        block[0] = (block[0] as number) ^ (salt[turn] as number)
        block[1] = (block[1] as number) ^ (salt[turn + 1] as number)
        turn = (turn + 2) % 4
      }
      encipher(state, block, 0)
      part[place] = block[0] as number
      part[place + 1] = block[1] as number
    }
  }
}

/** Bytes as 18 words, from the beginning again when they are used up. */
function cycled(bytes: Uint8Array, signed: boolean): Int32Array {
  let at = 0
  return Int32Array.from({ length: 18 }, () => {
    let word = 0
    for (let count = 0; count < 4; count += 1) {
      const byte = bytes[at] as number
      word = (word << 8) | (signed ? (byte << 24) >> 24 : byte)
      at = (at + 1) % bytes.length
    }
    return word
  })
}

/** How many bytes of a password count, the zero that ends it among them. */
const mostBytes = 72

export interface BcryptQuestion {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  /** The logarithm of the number of rounds. */
  readonly cost: number
  /** Bytes are signed, as in the library whose hashes begin with $2x$. */
  readonly signed: boolean
}

/** The 23 bytes of a hash. */
export function bcrypt({ password, salt, cost, signed }: BcryptQuestion): Uint8Array {
  const ended = new Uint8Array([...password.subarray(0, mostBytes), 0]).subarray(0, mostBytes)
  const key = cycled(ended, signed)
  const saltKey = cycled(salt, false)
  const state: State = { P: subkeys.slice(), S: boxes.slice() }
  expand(state, key, saltKey)
  for (let count = 2 ** cost; count > 0; count -= 1) {
    expand(state, key, undefined)
    expand(state, saltKey, undefined)
  }
  const text = new Int32Array(6)
  const view = new DataView(text.buffer)
  const magic = Buffer.from('OrpheanBeholderScryDoubt')
  for (let place = 0; place < 6; place += 1) text[place] = magic.readInt32BE(4 * place)
  for (let at = 0; at < 6; at += 2) for (let time = 0; time < 64; time += 1) encipher(state, text, at)
  for (const [place, word] of [...text].entries()) view.setInt32(4 * place, word)
  return new Uint8Array(text.buffer).slice(0, 23)
}
