import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node'

const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

/** What the library asks of a KMS client. */
export type KmsClient = Exclude<
  ReturnType<NonNullable<NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']>>,
  false
>

/** Encrypts as Cognito does for custom senders: a message of the AWS Encryption SDK under one KMS key. */
export async function encryptUnder(
  generatorKeyId: string,
  plaintext: string,
  encryptionContext: Readonly<Record<string, string>>,
  client: KmsClient,
): Promise<string> {
  const keyring = new KmsKeyringNode({
    generatorKeyId,
    clientProvider: () => client,
  })
  const { result } = await encrypt(keyring, plaintext, { encryptionContext: { ...encryptionContext } })
  return result.toString('base64')
}
