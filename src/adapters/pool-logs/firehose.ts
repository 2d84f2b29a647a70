import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { byRegion, refusal, resourceOf, type Sender } from './sender.ts'

/**
 * Data Firehose, or whatever speaks its API at the endpoint. It joins records without anything between them: each is a line
 * of its own.
 */
export function firehoseSender(endpoint: string | undefined): Sender {
  const clients = byRegion(
    (region) => new FirehoseClient({ region, ...(endpoint !== undefined && { endpoint }), maxAttempts: 1 }),
  )
  return {
    async send(destination, lines, abortSignal) {
      const { name: DeliveryStreamName, region } = resourceOf(destination)
      const Records = lines.map(({ text }) => ({ Data: Buffer.from(`${text}\n`) }))
      const command = new PutRecordBatchCommand({ DeliveryStreamName, Records })
      const { RequestResponses = [] } = await clients.in(region).send(command, { abortSignal }).catch(refusal)
      const again = lines.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined)
      const reason = RequestResponses.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? ''
      return { again, refused: 0, reason }
    },
    close: clients.close,
  }
}
