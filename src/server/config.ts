import { isIP } from 'node:net'
import { join } from 'node:path'
import { regionForm } from '../domain/ids.ts'

/**
 * Every setting, in one table: its flag, its environment variable, its reader, its default and its line of help.
 * The type, `--help` and docs/settings.md all follow from it.
 */
export interface Setting<T = unknown> {
  readonly flag: string
  readonly env: string
  /** As it would be written; undefined where there is none. */
  readonly standard: string | undefined
  /** What stands for the value in --help; absent for a switch. */
  readonly value?: string
  readonly help: string
  /** @throws Error with what is wrong, to be printed behind the flag's name */
  readonly read: (text: string) => T
}

const setting = <const Flag extends string, T>(
  flag: Flag,
  facts: { standard?: string; value?: string; help: string; read: (text: string) => T },
) =>
  ({
    flag,
    env: `COGNATE_${flag.toUpperCase().replaceAll('-', '_')}`,
    standard: undefined,
    ...facts,
  }) as const

const text = (value: string) => value
const oneOf =
  <const V extends string>(...values: readonly V[]) =>
  (value: string): V => {
    const known = values.find((candidate) => candidate === value)
    if (known === undefined) throw new Error(`must be one of ${values.join(', ')}`)
    return known
  }
const matching = (pattern: RegExp, wanted: string) => (value: string) => {
  if (!pattern.test(value)) throw new Error(`must be ${wanted}`)
  return value
}
const url =
  (...protocols: string[]) =>
  (value: string) => {
    const parsed = URL.parse(value)
    if (!parsed || !protocols.includes(parsed.protocol))
      throw new Error(`must be a URL (${protocols.join(' or ')}//…)`)
    return value.replace(/\/+$/, '')
  }
const flag = oneOf('true', 'false')
const sinks = (value: string): readonly string[] => {
  const named = value.split(',').filter(Boolean)
  if (named.every((sink) => /^(stdout:$|(file|cloudtrail|module):.)/.test(sink))) return named
  throw new Error('must be a list of stdout:, file:path, cloudtrail:path and module:./file.mjs')
}

export const settings = [
  setting('port', {
    standard: '9229',
    value: 'number',
    help: 'TCP port to listen on; 0 takes any free one.',
    read: (value) => {
      if (!/^[0-9]{1,5}$/.test(value) || Number(value) > 65535)
        throw new Error('must be a port from 0 to 65535')
      return Number(value)
    },
  }),
  setting('host', {
    standard: '127.0.0.1',
    value: 'address',
    help: 'Address to listen on.',
    read: matching(/^[\w.:-]{1,253}$/, 'a host name or an IP address'),
  }),
  setting('data', {
    standard: '.cognate',
    value: 'folder',
    help: 'Folder of the embedded store, the key file and iam.yaml.',
    read: text,
  }),
  setting('database-url', {
    value: 'url',
    help: 'PostgreSQL to use instead of the embedded store.',
    read: url('postgres:', 'postgresql:'),
  }),
  setting('key-file', {
    value: 'file',
    help: 'Keys that seal secrets in the store; created when absent. Default: keys.json in the data folder; must be given with --database-url.',
    read: text,
  }),
  setting('region', {
    standard: 'us-east-1',
    value: 'region',
    help: 'Region of requests that name none.',
    read: matching(regionForm, 'a region such as us-east-1'),
  }),
  setting('account-id', {
    standard: '123456789012',
    value: 'digits',
    help: 'AWS account id that ARNs are written with.',
    read: matching(/^[0-9]{12}$/, 'twelve digits'),
  }),
  setting('public-url', {
    value: 'url',
    help: 'Where clients reach this server. Default: http://localhost and the port.',
    read: url('http:', 'https:'),
  }),
  setting('issuer', {
    standard: 'own',
    value: 'own|aws',
    help: "How tokens name their issuer: by this server's URL, or as AWS would.",
    read: oneOf('own', 'aws'),
  }),
  setting('iam', {
    standard: 'enforced',
    value: 'enforced|off',
    help: 'Whether signatures and policies are checked. Off accepts any credentials.',
    read: oneOf('enforced', 'off'),
  }),
  setting('iam-file', {
    value: 'file',
    help: 'Principals and policies. Default: iam.yaml in the data folder; without one, the root key test/test works on loopback with the embedded store.',
    read: text,
  }),
  setting('compromised-passwords', {
    value: 'file',
    help: 'SHA-1 digests of passwords, one a line and sorted, as Have I Been Pwned publishes them: threat protection refuses them. The commonest passwords are known without it.',
    read: text,
  }),
  setting('throttle', {
    standard: 'off',
    value: 'on|off',
    help: "Whether requests are held to the rates of AWS's quotas, each node by itself. UpdateProvisionedLimit raises some.",
    read: oneOf('on', 'off'),
  }),
  setting('inbox', {
    standard: 'loopback',
    value: 'loopback|on|off',
    help: 'Who may read the messages under /_cognate/inbox: clients on this machine, everybody, nobody.',
    read: oneOf('loopback', 'on', 'off'),
  }),
  setting('email', {
    standard: 'inbox:',
    value: 'channel',
    help: 'What carries mail: inbox:, smtp://user:password@host:587, smtps://…, ses:[endpoint], webhook:https://…, module:./file.mjs.',
    read: matching(/^(inbox:$|smtps?:\/\/|ses:|webhook:https?:\/\/|module:.)/, 'a channel that carries mail'),
  }),
  setting('sms', {
    standard: 'inbox:',
    value: 'channel',
    help: 'What carries SMS: inbox:, sns:[endpoint], twilio://account:token@api.twilio.com?from=+1…, webhook:https://…, module:./file.mjs.',
    read: matching(/^(inbox:$|sns:|twilio:\/\/|webhook:https?:\/\/|module:.)/, 'a channel that carries SMS'),
  }),
  setting('mail-from', {
    standard: 'no-reply@localhost',
    value: 'address',
    help: 'Whom mail is from, where a pool does not say.',
    read: matching(/^[^\r\n]{3,320}$/, 'an address'),
  }),
  setting('webhook-secret', {
    value: 'secret',
    help: 'Signs what goes to webhooks: X-Cognate-Signature-256.',
    read: text,
  }),
  setting('kms', {
    standard: 'local:',
    value: 'local:|aws:[endpoint]',
    help: "Where the keys of custom senders are: this server's own, behind a KMS API that it serves, or AWS KMS.",
    read: matching(/^(local:$|aws:)/, 'local: or aws:'),
  }),
  setting('pool-logs', {
    standard: 'off',
    value: 'off|aws:[endpoint]',
    help: 'Where the logs of pools go that SetLogDeliveryConfiguration sends away: nowhere, or to CloudWatch Logs, S3 and Data Firehose, at AWS or at a server that speaks all three.',
    read: matching(/^(off$|aws:($|https?:\/\/.))/, 'off, aws: or aws:https://…'),
  }),
  setting('outbound-private', {
    standard: 'loopback',
    value: 'loopback|on|off',
    help: "Whether metadata and discovery documents of identity providers may be read from addresses that are not public: this machine's own while the server listens on loopback, all, none.",
    read: oneOf('loopback', 'on', 'off'),
  }),
  setting('triggers', {
    value: 'folder',
    help: 'Where Lambda functions are: NAME.js, .mjs, .cjs or .ts, run by every trigger whose ARN ends in function:NAME. Default: triggers in the data folder.',
    read: text,
  }),
  setting('trigger-map', {
    value: 'file',
    help: 'Where other Lambda functions run: a YAML list of arn (with * and ?) and target (lambda:[endpoint], https://…, module:./file).',
    read: text,
  }),
  setting('test-clock', {
    standard: 'false',
    help: 'Lets tests move the clock under /_cognate/clock; never beyond loopback.',
    read: flag,
  }),
  setting('insist', {
    standard: 'false',
    help: 'Starts although --iam=off is unsafe with this host or store.',
    read: flag,
  }),
  setting('trail', {
    value: 'sinks',
    help: 'Where the audit trail goes, with commas between: stdout:, file:path, cloudtrail:path, module:./file.mjs. Nowhere, if nothing is said.',
    read: sinks,
  }),
  setting('log-level', {
    standard: 'warn',
    value: 'level',
    help: 'Least severe event to write to standard error: debug, info, warn, error, silent.',
    read: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  }),
] as const

type Given = { [S in (typeof settings)[number] as S['flag']]: ReturnType<S['read']> | undefined }

export interface Config {
  readonly port: number
  readonly host: string
  readonly loopback: boolean
  readonly data: string
  readonly databaseUrl: string | undefined
  readonly keyFile: string
  readonly region: string
  readonly accountId: string
  readonly publicUrl: string | undefined
  readonly issuer: 'own' | 'aws'
  readonly iam: 'enforced' | 'off'
  readonly iamFile: string | undefined
  readonly compromisedPasswords: string | undefined
  readonly throttle: 'on' | 'off'
  readonly inbox: 'loopback' | 'on' | 'off'
  readonly email: string
  readonly sms: string
  readonly mailFrom: string
  readonly webhookSecret: string | undefined
  readonly kms: string
  readonly poolLogs: string
  /** Which addresses besides public ones documents may be read from. */
  readonly outbound: { readonly loopback: boolean; readonly private: boolean }
  readonly triggers: string
  readonly triggerMap: string | undefined
  readonly testClock: boolean
  readonly trail: readonly string[]
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Every setting that is wrong, one a line. */
export class WrongSettings extends Error {}

/**
 * Reads the settings: flags first, then the environment, then the defaults.
 * @throws WrongSettings naming all that is wrong at once
 */
export function readConfig(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const wrong: string[] = []
  const given: Record<string, unknown> = {}
  for (const { flag, env: variable, standard, read } of settings) {
    const fromFlag = flags[flag]
    const fromEnv = env[variable] || undefined
    const value = fromFlag === undefined ? (fromEnv ?? standard) : String(fromFlag)
    if (value === undefined) continue
    try {
      given[flag] = read(value)
    } catch (error) {
      const source = fromFlag === undefined && fromEnv !== undefined ? variable : `--${flag}`
      wrong.push(`${source}: ${(error as Error).message}`)
    }
  }
  wrong.push(...contradictions(given as Given))
  if (wrong.length > 0) throw new WrongSettings(wrong.join('\n'))
  return assemble(given as Given)
}

/** Settings that are right and do not go together. One that is wrong, or has no default, is absent here. */
function contradictions(given: Given): string[] {
  const found: string[] = []
  const beyondLoopback = given.host !== undefined && !isLoopback(given.host)
  const server = given['database-url'] !== undefined
  if (given.iam === 'off' && given.insist === 'false' && (beyondLoopback || server)) {
    found.push(
      '--iam=off: anybody who reaches this server could do anything. Add --insist if that is what you want.',
    )
  }
  if (given['test-clock'] === 'true' && beyondLoopback) {
    found.push('--test-clock: a clock that anybody may move is served on loopback only.')
  }
  if (server && given['key-file'] === undefined) {
    found.push('--key-file: must be given with --database-url; all nodes need the same keys.')
  }
  return found
}

function assemble(given: Given): Config {
  const data = given.data ?? ''
  const host = given.host ?? ''
  return {
    port: given.port ?? 0,
    host,
    loopback: isLoopback(host),
    data,
    databaseUrl: given['database-url'],
    keyFile: given['key-file'] ?? join(data, 'keys.json'),
    region: given.region ?? '',
    accountId: given['account-id'] ?? '',
    publicUrl: given['public-url'],
    issuer: given.issuer ?? 'own',
    iam: given.iam ?? 'enforced',
    iamFile: given['iam-file'],
    compromisedPasswords: given['compromised-passwords'],
    throttle: given.throttle ?? 'off',
    inbox: given.inbox ?? 'loopback',
    email: given.email ?? 'inbox:',
    sms: given.sms ?? 'inbox:',
    mailFrom: given['mail-from'] ?? '',
    webhookSecret: given['webhook-secret'],
    kms: given.kms ?? 'local:',
    poolLogs: given['pool-logs'] ?? 'off',
    outbound: outbound(given['outbound-private'] ?? 'off', isLoopback(host)),
    triggers: given.triggers ?? join(data, 'triggers'),
    triggerMap: given['trigger-map'],
    testClock: given['test-clock'] === 'true',
    trail: given.trail ?? [],
    logLevel: given['log-level'] ?? 'warn',
  }
}

/** This machine's own addresses are as good as private ones to whoever can reach the server from elsewhere. */
function outbound(setting: 'loopback' | 'on' | 'off', loopback: boolean): Config['outbound'] {
  const everywhere = setting === 'on'
  return { loopback: everywhere || (setting === 'loopback' && loopback), private: everywhere }
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
