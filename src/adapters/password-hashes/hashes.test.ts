import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { type HashAlgorithm, readPasswordHash } from '../../domain/password-hash.ts'
import { Secret } from '../../lib/secret.ts'
import { HashesOverloaded } from '../../ports/password-hashes.ts'
import { bcrypt } from './bcrypt.ts'
import { bcryptThread } from './bcrypt-thread.ts'
import { passwordHashes } from './hashes.ts'

const here = {
  hash: async (question: Parameters<typeof bcrypt>[0]) => bcrypt(question),
  close: async () => {},
}

/** Made by others: libxcrypt 4.4 (`crypt`), Python 3's hashlib, and for Argon2 the OpenSSL that RFC 9106's vector was held against. */
const made: [HashAlgorithm, string, string][] = [
  ['BCRYPT', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['BCRYPT', '$2b$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.', ''],
  ['BCRYPT', '$2y$04$abcdefghijklmnopqrstuuuLIN/A3IwhKGHdJdJByueYZqUQ6f7uK', 'é😀 tea'],
  [
    'BCRYPT',
    '$2b$04$XXXXXXXXXXXXXXXXXXXXXOPBwXYi2eZxvdAWY1amavtoKvz5BC5Du',
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789and what nobody looks at',
  ],
  ['BCRYPT', '$2b$10$zVHmKQtGGQob.b/Nc7l9NOd1kZk3ZtCwBg3PvU2svj8EXWzEjIoaK', 'Correct-horse-9'],
  [
    'SCRYPT',
    '65536$8$1$000102030405060708090a0b0c0d0e0f$607eb28e0d858fbd821886c076788a96540a01a696fdc2281b31e2755f10020c',
    'Correct-horse-9',
  ],
  [
    'PBKDF2_SHA256',
    '$pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$K/36.AyflXowB4V9lB2OTN47fAYacp3Dg7Ugy.ANUh8',
    'Correct-horse-9',
  ],
  [
    'ARGON2ID',
    '$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$n4wp3uZnCHXikcsrIHHAssrYU0FuLpqBwtZXEGGaLcA',
    'Correct-horse-9',
  ],
]

describe('password hashes that others made', () => {
  const hashes = passwordHashes(here)
  for (const [algorithm, text, password] of made) {
    test(text.slice(0, 32), async () => {
      const hash = readPasswordHash(algorithm, text)
      assert.equal(await hashes.matches(hash, new Secret(password)), true)
      assert.equal(await hashes.matches(hash, new Secret(`x${password}`)), false)
    })
  }

  test('a password that others would cut at a zero is none of theirs', async () => {
    const hash = readPasswordHash('BCRYPT', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')
    assert.equal(await hashes.matches(hash, new Secret('U*U\0')), false)
    assert.equal(await hashes.matches(hash, new Secret('U*U\0more')), false)
  })

  test('more than can be answered are refused', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<Uint8Array>()
    const busy = passwordHashes({ hash: () => gate, close: async () => {} })
    const hash = readPasswordHash('BCRYPT', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')
    const waiting = Array.from({ length: 32 }, () => busy.matches(hash, new Secret('a')))
    await assert.rejects(busy.matches(hash, new Secret('a')), HashesOverloaded)
    open(new Uint8Array(23))
    assert.ok((await Promise.all(waiting)).every((right) => !right))
    assert.equal(await busy.matches(hash, new Secret('a')), false)
  })
})

describe('bcrypt on its thread', () => {
  const question = { password: 'U*U', salt: new Uint8Array(16), cost: 4 }

  function bundled(t: TestContext): URL {
    const folder = mkdtempSync(join(tmpdir(), 'cognate-bcrypt-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const outfile = join(folder, 'worker.mjs')
    const entry = join(import.meta.dirname, 'bcrypt-worker.ts')
    buildSync({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node' })
    return pathToFileURL(outfile)
  }

  test('answers as it does here, in order', async (t) => {
    const thread = bcryptThread(bundled(t))
    t.after(() => thread.close())
    const passwords = ['a', 'b', 'c']
    const answers = await Promise.all(passwords.map((password) => thread.hash({ ...question, password })))
    assert.deepEqual(
      answers,
      passwords.map((password) => bcrypt({ ...question, password })),
    )
  })

  test('a thread that ends fails those who wait, and the next starts another', async (t) => {
    const mortal = new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads'
        parentPort.on('message', ({ cost }) => {
          if (cost === 5) throw new Error('dead')
          parentPort.postMessage(new Uint8Array([cost]))
        })`)}`,
    )
    const thread = bcryptThread(mortal)
    t.after(() => thread.close())
    await assert.rejects(thread.hash({ ...question, cost: 5 }), /the thread that computed this hash ended/)
    assert.deepEqual(await thread.hash(question), Uint8Array.of(4))
  })
})
