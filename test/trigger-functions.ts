import type { TriggerEvent } from '../src/domain/trigger-event.ts'
import { TriggerFailed, type TriggerRunner, TriggerUnreachable } from '../src/ports/trigger-runner.ts'

/** A Lambda function as a test writes it: what it is given and answers crosses as JSON, as it does on the way to a real one. */
// biome-ignore lint/suspicious/noExplicitAny: handlers change events at will
export type TestFunction = (event: any) => unknown

/** Functions by name, and the events that they were called with since this was last asked. */
export interface TestFunctions {
  readonly runner: TriggerRunner
  /** Puts functions in the place of those before; returns the LambdaConfig value for a name. */
  readonly define: (functions: Readonly<Record<string, TestFunction>>) => void
  readonly events: () => TriggerEvent[]
}

export const functionArnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`

export function testFunctions(): TestFunctions {
  let functions: Readonly<Record<string, TestFunction>> = {}
  let seen: TriggerEvent[] = []
  return {
    runner: {
      async run(arn, event) {
        const handler = functions[arn.split(':').at(-1) ?? '']
        if (handler === undefined) throw new TriggerUnreachable('ResourceNotFoundException')
        seen.push(structuredClone(event))
        return callWith(handler, event)
      },
      close: async () => {},
    },
    define(defined) {
      functions = defined
    },
    events() {
      const events = seen
      seen = []
      return events
    },
  }
}

async function callWith(handler: TestFunction, event: TriggerEvent): Promise<unknown> {
  try {
    const answer = await handler(JSON.parse(JSON.stringify(event)))
    return answer === undefined ? null : JSON.parse(JSON.stringify(answer))
  } catch (error) {
    if (error instanceof TriggerUnreachable) throw error
    throw new TriggerFailed((error as Error).message)
  }
}
