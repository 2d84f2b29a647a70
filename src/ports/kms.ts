/** Encrypts for the functions that carry a pool's messages. */
export interface Kms {
  /**
   * A message of the AWS Encryption SDK, base64, that whoever may use the key can decrypt.
   * @throws when the key cannot be used
   */
  readonly encrypt: (
    keyArn: string,
    plaintext: string,
    context: Readonly<Record<string, string>>,
  ) => Promise<string>
  /** The keys themselves, where this server keeps them and serves the KMS API for those who decrypt. */
  readonly keys?: LocalKeys
}

type Context = Readonly<Record<string, string>>

/** Every ARN is a key, made of the vault's own: what is encrypted under one opens under no other, and in its context alone. */
export interface LocalKeys {
  readonly encrypt: (keyId: string, plaintext: Uint8Array, context: Context) => Uint8Array
  /** @throws when the text was not encrypted here, or in another context */
  readonly decrypt: (ciphertext: Uint8Array, context: Context) => { keyId: string; plaintext: Uint8Array }
  readonly random: (bytes: number) => Uint8Array
}
