import { Fault } from './faults.ts'
import type { LogConfiguration, Tier } from './pool.ts'
import { eventExport, exportsEvents, mustOffer } from './pool-tier.ts'

/** What each source of logs is sent as, and to where. Source: developer guide, "Exporting logs from user pools". */
const rules = {
  userNotification: { level: 'ERROR', destinations: ['CloudWatchLogsConfiguration'] },
  userAuthEvents: {
    level: 'INFO',
    destinations: ['CloudWatchLogsConfiguration', 'S3Configuration', 'FirehoseConfiguration'],
  },
} as const

const kinds = rules.userAuthEvents.destinations

/**
 * One configuration a source, each with one destination. The first two texts were measured at the live service
 * (floci-io/floci#2867), "then" and all; the others are ours.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier
 */
export function checkLogs(tier: Tier, configurations: readonly LogConfiguration[]): void {
  const sources = configurations.map(({ EventSource }) => EventSource)
  const bare = sourcesOf(configurations.filter((configuration) => destinationsOf(configuration).length === 0))
  const repeated = sourcesOf(
    configurations.filter(({ EventSource }, index) => sources.indexOf(EventSource) < index),
  )
  const complaints = [
    ...(bare.length > 0
      ? [`Following event sources in request have no destination: [${bare.join(', ')}].`]
      : []),
    ...(repeated.length > 0
      ? [`Following event sources appear more then once in a request: [${repeated.join(', ')}].`]
      : []),
  ]
  if (complaints.length > 0)
    throw new Fault('InvalidParameter', `Request validation Failed. ${complaints.join(' ')}`)
  for (const configuration of configurations) checkOne(configuration)
  if (exportsEvents(configurations)) mustOffer(tier, eventExport, 'PLUS')
}

function checkOne(configuration: LogConfiguration): void {
  const { EventSource, LogLevel } = configuration
  const { level, destinations } = rules[EventSource]
  const [given, another] = destinationsOf(configuration)
  if (LogLevel !== level)
    throw new Fault('InvalidParameter', `The log level of ${EventSource} must be ${level}.`)
  if (another !== undefined)
    throw new Fault('InvalidParameter', `${EventSource} can have one destination only.`)
  if (!destinations.some((allowed) => allowed === given))
    throw new Fault('InvalidParameter', `${EventSource} can be sent to CloudWatch Logs only.`)
}

const sourcesOf = (configurations: readonly LogConfiguration[]) => [
  ...new Set(configurations.map(({ EventSource }) => EventSource)),
]

const destinationsOf = (configuration: LogConfiguration) =>
  kinds.filter((kind) => Object.values(configuration[kind] ?? {}).length > 0)
