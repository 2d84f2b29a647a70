import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { TriggerFailed, type TriggerRunner, TriggerUnreachable } from '../../ports/trigger-runner.ts'

/** Cognito's limit, whatever the function's own is. */
const patience = 5000

/**
 * AWS Lambda, or whatever speaks its API at the endpoint. Credentials are found as every AWS SDK finds them; the region is
 * the function's own.
 */
export function lambdaRunner(endpoint: string | undefined, timeout = patience): TriggerRunner {
  const clients = new Map<string, LambdaClient>()
  const clientOf = (region: string) => {
    const known = clients.get(region)
    if (known !== undefined) return known
    // Cognito does not try again what Lambda has refused.
    const client = new LambdaClient({ region, ...(endpoint !== undefined && { endpoint }), maxAttempts: 1 })
    clients.set(region, client)
    return client
  }
  return {
    async run(functionArn, event) {
      const client = clientOf(functionArn.split(':')[3] ?? '')
      const sends = event.triggerSource.startsWith('Custom') && event.triggerSource.includes('Sender_')
      const command = new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: sends ? 'Event' : 'RequestResponse',
        Payload: JSON.stringify(event),
      })
      const abortSignal = AbortSignal.timeout(timeout)
      const answer = await client.send(command, { abortSignal }).catch((error) => {
        throw new TriggerUnreachable(abortSignal.aborted ? 'Timeout' : (error as Error).name, {
          cause: error,
        })
      })
      const payload = parsed(Buffer.from(answer.Payload ?? []).toString('utf8'))
      if (answer.FunctionError === undefined) return payload
      const { errorMessage } = (payload ?? {}) as { errorMessage?: unknown }
      throw new TriggerFailed(typeof errorMessage === 'string' ? errorMessage : answer.FunctionError)
    },
    async close() {
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** A function that answers nothing answers null. */
export function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is refused by whoever reads it as an answer, in the words for that.
    return null
  }
}
