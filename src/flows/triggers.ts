import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import {
  type AnswerOf,
  eventAttributes,
  type FactsOf,
  functionOf,
  readAnswer,
  type TriggerSource,
  triggerEvent,
  triggerOf,
} from '../domain/trigger-event.ts'
import { UnrecognizableOutput } from '../domain/trigger-output.ts'
import type { LambdaVersion, PreTokenGenerationFacts, TokenOverrides } from '../domain/trigger-tokens.ts'
import type { User } from '../domain/user.ts'
import type { App } from '../ports/app.ts'
import { TriggerFailed, TriggerUnreachable } from '../ports/trigger-runner.ts'

/**
 * Lambda triggers: what a flow tells the function that a pool has configured, and what it hears back. A trigger is asked
 * before anything is written, or told after the commit; an operation that loses a race and runs again asks again, as the
 * service itself may do.
 */

/** `ClientMetadata` of a call. */
export type Metadata = Readonly<Record<string, string>> | undefined

/** Whom an event is about. */
export interface About {
  readonly username: string
  /** Absent where an administrator acts without an app client. */
  readonly clientId?: string
}

/**
 * Runs the function of a trigger and returns its answer; nothing where the pool has none. `facts` are only asked for when
 * there is one.
 * @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable
 */
export async function runTrigger<const Source extends TriggerSource>(
  app: App,
  pool: Pool,
  source: Source,
  about: About,
  facts: (version: LambdaVersion) => FactsOf<Source>,
): Promise<AnswerOf<Source> | undefined> {
  const trigger = triggerOf[source]
  const configured = functionOf(pool.settings.LambdaConfig, trigger)
  if (configured === undefined) return undefined
  const event = triggerEvent(
    source,
    { poolId: pool.id, region: pool.region, ...about },
    facts(configured.version),
  )
  try {
    return readAnswer(event, await app.triggers.run(configured.arn, event))
  } catch (error) {
    if (error instanceof TriggerFailed) throw new Fault('TriggerFailed', trigger, error.message)
    if (error instanceof TriggerUnreachable) throw new Fault('TriggerUnreachable', trigger, error.message)
    if (error instanceof UnrecognizableOutput) throw new Fault('TriggerAnswer', error.message)
    throw error
  }
}

/** What any operation that runs a trigger may have to say. */
export const triggerFaults = ['TriggerFailed', 'TriggerAnswer', 'TriggerUnreachable'] as const

/** Is told of somebody who is confirmed, or has set a new password, when it is done: a refusal changes nothing of it. */
export async function postConfirmation(
  app: App,
  pool: Pool,
  user: User,
  source: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
  { clientId, metadata }: { readonly clientId?: string; readonly metadata: Metadata },
): Promise<void> {
  const about = { username: user.username, ...(clientId !== undefined && { clientId }) }
  await runTrigger(app, pool, source, about, () => ({
    userAttributes: eventAttributes(pool, user),
    clientMetadata: metadata,
  }))
}

/** What changes in the tokens that are about to be made. */
export async function preTokenGeneration(
  app: App,
  pool: Pool,
  source: TriggerSource & `TokenGeneration_${string}`,
  about: About,
  facts: () => Omit<PreTokenGenerationFacts, 'version'>,
): Promise<TokenOverrides | undefined> {
  return runTrigger(app, pool, source, about, (version) => ({ ...facts(), version }))
}
