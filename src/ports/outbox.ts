/** Whoever delivers messages, told after the commit that put one into the outbox. */
export interface Outbox {
  readonly kick: () => void
  /** Resolves at the next kick, or when the time is up. */
  readonly next: (milliseconds: number) => Promise<void>
}
