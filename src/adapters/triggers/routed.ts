import { glob, globMatches } from '../../lib/glob.ts'
import type { TriggerRunner } from '../../ports/trigger-runner.ts'
import { functionArn } from './function-arn.ts'

/** Where functions run: an ARN, in which `*` and `?` stand for any text, and what runs those that it names. */
export interface Route {
  readonly arn: string
  readonly runner: TriggerRunner
}

/**
 * The first route that fits runs a function, whichever alias or version is asked for; those that none names are run by the
 * last resort.
 */
export function routedRunner(routes: readonly Route[], lastResort: TriggerRunner): TriggerRunner {
  const known = routes.map(({ arn, runner }) => ({ pattern: glob(arn), runner }))
  return {
    run(text, event) {
      const unqualified = functionArn(text)?.unqualified ?? text
      const route = known.find(
        ({ pattern }) => globMatches(pattern, text) || globMatches(pattern, unqualified),
      )
      return (route?.runner ?? lastResort).run(text, event)
    },
    async close() {
      await Promise.all(
        [...new Set([...routes.map(({ runner }) => runner), lastResort])].map((one) => one.close()),
      )
    },
  }
}
