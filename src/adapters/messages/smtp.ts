import { createTransport } from 'nodemailer'
import { type MessageSender, Undeliverable } from '../../ports/message-sender.ts'
import { senderAddress } from './sender-address.ts'

/** A mail server: `smtp://user:password@host:587`, or `smtps://`. */
export function smtpSender(url: string, from: string): MessageSender {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, body }, pool) {
      const { from: own, replyTo } = senderAddress(pool, from)
      try {
        // An address as an object, so that nothing in it can be read as a second one.
        await transport.sendMail({
          from: own,
          to: { name: '', address: to },
          ...(replyTo !== undefined && { replyTo }),
          ...(subject !== undefined && { subject }),
          html: body,
        })
      } catch (error) {
        const { responseCode } = error as { responseCode?: number }
        // RFC 5321, 4.2.1: what begins with five is refused for good.
        if (responseCode !== undefined && responseCode >= 500)
          throw new Undeliverable((error as Error).message, { cause: error })
        throw error
      }
    },
    close: async () => transport.close(),
  }
}
