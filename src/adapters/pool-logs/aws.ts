import type { LogDestination, PoolLog } from '../../domain/pool-log.ts'
import { seconds } from '../../lib/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Journal } from '../../ports/journal.ts'
import type { PoolLogs } from '../../ports/pool-logs.ts'
import { type LaneOptions, openLanes } from './lanes.ts'
import { newLosses } from './losses.ts'
import type { Sender } from './sender.ts'

export interface AwsPoolLogs {
  /** Where a server is that speaks the APIs of all three; where it is absent, the SDK decides. */
  readonly endpoint: string | undefined
  /** What files in a bucket are named after. */
  readonly accountId: string
  readonly clock: Clock
  readonly journal: Journal
  readonly lanes?: Partial<LaneOptions>
}

/** Less than a supervisor waits before it kills. */
const deadline = seconds(5)

/**
 * CloudWatch Logs, S3 and Data Firehose. Credentials are found as every AWS SDK finds them; the region is that of the
 * destination. A client is loaded with the first entry that needs it.
 */
export function awsPoolLogs({
  endpoint,
  accountId,
  clock,
  journal,
  lanes: laneOptions,
}: AwsPoolLogs): PoolLogs & { readonly flush: () => Promise<void> } {
  const losses = newLosses(clock.now, (facts) => journal.warn('pool logs lost', facts))
  const load: Record<LogDestination['service'], () => Promise<Sender>> = {
    logs: async () => (await import('./cloudwatch-logs.ts')).cloudWatchLogsSender(endpoint),
    s3: async () => (await import('./s3.ts')).s3Sender(endpoint, accountId),
    firehose: async () => (await import('./firehose.ts')).firehoseSender(endpoint),
  }
  const senders = new Map<LogDestination['service'], Promise<Sender>>()
  const senderOf = (service: LogDestination['service']) => {
    const sender = senders.get(service) ?? load[service]()
    senders.set(service, sender)
    return sender
  }
  const lanes = openLanes({ senderOf, lost: losses.add, ...laneOptions })
  return {
    put(destination, log: PoolLog) {
      const text = JSON.stringify(log)
      lanes.put(destination, { at: Number(log.eventTimestamp), text, bytes: Buffer.byteLength(text) })
    },
    flush: lanes.flush,
    async close() {
      await lanes.close(deadline)
      losses.all()
      for (const sender of await Promise.all(senders.values())) sender.close()
    },
  }
}
