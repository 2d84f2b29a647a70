import { basename } from 'node:path'
import { operationNames } from '../src/api/names.ts'
import { refusals } from '../src/api/refusals.ts'
import { operations } from '../src/api/registry.ts'
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

${operations.size} of ${operationNames.size} operations are served. The others answer \`NotImplementedException\`.

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
