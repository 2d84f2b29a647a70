import { Undeliverable } from '../../ports/message-sender.ts'

/** Where an AWS API is: AWS itself, or a server that speaks it. */
export interface AwsTarget {
  readonly endpoint: string | undefined
  readonly region: string
}

/** Whether AWS has refused for good: throttling, and what went wrong on its side, are worth another try. */
export function refusedForGood(error: unknown): never {
  const { $fault, $retryable, name, message } = error as {
    $fault?: string
    $retryable?: { throttling?: boolean }
    name: string
    message: string
  }
  const worthAnotherTry =
    $retryable !== undefined || /Throttl|TooManyRequests|LimitExceeded|ExpiredToken|Paused/.test(name)
  if ($fault === 'client' && !worthAnotherTry)
    throw new Undeliverable(`${name}: ${message}`, { cause: error })
  throw error
}
