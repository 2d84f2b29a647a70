import { Secret } from '../../lib/secret.ts'
import type { Principals } from '../../ports/principals.ts'

/** One key that everybody knows, `test` with the secret `test`, and it is the account's root: for development. */
export function wellKnownPrincipals(accountId: string): Principals {
  const key = {
    id: 'test',
    secret: new Secret('test'),
    principal: {
      arn: `arn:aws:iam::${accountId}:root`,
      type: 'Account',
      userId: accountId,
      unrestricted: true,
      policies: [],
      tags: {},
    },
  } as const
  return { find: (accessKeyId) => (accessKeyId === key.id ? key : undefined), close: () => {} }
}
