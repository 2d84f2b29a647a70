/** Wakes those of this process who wait for something to do. */
export interface Bell {
  readonly ring: () => void
  /** Resolves at the next ring, or when the time is up. */
  readonly next: (milliseconds: number) => Promise<void>
}

export function newBell(): Bell {
  const waiting = new Set<() => void>()
  return {
    ring() {
      for (const wake of waiting) wake()
    },
    next: (milliseconds) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds).unref()
        waiting.add(wake)
      }),
  }
}
