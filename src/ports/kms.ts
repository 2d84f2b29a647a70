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
}
