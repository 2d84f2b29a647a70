import { KMS } from '@aws-sdk/client-kms'
import type { Kms } from '../../ports/kms.ts'
import { encryptUnder, type KmsClient } from './encryption-sdk.ts'

/** AWS KMS, or whatever speaks its API at the endpoint. Credentials are found as every AWS SDK finds them. */
export function awsKms(endpoint: string | undefined): Kms {
  const clients = new Map<string, KMS>()
  const clientOf = (region: string) => {
    const known = clients.get(region)
    if (known !== undefined) return known
    const client = new KMS({ region, ...(endpoint !== undefined && { endpoint }) })
    clients.set(region, client)
    return client
  }
  return {
    encrypt: (keyArn, plaintext, context) =>
      // One client to both; their types disagree on members that are undefined.
      encryptUnder(keyArn, plaintext, context, clientOf(keyArn.split(':')[3] ?? '') as KmsClient),
  }
}
