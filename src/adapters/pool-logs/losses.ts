import type { LogDestination } from '../../domain/pool-log.ts'
import { type Instant, minutes } from '../../lib/instant.ts'

/** What was lost on the way to one place for one reason, and not told yet. */
interface Loss {
  readonly destination: string
  readonly reason: string
  lines: number
  toldAt: Instant
}

type Tell = (facts: { destination: string; reason: string; lines: number }) => void

const quiet = minutes(1)
const most = 1000

/**
 * Counts what is lost and tells it, once a minute for each destination and reason: a place that takes nothing must not
 * fill the journal in the stead of its logs.
 */
export function newLosses(now: () => Instant, tell: Tell) {
  const losses = new Map<string, Loss>()
  const report = (loss: Loss) => {
    const { destination, reason, lines } = loss
    if (lines > 0) tell({ destination, reason, lines })
    loss.lines = 0
    loss.toldAt = now()
  }
  const all = () => {
    for (const loss of losses.values()) report(loss)
    losses.clear()
  }
  return {
    add({ arn: destination }: LogDestination, lines: number, reason: string): void {
      const key = `${destination} ${reason}`
      if (losses.size === most) all()
      const loss = losses.get(key) ?? { destination, reason, lines: 0, toldAt: Number.NEGATIVE_INFINITY }
      losses.set(key, loss)
      loss.lines += lines
      if (now() - loss.toldAt >= quiet) report(loss)
    },
    /** What is left to tell. */
    all,
  }
}
