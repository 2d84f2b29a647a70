import { createHmac } from 'node:crypto'
import { TriggerFailed, type TriggerRunner, TriggerUnreachable } from '../../ports/trigger-runner.ts'
import { parsed } from './lambda.ts'

const patience = 5000
/** As much as Lambda answers at most. */
const mostBytes = 6 * 1024 * 1024

/**
 * A web server in place of Lambda: the event is posted as JSON, signed where there is a secret (`X-Cognate-Signature-256:
 * sha256=…` over the body), with the function's ARN in `X-Cognate-Function`. It answers the event with its response filled
 * in; or `{"errorMessage": …}` with any status that is no success, to refuse as a function does that throws.
 */
export function httpRunner(url: string, secret: string | undefined, timeout = patience): TriggerRunner {
  return {
    async run(functionArn, event) {
      const body = JSON.stringify(event)
      const signature =
        secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex')
      const signal = AbortSignal.timeout(timeout)
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-cognate-function': functionArn,
            ...(signature !== undefined && { 'x-cognate-signature-256': `sha256=${signature}` }),
          },
          body,
          signal,
          redirect: 'error',
        })
        const content = parsed(await textOf(answer))
        if (answer.ok) return content
        const { errorMessage } = (content ?? {}) as { errorMessage?: unknown }
        if (typeof errorMessage === 'string') throw new TriggerFailed(errorMessage)
        throw new TriggerUnreachable(`HTTP ${answer.status}`)
      } catch (error) {
        if (error instanceof TriggerFailed || error instanceof TriggerUnreachable) throw error
        throw new TriggerUnreachable(signal.aborted ? 'Timeout' : 'ServiceException', { cause: error })
      }
    },
    close: async () => {},
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new TriggerUnreachable('ResponseTooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
