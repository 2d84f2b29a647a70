import { operationNames } from '../src/api/names.ts'
import { refusals } from '../src/api/refusals.ts'
import { operations } from '../src/api/registry.ts'
import { faultCodes } from '../src/domain/faults.ts'
import { settings } from '../src/server/config.ts'

const access = { iam: 'IAM (SigV4)', token: 'access token', client: 'app client' }
const note = '<!-- Written by `npm run generate`. -->'

/** The reference pages, by path. */
export async function pages(): Promise<Record<string, string>> {
  return {
    'docs/operations.md': operationsPage(),
    'docs/faults.md': faultsPage(),
    'docs/settings.md': settingsPage(),
  }
}

function operationsPage(): string {
  const rows = [...operationNames].map((name) => {
    const operation = operations.get(name)
    if (operation === undefined) return `| ${name} | not yet | | |`
    return `| ${name} | ${access[operation.access.by]} | ${operation.doc} | ${operation.differs ?? ''} |`
  })
  return `${note}
# Operations

${operations.size} of ${operationNames.size} operations are served. The others answer \`NotImplementedException\`.

| Operation | Access | What it does | Differs from AWS |
|---|---|---|---|
${rows.join('\n')}
`
}

function faultsPage(): string {
  const rows = faultCodes.map((code) => {
    const { type, status = 400 } = refusals[code]
    const users = [...operations.values()].filter((operation) => operation.faults.includes(code)).length
    return `| ${code} | ${type} | ${status} | ${users === 0 ? 'access, validation or the server' : `${users} operations`} |`
  })
  return `${note}
# Faults

Every refusal, and how the JSON API expresses it. The texts are in \`src/domain/faults.ts\`.

| Fault | Exception | Status | Raised by |
|---|---|---|---|
${rows.join('\n')}
`
}

function settingsPage(): string {
  const rows = settings.map((setting) => {
    const standard = setting.standard === undefined ? '' : `\`${setting.standard}\``
    return `| \`--${setting.flag}\` | \`${setting.env}\` | ${standard} | ${setting.help} |`
  })
  return `${note}
# Settings

A flag beats its environment variable, which beats the default. Wrong settings are reported all at once, and the
process ends with code 2.

| Flag | Environment | Default | What it does |
|---|---|---|---|
${rows.join('\n')}
`
}
