/** Tells operators what happens. Facts must never hold a secret; `Secret` values print as `[secret]`. */
export interface Journal {
  readonly info: (event: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly warn: (event: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly error: (event: string, facts?: Readonly<Record<string, unknown>>) => void
}
