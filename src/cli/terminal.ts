/** What a command may ask of the process it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly print: (line: string) => void
  readonly error: (line: string) => void
  /** Resolves at the first signal that asks the process to end. */
  readonly interrupted: () => Promise<void>
  /** What a hang-up does instead of ending the process. */
  readonly atHangUp: (action: () => void) => void
  /** The code that the process will end with. */
  readonly exit: (code: number) => void
}
