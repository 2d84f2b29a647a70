import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Secret } from '../../lib/secret.ts'
import { commonPasswords } from './common.ts'
import { passwordFile } from './file.ts'

const folder = mkdtempSync(join(tmpdir(), 'cognate-passwords-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function fileOf(text: string): string {
  files += 1
  const path = join(folder, `list-${files}.txt`)
  writeFileSync(path, text)
  return path
}

const digestsOf = (passwords: readonly string[]) =>
  passwords.map((password) => hash('sha1', password).toUpperCase()).toSorted()

const forms: readonly (readonly [what: string, write: (digests: readonly string[]) => string])[] = [
  ['digests alone', (digests) => `${digests.join('\n')}\n`],
  ['without an end to the last line', (digests) => digests.join('\n')],
  ['in small letters', (digests) => digests.join('\n').toLowerCase()],
  [
    'with counts, as they are published',
    (digests) => digests.map((digest, index) => `${digest}:${10 ** (index % 9)}\r\n`).join(''),
  ],
]

describe('a file of compromised passwords', () => {
  for (const [what, write] of forms) {
    for (const count of [1, 2, 3, 1000]) {
      test(`${what}, ${count} of them: each is found, and no other`, async () => {
        const passwords = Array.from({ length: count }, (_, index) => `horse ${index}`)
        const list = passwordFile(fileOf(write(digestsOf(passwords))))
        for (const password of passwords) assert.ok(await list.has(new Secret(password)), password)
        for (let index = 0; index < 200; index += 1) {
          assert.equal(await list.has(new Secret(`ox ${index}`)), false)
        }
        await list.close()
      })
    }
  }

  test('that nobody asked is closed as well', () => passwordFile(fileOf(digestsOf(['a']).join())).close())

  test('that is none is refused at once', () => {
    assert.throws(() => passwordFile(join(folder, 'absent.txt')), /ENOENT/)
    for (const text of ['', 'password\n', 'A'.repeat(39)]) {
      assert.throws(() => passwordFile(fileOf(text)), /is no sorted list of SHA-1 digests/)
    }
  })
})

describe('the commonest passwords', () => {
  test('are known without any file', async () => {
    for (const password of ['123456', 'Password1!', 'Pa$$w0rd', 'Welcome123!'])
      assert.ok(await commonPasswords.has(new Secret(password)), password)
    for (const password of ['', 'Correct-horse-9', 'password1 ', 'toString'])
      assert.equal(await commonPasswords.has(new Secret(password)), false, password)
  })
})
