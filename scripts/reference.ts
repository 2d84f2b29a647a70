import { basename } from 'node:path'
import { operationNames } from '../src/api/names.ts'
import { refusals } from '../src/api/refusals.ts'
import { operations } from '../src/api/registry.ts'
import { transitions } from '../src/domain/challenge.ts'
import { type FaultCode, faultCodes } from '../src/domain/faults.ts'
import { settings } from '../src/server/config.ts'
import { operationTests } from './sources.ts'

const access = {
  iam: 'IAM (SigV4)',
  token: 'access token',
  client: 'app client',
  mail: 'token out of a mail',
}
const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
const note = '<!-- Written by `npm run generate`. -->'

/** The reference pages, by path. */
export async function pages(): Promise<Record<string, string>> {
  return {
    'docs/operations.md': await operationsPage(),
    'docs/faults.md': faultsPage(),
    'docs/settings.md': settingsPage(),
    'docs/sign-in.md': signInPage(),
  }
}

async function operationsPage(): Promise<string> {
  const tests = await operationTests()
  const rows = [...operationNames].map((name) => {
    const operation = operations.get(name)
    if (operation === undefined) return row(name, 'not yet', '', '', '')
    const test = tests.get(name)
    const link = test === undefined ? 'none yet' : `[${basename(test)}](../${test})`
    return row(name, access[operation.access.by], operation.doc, operation.differs ?? '', link)
  })
  return `${note}
# Operations

${operations.size} of ${operationNames.size} operations are served.${operations.size < operationNames.size ? ' The others answer `NotImplementedException`.' : ''}

Every operation is held against AWS's declarations by \`test/contract.test.ts\`, against who may call it by
\`test/access.test.ts\` and against malformed input by \`test/fuzz.test.ts\`; the last column names the test of what it does.

${row('Operation', 'Access', 'What it does', 'Differs from AWS', 'Test')}
|---|---|---|---|---|
${rows.join('\n')}
`
}

function faultsPage(): string {
  const rows = faultCodes.map((code) => {
    const { type, status = 400 } = refusals[code]
    return row(code, type, String(status), raisedBy(code))
  })
  return `${note}
# Faults

Every refusal, and how the JSON API expresses it. The texts are in \`src/domain/faults.ts\`.

${row('Fault', 'Exception', 'Status', 'Raised by')}
|---|---|---|---|
${rows.join('\n')}
`
}

function raisedBy(code: FaultCode): string {
  const users = [...operations.values()].filter(({ faults }) => faults.includes(code))
  const guards = [...operations.values()].filter(({ access }) => access.faults.includes(code))
  if (guards.length > 0) return 'access'
  if (code === 'OperationNotEnabled') return 'access, in the region of a replica'
  if (users.length === 0) return 'the protocol or the server'
  return users.length === 1 ? `${users[0]?.name}` : `${users.length} operations`
}

function settingsPage(): string {
  const rows = settings.map((setting) => {
    const standard = setting.standard === undefined ? '' : `\`${setting.standard}\``
    return row(`\`--${setting.flag}\``, `\`${setting.env}\``, standard, setting.help)
  })
  return `${note}
# Settings

A flag beats its environment variable, which beats the default. Wrong settings are reported all at once, and the
process ends with code 2.

${row('Flag', 'Environment', 'Default', 'What it does')}
|---|---|---|---|
${rows.join('\n')}
`
}

/** The states of `transitions`, by how they are drawn. Those in small letters are not seen by clients as they are. */
function signInPage(): string {
  const id = (state: string) => (state === 'tokens' ? '[*]' : state.replaceAll(' ', '_'))
  const arrows = Object.entries(transitions).flatMap(([from, all]) =>
    all.map((to) => `  ${id(from)} --> ${id(to)}`),
  )
  const led = new Set<string>(Object.values(transitions).flat())
  const states = Object.keys(transitions)
  const beginnings = states.filter((state) => !led.has(state))
  const junctions = states.filter((state) => state.includes(' '))
  return `${note}
# Sign-in, as states

* What is in capitals is a challenge: \`InitiateAuth\` and \`RespondToAuthChallenge\`, their admin forms too, lead from one to
  the next. Whoever asks for a challenge and brings the answer along (a password, an A) takes two steps in one call.
* Sign-ins begin with ${beginnings.map((state) => `*${state}*`).join(', ')}, and end with tokens.
* Where ways meet there are ${junctions.map((state) => `*${state}*`).join(', ')}, which no client sees.
* Which second factor follows a password stands in [mfa-decision.md](mfa-decision.md).
* A refusal leads nowhere: the session stays until it is used or over.

The diagram is \`transitions\` in [\`src/domain/challenge.ts\`](../src/domain/challenge.ts). A test that sees a step that is
not in it fails, and so does a run of the whole suite that has not followed every arrow.

\`\`\`mermaid
stateDiagram-v2
${beginnings.map((state) => `  [*] --> ${id(state)}`).join('\n')}
${junctions.map((state) => `  state "${state}" as ${id(state)}`).join('\n')}
${arrows.join('\n')}
\`\`\`
`
}
