import { glob, globMatches } from '../../lib/glob.ts'
import type { TriggerRunner } from '../../ports/trigger-runner.ts'

/** Where functions run: an ARN, in which `*` and `?` stand for any text, and what runs those that it names. */
export interface Route {
  readonly arn: string
  readonly runner: TriggerRunner
}

/** The first route that fits runs a function; those that none names are run by the last resort. */
export function routedRunner(routes: readonly Route[], lastResort: TriggerRunner): TriggerRunner {
  const known = routes.map(({ arn, runner }) => ({ pattern: glob(arn), runner }))
  return {
    run(functionArn, event) {
      const route = known.find(({ pattern }) => globMatches(pattern, functionArn))
      return (route?.runner ?? lastResort).run(functionArn, event)
    },
    async close() {
      await Promise.all(
        [...new Set([...routes.map(({ runner }) => runner), lastResort])].map((one) => one.close()),
      )
    },
  }
}
