import { randomBytes, randomUUID } from 'node:crypto'
import { link, open, readFile, stat, unlink } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname } from 'node:path'
import { parseVaultKeys, type VaultKey } from './local.ts'

/** The keys in the file at `path`; a file with one fresh key is made if there is none. */
export async function loadVaultKeys(path: string): Promise<readonly VaultKey[]> {
  const text = await read(path)
  if (text !== undefined) return parse(text, path)
  await create(path)
  return parse(await readFile(path, 'utf8'), path)
}

async function read(path: string): Promise<string | undefined> {
  try {
    // Windows has no such bits and shows every file as writable by all.
    if (platform() !== 'win32' && (await stat(path)).mode & 0o022) {
      throw new Error(`${path} may be written by others than its owner: chmod 600 it`)
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * Written whole and synced under another name first, then linked: nobody sees half a file, not even after a crash, and
 * of two processes that start together one wins and both use its key. What a lost key sealed is lost with it.
 */
async function create(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await write(draft, newKeyFile())
    await link(draft, path).catch((error) => {
      if (!isCode(error, 'EEXIST')) throw error
    })
  } finally {
    await unlink(draft).catch(() => {})
  }
  await syncFolder(dirname(path))
}

function newKeyFile(): string {
  const key = { id: randomBytes(4).toString('hex'), secret: randomBytes(32).toString('base64') }
  return `${JSON.stringify({ keys: [key] }, null, 2)}\n`
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the new name durable. Windows opens no folders, and needs none of this. */
async function syncFolder(path: string): Promise<void> {
  if (platform() === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function parse(text: string, path: string): readonly VaultKey[] {
  try {
    return parseVaultKeys(text)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
