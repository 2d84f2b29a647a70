import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { Vault } from '../../ports/vault.ts'

/** One master key. Its id travels with what it sealed, so that it can be told from older and newer ones. */
export interface VaultKey {
  readonly id: string
  readonly secret: KeyObject
}

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM under keys this process holds: the first seals, all of them open. To rotate, put a new key first.
 * Sealed text is `v1.<key id>.<iv>.<ciphertext and tag>`; the context is authenticated and not stored.
 */
export function openVault(keys: readonly VaultKey[]): Vault {
  const [sealing] = keys
  const oldest = keys.at(-1)
  if (!sealing || !oldest) throw new Error('a vault needs a key')
  const secrets = new Map(keys.map(({ id, secret }) => [id, secret]))

  return {
    seal(secret, context) {
      // Never from the Random port: under a seed the same IV would come again, and two texts under one key and IV
      // give away both, and the key that authenticates. Random IVs are good for 2^32 texts a key (NIST SP 800-38D, 8.3).
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealing.secret, iv).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
      return `v1.${sealing.id}.${iv.toString('base64url')}.${sealed.toString('base64url')}`
    },

    open(sealed, context) {
      const [version, id = '', iv = '', body = '', ...rest] = sealed.split('.')
      if (version !== 'v1' || rest.length > 0) throw new Error('not a text that a vault sealed')
      const key = secrets.get(id)
      if (!key) throw new Error(`the vault has no key "${id}", which sealed this text`)
      const bytes = Buffer.from(body, 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
      } catch {
        throw new Error(`the text sealed under key "${id}" was altered, or sealed under another context`)
      }
    },

    // The oldest key: what is derived must not change when a new one is put first. The prefix keeps this use of the
    // key apart from sealing.
    mac: (label) => createHmac('sha256', oldest.secret).update(`mac ${label}`).digest(),
  }
}

const form = '{ "keys": [{ "id": "…", "secret": "<32 bytes in base64>" }] }'

/** Reads keys as a key file or a setting gives them. No message quotes the text: JSON.parse's own would. */
export function parseVaultKeys(text: string): readonly VaultKey[] {
  const rows = rowsOf(text)
  if (rows.length === 0) throw new Error(`vault keys must have the form ${form}`)
  const keys = rows.map(parseKey)
  if (new Set(keys.map((key) => key.id)).size < keys.length)
    throw new Error('two vault keys have the same id')
  return keys
}

function rowsOf(text: string): readonly unknown[] {
  try {
    const { keys } = JSON.parse(text)
    return Array.isArray(keys) ? keys : []
  } catch {
    return []
  }
}

function parseKey(row: unknown, place: number): VaultKey {
  const { id, secret } = (row ?? {}) as Record<string, unknown>
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
    throw new Error(`vault key ${place + 1} needs an id of letters, digits, - and _`)
  }
  // Buffer.from skips what is not base64; a key that was cut or mistyped must not pass for a shorter or other one.
  if (typeof secret !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(secret)) {
    throw new Error(`vault key "${id}" needs a secret of 32 bytes in base64`)
  }
  return { id, secret: createSecretKey(secret, 'base64') }
}
