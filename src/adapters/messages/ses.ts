import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import type { MessageSender } from '../../ports/message-sender.ts'
import { type AwsTarget, refusedForGood } from './aws.ts'
import { senderAddress } from './sender-address.ts'

/** Amazon SES, or whatever speaks its API at the endpoint. Credentials are found as every AWS SDK finds them. */
export function sesSender({ endpoint, region }: AwsTarget, from: string): MessageSender {
  const client = new SESv2Client({ region, ...(endpoint !== undefined && { endpoint }), maxAttempts: 1 })
  return {
    async send({ to, subject = '', body }, pool, abortSignal) {
      const { from: own, replyTo, configurationSet } = senderAddress(pool, from)
      const command = new SendEmailCommand({
        FromEmailAddress: own,
        Destination: { ToAddresses: [to] },
        ...(replyTo !== undefined && { ReplyToAddresses: [replyTo] }),
        ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Html: { Data: body, Charset: 'UTF-8' } },
          },
        },
      })
      await client.send(command, { abortSignal }).catch(refusedForGood)
    },
    close: async () => client.destroy(),
  }
}
