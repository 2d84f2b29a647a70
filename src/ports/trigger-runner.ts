import type { TriggerEvent } from '../domain/trigger-event.ts'

/** Runs the functions that a pool's LambdaConfig names. */
export interface TriggerRunner {
  /**
   * Runs the function of that ARN with the event and returns what it answered: a value as JSON has it, not yet checked.
   * @throws TriggerFailed, TriggerUnreachable
   */
  readonly run: (functionArn: string, event: TriggerEvent) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** The function threw or returned a function error: its message goes to the caller. */
export class TriggerFailed extends Error {
  override readonly name = 'TriggerFailed'
}

/**
 * The function could not be run, or did not answer in time. The message is what follows "invocation failed due to
 * error" in the refusal.
 */
export class TriggerUnreachable extends Error {
  override readonly name = 'TriggerUnreachable'
  /** `Timeout`, or the name of Lambda's exception. */
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super(words[reason] ?? reason, options)
    this.reason = reason
  }
}

/** Where AWS says more than the exception's name: furaiev/amazon-cognito-identity-dart-2#204, anomalyco/sst#1815. */
const words: Readonly<Record<string, string>> = {
  Timeout: 'Socket timeout while invoking Lambda function',
}
