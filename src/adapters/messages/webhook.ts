import { createHmac } from 'node:crypto'
import type { Message } from '../../domain/message.ts'
import { type MessageSender, Undeliverable } from '../../ports/message-sender.ts'

/**
 * Any HTTP server: the message as JSON, signed as GitHub signs its webhooks where there is a secret
 * (`X-Cognate-Signature-256: sha256=…` over the body). The id is the same at every attempt, so that the receiver can tell
 * what it has seen.
 */
export function webhookSender(url: string, secret: string | undefined): MessageSender {
  return {
    async send(message, _, signal) {
      const body = JSON.stringify(asJson(message))
      const signature =
        secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex')
      const headers = {
        'content-type': 'application/json',
        ...(signature !== undefined && { 'x-cognate-signature-256': `sha256=${signature}` }),
      }
      await mustTake(await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' }))
    },
    close: async () => {},
  }
}

const asJson = ({ id, poolId, medium, to, subject, body, code, createdAt }: Message) => ({
  id,
  userPoolId: poolId,
  medium,
  to,
  ...(subject !== undefined && { subject }),
  body,
  ...(code !== undefined && { code }),
  createdAt: new Date(createdAt).toISOString(),
})

/** A refusal is for good, but for those that say: later. @throws Undeliverable */
export async function mustTake(answer: Response): Promise<void> {
  await answer.body?.cancel()
  if (answer.ok) return
  const later = answer.status >= 500 || answer.status === 408 || answer.status === 429
  const reason = `${answer.status} ${answer.statusText}`.trim()
  throw later ? new Error(reason) : new Undeliverable(reason)
}
