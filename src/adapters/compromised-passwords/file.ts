import { hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { CompromisedPasswords } from '../../ports/compromised-passwords.ts'

/**
 * A file of SHA-1 digests in hexadecimal, one a line and sorted, as Have I Been Pwned publishes them: what follows a digest
 * on its line means nothing here. It is searched where it lies, so that forty gigabytes cost no memory; it is opened at the
 * first password that is looked up.
 * @throws when the file cannot be read, or does not begin with a digest
 */
export function passwordFile(path: string): CompromisedPasswords {
  mustBeginWithDigest(path)
  let opened: Promise<{ file: FileHandle; size: number }> | undefined
  const openOnce = () => {
    opened ??= openFile(path)
    return opened
  }
  return {
    async has(password) {
      const { file, size } = await openOnce()
      return contains(file, size, hash('sha1', password.reveal()).toUpperCase())
    },
    async close() {
      const { file } = (await opened) ?? {}
      await file?.close()
    },
  }
}

const digestLength = 40
/** More than two lines: one may be cut at the front. */
const windowLength = 256

function mustBeginWithDigest(path: string): void {
  const buffer = Buffer.alloc(digestLength)
  const file = openSync(path, 'r')
  try {
    readSync(file, buffer, 0, digestLength, 0)
  } finally {
    closeSync(file)
  }
  if (!/^[0-9A-Fa-f]{40}$/.test(buffer.toString('latin1')))
    throw new Error(`${path} is no sorted list of SHA-1 digests`)
}

async function openFile(path: string): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path)
  const { size } = await file.stat()
  return { file, size }
}

/** By halves: the line in question, if there is one, begins at `low` or after, and before `high`. */
async function contains(file: FileHandle, size: number, digest: string): Promise<boolean> {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const line = await firstLineFrom(file, middle)
    if (line === undefined || line.start >= high || line.digest > digest) high = middle
    else if (line.digest === digest) return true
    else low = line.start + 1
  }
  return false
}

/** The first line that begins at a position or after it. */
async function firstLineFrom(
  file: FileHandle,
  position: number,
): Promise<{ start: number; digest: string } | undefined> {
  // One byte before: a line that begins right here has its predecessor's end there.
  const from = Math.max(0, position - 1)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(windowLength), 0, windowLength, from)
  const text = buffer.toString('latin1', 0, bytesRead)
  const skipped = position === 0 ? 0 : text.indexOf('\n') + 1
  if (position > 0 && skipped === 0) return undefined
  const digest = text.slice(skipped, skipped + digestLength).toUpperCase()
  return digest.length < digestLength ? undefined : { start: from + skipped, digest }
}
