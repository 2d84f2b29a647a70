import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from './faults.ts'
import { dearness, type HashAlgorithm, nobodysHash, readPasswordHash } from './password-hash.ts'

/** The developer guide's own. */
const examples = {
  BCRYPT: '$2b$10$CtA.Rcu/szzn9U00wpUjOuN3vrgJRZycv4aOzcP3GzqzO8UDPEFq6',
  SCRYPT:
    '65536$8$1$304dbaef7c5e828dc19c98f0600d18fe$4f69c498c12cd102d057356facf8d77e8d42407090491ea32c5b038f5a18c099',
  ARGON2ID:
    '$argon2id$v=19$m=19456,t=2,p=1$ko/G5o1ms+ML08P95sQ8DA$AkVbvWSOqz7Hs3qthhWKxicOWnGLN+MBmpwc3emi5VA',
  PBKDF2_SHA256: '$pbkdf2-sha256$600000$1XZlmwLQ2hhM3JYuCPiArQ$Pfheg9Zi/v5lXU4yyLA0WFUYEd/rlaVbzrM9oMD6IrA',
} as const satisfies Record<HashAlgorithm, string>
const algorithms = Object.keys(examples) as HashAlgorithm[]

describe('password hashes of other systems', () => {
  for (const algorithm of algorithms) {
    test(`${algorithm} as the developer guide shows one`, () => {
      const { cost, salt, digest } = readPasswordHash(algorithm, examples[algorithm])
      assert.equal(cost.algorithm, algorithm)
      assert.equal(salt.length, 16)
      assert.equal(digest.length, algorithm === 'BCRYPT' ? 23 : 32)
    })

    test(`${algorithm} is told from the others, and from nothing of the kind`, () => {
      const strangers = [...algorithms.filter((other) => other !== algorithm).map((other) => examples[other])]
      for (const text of [
        ...strangers,
        '',
        examples[algorithm].slice(0, 20),
        `${examples[algorithm]}\n`,
        ` ${examples[algorithm]}`,
      ])
        assert.throws(() => readPasswordHash(algorithm, text), {
          message: `password_hash is not a hash of ${algorithm}.`,
        })
    })
  }

  const replaced = (algorithm: HashAlgorithm, part: string, by: string) =>
    examples[algorithm].replace(part, by)
  const beyond: [HashAlgorithm, string][] = [
    ['BCRYPT', replaced('BCRYPT', '$10$', '$13$')],
    ['SCRYPT', replaced('SCRYPT', '65536$', '131072$')],
    ['SCRYPT', replaced('SCRYPT', '$8$1$', '$9$1$')],
    ['SCRYPT', replaced('SCRYPT', '$8$1$', '$8$2$')],
    ['ARGON2ID', replaced('ARGON2ID', 'm=19456', 'm=19457')],
    ['ARGON2ID', replaced('ARGON2ID', 't=2', 't=3')],
    ['ARGON2ID', replaced('ARGON2ID', 'p=1', 'p=2')],
    ['PBKDF2_SHA256', replaced('PBKDF2_SHA256', '600000', '600001')],
  ]
  for (const [algorithm, text] of beyond) {
    test(`parameters beyond the greatest: ${text.slice(0, 32)}`, () => {
      assert.throws(() => readPasswordHash(algorithm, text), {
        message: `password_hash exceeds the greatest parameters of ${algorithm}.`,
      })
    })
  }

  const impossible: [HashAlgorithm, string][] = [
    ['BCRYPT', replaced('BCRYPT', '$10$', '$03$')],
    ['BCRYPT', replaced('BCRYPT', '$2b', '$2c')],
    ['BCRYPT', replaced('BCRYPT', '$2b', '$2x')],
    ['SCRYPT', replaced('SCRYPT', '65536', '65535')],
    ['SCRYPT', replaced('SCRYPT', '65536', '0')],
    ['SCRYPT', replaced('SCRYPT', '$8$1$', '$0$1$')],
    ['SCRYPT', `${examples.SCRYPT}0`],
    ['SCRYPT', '1024$8$1$00$00'],
    ['ARGON2ID', replaced('ARGON2ID', 'v=19', 'v=16')],
    ['ARGON2ID', replaced('ARGON2ID', 'm=19456', 'm=7')],
    ['ARGON2ID', replaced('ARGON2ID', 'argon2id', 'argon2i')],
    ['PBKDF2_SHA256', replaced('PBKDF2_SHA256', '600000', '0')],
    ['PBKDF2_SHA256', replaced('PBKDF2_SHA256', 'sha256', 'sha512')],
  ]
  for (const [algorithm, text] of impossible) {
    test(`no hash at all: ${text.slice(0, 32)}`, () => {
      assert.throws(() => readPasswordHash(algorithm, text), {
        message: `password_hash is not a hash of ${algorithm}.`,
      })
    })
  }

  test('any text at all is a hash within bounds or refused', () => {
    const piece = fc.constantFrom(
      '$',
      '2b',
      '10',
      '8',
      '1',
      'argon2id',
      'v=19',
      'm=64,t=1,p=1',
      'pbkdf2-sha256',
      '0a',
      'abcdefghijklmnopqrstu.',
      '\0',
      '9999999999',
    )
    fc.assert(
      fc.property(fc.constantFrom(...algorithms), fc.array(piece), (algorithm, pieces) => {
        try {
          const { cost, salt, digest } = readPasswordHash(algorithm, pieces.join(''))
          assert.ok(dearness(cost) < 1000)
          assert.ok(salt.length <= 64 && digest.length <= 64)
        } catch (error) {
          assert.ok(error instanceof Fault)
        }
      }),
    )
  })

  test("nobody's costs what the others cost", () => {
    for (const algorithm of algorithms) {
      const { cost, digest } = readPasswordHash(algorithm, examples[algorithm])
      assert.deepEqual(nobodysHash(cost).cost, cost)
      assert.equal(nobodysHash(cost).digest.length, digest.length)
    }
  })
})
