import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { MessageSender } from '../../ports/message-sender.ts'
import { type AwsTarget, refusedForGood } from './aws.ts'

/** Amazon SNS, or whatever speaks its API at the endpoint: a pool's own region where its SmsConfiguration names one. */
export function snsSender({ endpoint, region }: AwsTarget): MessageSender {
  const clients = new Map<string, SNSClient>()
  const clientOf = (wanted: string) => {
    const known = clients.get(wanted)
    if (known !== undefined) return known
    const client = new SNSClient({
      region: wanted,
      ...(endpoint !== undefined && { endpoint }),
      maxAttempts: 1,
    })
    clients.set(wanted, client)
    return client
  }
  return {
    async send({ to, body }, { settings }, abortSignal) {
      const client = clientOf(settings.SmsConfiguration?.SnsRegion ?? region)
      const command = new PublishCommand({
        PhoneNumber: to,
        Message: body,
        // Codes go before advertisements: SNS has a route for each.
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        },
      })
      await client.send(command, { abortSignal }).catch(refusedForGood)
    },
    async close() {
      for (const client of clients.values()) client.destroy()
    },
  }
}
