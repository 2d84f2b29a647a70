import { Command, CommanderError, Option } from 'commander'
import { runInbox } from './cli/inbox.ts'
import { runOutbox } from './cli/outbox.ts'
import { runServe } from './cli/serve.ts'
import type { Terminal } from './cli/terminal.ts'
import { settings, WrongSettings } from './server/config.ts'

/** The one file that touches the process. */
const terminal: Terminal = {
  env: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  interrupted: () =>
    new Promise((resolve) => {
      // Listened to for good: of one Ctrl-C, the terminal and npm send a signal each.
      process.on('SIGTERM', () => resolve())
      process.on('SIGINT', () => resolve())
    }),
  atHangUp: (action) => {
    process.on('SIGHUP', action)
  },
  exit: (code) => {
    process.exitCode = code
  },
}

const program = new Command('cognate')
  .description('An identity service that speaks the Amazon Cognito user pools API')
  .exitOverride()

const serve = program.command('serve', { isDefault: true }).description('start a server')
for (const { flag, value, help, standard } of settings) {
  const shown = standard === undefined ? help : `${help} (default: ${standard})`
  serve.addOption(new Option(value === undefined ? `--${flag}` : `--${flag} <${value}>`, shown))
}
serve.addHelpText(
  'after',
  '\nA setting may be given in the environment, too: --log-level as COGNATE_LOG_LEVEL.',
)
serve.action(async (_, command: Command) => {
  const given = command.opts()
  const flags = settings.map(({ flag }) => [flag, given[camelCase(flag)]] as const)
  await runServe(terminal, Object.fromEntries(flags))
})

program
  .command('inbox')
  .description('show the messages that a running server has sent, newest first')
  .option('--url <url>', 'where the server is', 'http://127.0.0.1:9229')
  .option('--user-pool-id <id>', 'messages of one pool')
  .option('--to <address>', 'messages to one phone number or email address')
  .option('--wait <seconds>', 'wait for a message, such as 10s')
  .option('--clear', 'remove them instead')
  .action((options) => runInbox(terminal, options))

const outbox = program
  .command('outbox')
  .description('show the messages that were given up, or send them again')
  .option('--resend <id>', 'send one again, or all')
const ofTheStore: readonly string[] = ['data', 'database-url', 'key-file']
for (const { flag, value, help } of settings)
  if (ofTheStore.includes(flag)) outbox.option(`--${flag} <${value}>`, help)
outbox.action(async (given) => {
  const flags = ofTheStore.map((flag) => [flag, given[camelCase(flag)]] as const)
  await runOutbox(terminal, Object.fromEntries(flags), given.resend)
})

program.addHelpText('after', () => `\nSettings of serve, which is the default:\n\n${serve.helpInformation()}`)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof WrongSettings) {
    for (const line of error.message.split('\n')) terminal.error(line)
    terminal.exit(2)
  } else if (error instanceof CommanderError) {
    terminal.exit(error.exitCode === 0 ? 0 : 2)
  } else throw error
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
