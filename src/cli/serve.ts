import { type Config, readConfig, WrongSettings } from '../server/config.ts'
import { type Served, serve } from '../server/serve.ts'
import type { Terminal } from './terminal.ts'

/** `cognate serve`: starts a server, says so in one line, and stops it at the first signal. */
export async function runServe(terminal: Terminal, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const config = readConfig(flags, terminal.env)
  let served: Served
  try {
    served = await serve(config)
  } catch (error) {
    if (error instanceof WrongSettings) throw error
    terminal.error(`cognate: ${reasonOf(error, config)}`)
    terminal.exit(1)
    return
  }
  const warning = config.iam === 'off' ? iamOff : warnings[served.signers]
  if (warning !== undefined) terminal.error(warning)
  if (served.reopen !== undefined) terminal.atHangUp(served.reopen)
  // Whoever reads events from standard output reads nothing else there.
  const say = config.trail.includes('stdout:') ? terminal.error : terminal.print
  say(`Cognate ready on ${served.url}`)
  await terminal.interrupted()
  await served.stop()
}

const iamOff = 'IAM is off: any credentials are accepted and nothing is forbidden.'
const warnings: Record<Served['signers'], string | undefined> = {
  file: undefined,
  'well-known': 'Without an iam.yaml, the access key "test" with the secret "test" may do everything.',
  nobody: 'Without an iam.yaml, every request that must be signed is refused.',
}

function reasonOf(error: unknown, { host, port }: Config): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'EADDRINUSE' ? `port ${port} of ${host} is in use; choose another with --port` : message
}
