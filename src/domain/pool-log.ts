import type { Instant } from '../lib/instant.ts'
import type { AuthEvent } from './auth-event.ts'
import type { UserPoolId } from './ids.ts'
import type { LogConfiguration, Pool } from './pool.ts'
import type { EventRisk } from './risk.ts'
import { type Medium, masked } from './template.ts'
import type { User } from './user.ts'

export type LogSource = LogConfiguration['EventSource']

/** Where one kind of a pool's logs goes. */
export interface LogDestination {
  /** As the ARN should name it too. */
  readonly service: 'logs' | 's3' | 'firehose'
  readonly arn: string
  readonly poolId: UserPoolId
  /** The pool's own: a bucket's ARN names none. */
  readonly region: string
  readonly source: LogSource
}

/**
 * An entry as AWS writes it. Source: developer guide, "Exporting logs from Amazon Cognito user pools"; where that says
 * USER_ACTIVITY, a file from a real bucket has USER_AUTH_EVENTS (grafana/lambda-promtail#92).
 */
export interface PoolLog {
  /** Milliseconds since 1970. */
  readonly eventTimestamp: string
  readonly eventSource: (typeof kinds)[LogSource]['name']
  readonly logLevel: LogConfiguration['LogLevel']
  readonly message: Readonly<Record<string, string | readonly string[]>>
  readonly logSourceId: { readonly userPoolId: UserPoolId }
}

const kinds = {
  userNotification: { name: 'USER_NOTIFICATION', level: 'ERROR' },
  userAuthEvents: { name: 'USER_AUTH_EVENTS', level: 'INFO' },
} as const

/** `USER_AUTH_EVENTS`: how entries, and the places they are kept in, name their source. */
export const sourceName = (source: LogSource): PoolLog['eventSource'] => kinds[source].name

/** Where a pool sends its logs of a kind, if it does. */
export function logDestination(pool: Pool, source: LogSource): LogDestination | undefined {
  const configured = pool.logs?.find(({ EventSource }) => EventSource === source)
  if (configured === undefined) return undefined
  const arns = {
    logs: configured.CloudWatchLogsConfiguration?.LogGroupArn,
    s3: configured.S3Configuration?.BucketArn,
    firehose: configured.FirehoseConfiguration?.StreamArn,
  }
  for (const service of ['logs', 's3', 'firehose'] as const) {
    const arn = arns[service]
    if (arn !== undefined) return { service, arn, poolId: pool.id, region: pool.region, source }
  }
  return undefined
}

const poolLog = (
  source: LogSource,
  poolId: UserPoolId,
  at: Instant,
  message: PoolLog['message'],
): PoolLog => ({
  eventTimestamp: String(at),
  eventSource: kinds[source].name,
  logLevel: kinds[source].level,
  message,
  logSourceId: { userPoolId: poolId },
})

/** The call that has brought an event to where it stands. */
export interface EventCall {
  readonly at: Instant
  /** Nobody for a name that no user has: what was typed in its place may be a password. */
  readonly user: Pick<User, 'username' | 'sub'> | undefined
  readonly clientId: string | undefined
  readonly requestId: string | undefined
}

/**
 * An event as it stands after a call. Members without a value are empty, as AWS's are. How AWS writes a risk, and a place
 * that is known, is assumed: only PASS was seen.
 */
export function eventLog(event: AuthEvent, { at, user, clientId, requestId }: EventCall): PoolLog {
  const { context, risk, feedback } = event
  return poolLog('userAuthEvents', event.poolId, at, {
    version: '1',
    eventId: event.id,
    eventType: event.type,
    userSub: user?.sub ?? '',
    userName: user?.username ?? '',
    userPoolId: event.poolId,
    clientId: clientId ?? '',
    creationDate: javaDate(event.at),
    eventResponse: event.response,
    riskLevel: risk?.level ?? '',
    riskDecision: decisions[risk?.decision ?? 'NoRisk'],
    challenges: event.challenges.map(({ name, response }) => `${name}:${response}`),
    deviceName: context.device ?? '',
    ipAddress: context.ip ?? '',
    requestId: requestId ?? '',
    idpName: event.provider ?? '',
    compromisedCredentialDetected: String(risk?.compromised ?? false),
    city: '',
    country: '',
    eventFeedbackValue: feedback?.value ?? '',
    eventFeedbackDate: feedback === undefined ? '' : javaDate(feedback.at),
    eventFeedbackProvider: feedback?.provider ?? '',
    hasContextData: String(context.ip !== undefined),
  })
}

const decisions: Record<EventRisk['decision'], string> = {
  NoRisk: 'PASS',
  AccountTakeover: 'ACCOUNT_TAKEOVER',
  Block: 'BLOCK',
}

/** `Wed Jul 17 17:25:55 UTC 2024`: as Java prints a date. */
function javaDate(at: Instant): string {
  const [weekday, day, month, year, time] = new Date(at).toUTCString().split(/,? /)
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}

/** A message that did not reach its user. */
export interface Undelivered {
  readonly id: string
  readonly medium: Medium
  readonly to: string
  readonly code?: string
  /** In the words of whoever refused it. */
  readonly reason: string
  readonly failures: number
  /** When it is tried again; never, when it is not. */
  readonly next: Instant | undefined
}

/** AWS documents that there are details, and none of them: these are ours. */
export function undeliveredLog(poolId: UserPoolId, at: Instant, undelivered: Undelivered): PoolLog {
  const { id, medium, to, failures, next } = undelivered
  const outlook =
    next === undefined ? 'it is given up' : `it is tried again at ${new Date(next).toISOString()}`
  const details = `Failed to deliver ${medium} message ${id} to ${masked(medium, to)}: ${discreet(undelivered)}; attempt ${failures}, ${outlook}.`
  return poolLog('userNotification', poolId, at, { details })
}

const longestReason = 500

/** Whoever refuses a message likes to quote it: its code is taken out, and every address. */
function discreet({ reason, medium, to, code }: Undelivered): string {
  const withoutCode = code ? reason.replaceAll(code, '***') : reason
  const withoutNumber = medium === 'SMS' ? withoutCode.replaceAll(to.replace(/^\+/, ''), '***') : withoutCode
  return withoutNumber
    .replaceAll(/\+\d{6,15}/g, '+***')
    .slice(0, 4 * longestReason)
    .replaceAll(/[^\s<>"'(),:;=]+(?:@|%40)[^\s<>"'(),:;]+/gi, '***@***')
    .slice(0, longestReason)
}
