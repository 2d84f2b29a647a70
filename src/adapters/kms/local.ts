import { randomBytes } from 'node:crypto'
import type { Kms, LocalKeys } from '../../ports/kms.ts'
import type { Vault } from '../../ports/vault.ts'
import type { KmsClient } from './encryption-sdk.ts'

/** Keys of this server's own, for a laptop and for tests: what the vault seals under the name of a key. */
export function localKms(vault: Vault): Kms {
  const keys: LocalKeys = {
    encrypt: (keyId, plaintext, context) =>
      Buffer.from(JSON.stringify({ keyId, sealed: vault.seal(plaintext, sealContext(keyId, context)) })),
    decrypt(ciphertext, context) {
      const { keyId, sealed } = JSON.parse(Buffer.from(ciphertext).toString('utf8'))
      return { keyId, plaintext: vault.open(String(sealed), sealContext(String(keyId), context)) }
    },
    random: (bytes) => randomBytes(bytes),
  }
  return {
    keys,
    async encrypt(keyArn, plaintext, context) {
      const { encryptUnder } = await import('./encryption-sdk.ts')
      return encryptUnder(keyArn, plaintext, context, inProcess(keys))
    },
  }
}

/** In one order, whatever order a caller writes it in. */
function sealContext(keyId: string, context: Readonly<Record<string, string>>): string {
  return `kms ${JSON.stringify([keyId, ...Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))])}`
}

/** KMS, as far as the Encryption SDK calls it to encrypt. */
function inProcess(keys: LocalKeys): KmsClient {
  return {
    async generateDataKey({ KeyId = '', NumberOfBytes = 32, EncryptionContext = {} }) {
      const Plaintext = keys.random(NumberOfBytes)
      return { KeyId, Plaintext, CiphertextBlob: keys.encrypt(KeyId, Plaintext, EncryptionContext) }
    },
    async encrypt(): Promise<never> {
      throw new Error('a message is encrypted under one key, which makes its data key')
    },
    async decrypt(): Promise<never> {
      throw new Error('who encrypts does not decrypt')
    },
  }
}
