/**
 * Seals secrets before they reach the store, under keys kept outside it. `context` says what the secret is and whose
 * (`'password us-east-1_abc 3f0…'`): a sealed value opens under its own context only, so one row's secret cannot be
 * moved into another row.
 */
export interface Vault {
  readonly seal: (secret: Uint8Array, context: string) => string
  /** @throws when the text was not sealed by this vault under this context. */
  readonly open: (sealed: string, context: string) => Uint8Array
  /** 32 bytes that are always the same for a label and tell nothing of the keys: the stuff of decoys. */
  readonly mac: (label: string) => Uint8Array
}
