import type { Secret } from '../lib/secret.ts'

/** Passwords that others have lost, or that everybody tries first. */
export interface CompromisedPasswords {
  readonly has: (password: Secret) => Promise<boolean>
  readonly close: () => Promise<void>
}
