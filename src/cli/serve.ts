import { readConfig } from '../server/config.ts'
import { type Served, serve } from '../server/serve.ts'
import { usesWellKnownKey } from '../server/wiring.ts'
import type { Terminal } from './terminal.ts'

/** `cognate serve`: starts a server, says so in one line, and stops it at the first signal. */
export async function runServe(terminal: Terminal, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const config = readConfig(flags, terminal.env)
  let served: Served
  try {
    served = await serve(config)
  } catch (error) {
    terminal.error(`cognate: ${(error as Error).message}`)
    terminal.exit(1)
    return
  }
  if (config.iam === 'off')
    terminal.error('IAM is off: any credentials are accepted and nothing is forbidden.')
  else if (usesWellKnownKey(config))
    terminal.error('Without an iam.yaml, the access key "test" with the secret "test" may do everything.')
  terminal.print(`Cognate ready on ${served.url}`)
  await terminal.interrupted()
  await served.stop()
}
