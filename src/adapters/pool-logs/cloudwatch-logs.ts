import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import { type LogDestination, sourceName } from '../../domain/pool-log.ts'
import { byRegion, type Left, nothingLeft, refusal, resourceOf, type Sender } from './sender.ts'

/**
 * CloudWatch Logs, or whatever speaks its API at the endpoint. Its group must be there; a stream is made when it is not.
 * All nodes write to the same one: PutLogEvents takes what comes in parallel and has asked for no sequence since 2023.
 */
export function cloudWatchLogsSender(endpoint: string | undefined): Sender {
  const clients = byRegion(
    (region) =>
      new CloudWatchLogsClient({ region, ...(endpoint !== undefined && { endpoint }), maxAttempts: 1 }),
  )
  return {
    async send(destination, lines, abortSignal) {
      const { name: logGroupName, region } = resourceOf(destination)
      const client = clients.in(region)
      const stream = { logGroupName, logStreamName: logStreamOf(destination) }
      const inOrder = lines.toSorted((one, other) => one.at - other.at)
      const logEvents = inOrder.map(({ at, text }) => ({ timestamp: at, message: text }))
      const put = () => client.send(new PutLogEventsCommand({ ...stream, logEvents }), { abortSignal })
      const create = () => client.send(new CreateLogStreamCommand(stream), { abortSignal })
      const { rejectedLogEventsInfo: rejected = {} } = await put()
        .catch(async (error: unknown) => {
          if (!(error instanceof ResourceNotFoundException)) throw error
          await create().catch(unlessThere)
          return put()
        })
        .catch(refusal)
      return leftOf(rejected, lines.length)
    },
    close: clients.close,
  }
}

/** After what real files of AWS are named by (grafana/lambda-promtail#92); what its streams are called is not known. */
const logStreamOf = ({ poolId, source }: LogDestination) => `cognito-${poolId}_${sourceName(source)}`

/** Another node may have made it meanwhile. */
function unlessThere(error: unknown): void {
  if (!(error instanceof ResourceAlreadyExistsException)) throw error
}

/** What is too old is at the beginning, what is too new at the end. */
function leftOf(
  rejected: {
    readonly tooOldLogEventEndIndex?: number | undefined
    readonly expiredLogEventEndIndex?: number | undefined
    readonly tooNewLogEventStartIndex?: number | undefined
  },
  count: number,
): Left {
  const {
    tooOldLogEventEndIndex = 0,
    expiredLogEventEndIndex = 0,
    tooNewLogEventStartIndex = count,
  } = rejected
  const old = Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex)
  const refused = old + count - tooNewLogEventStartIndex
  return refused === 0 ? nothingLeft : { again: [], refused, reason: 'too old or too new' }
}
