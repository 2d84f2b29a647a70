/** The one source of unpredictability. Production reads the operating system; tests read a seed. */
export interface Random {
  readonly bytes: (count: number) => Uint8Array
  /** A code of decimal digits, each value equally likely. */
  readonly digits: (count: number) => string
  readonly uuid: () => string
}
