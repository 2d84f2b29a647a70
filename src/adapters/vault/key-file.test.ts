import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { loadVaultKeys } from './key-file.ts'
import { openVault } from './local.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'vault-'))
  t.after(() => rm(path, { recursive: true }))
  return path
}

test('makes a key file for its owner alone, and leaves nothing else', async (t) => {
  const home = await folder(t)
  const path = join(home, 'vault.json')
  const [key] = await loadVaultKeys(path)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(home), ['vault.json'])
  const { keys } = JSON.parse(await readFile(path, 'utf8'))
  assert.deepEqual(keys, [{ id: key?.id, secret: key?.secret.export().toString('base64') }])
})

test('finds the same key again', async (t) => {
  const path = join(await folder(t), 'vault.json')
  const sealed = openVault(await loadVaultKeys(path)).seal(Buffer.from('kept'), 'test')
  assert.equal(
    openVault(await loadVaultKeys(path))
      .open(sealed, 'test')
      .toString(),
    'kept',
  )
})

test('processes that start together agree on one key', async (t) => {
  const path = join(await folder(t), 'vault.json')
  const all = await Promise.all(Array.from({ length: 8 }, () => loadVaultKeys(path)))
  assert.equal(new Set(all.map((keys) => keys[0]?.id)).size, 1)
})

test('refuses a file that others may write; that they may read it is the owner’s choice', async (t) => {
  const path = join(await folder(t), 'vault.json')
  await loadVaultKeys(path)
  for (const mode of [0o620, 0o602]) {
    await chmod(path, mode)
    await assert.rejects(loadVaultKeys(path), /may be written by others/)
  }
  await chmod(path, 0o640)
  await loadVaultKeys(path)
})

test('never replaces a file it cannot read as keys, and names it', async (t) => {
  const path = join(await folder(t), 'vault.json')
  await writeFile(path, '{ "keys": ', { mode: 0o600 })
  await assert.rejects(loadVaultKeys(path), /vault\.json: vault keys must have the form/)
  assert.equal(await readFile(path, 'utf8'), '{ "keys": ')
})

test('says so when the folder is missing', async (t) => {
  await assert.rejects(loadVaultKeys(join(await folder(t), 'none', 'vault.json')), { code: 'ENOENT' })
})
