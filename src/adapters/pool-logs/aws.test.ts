import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { AwsDestinations } from '../../../test/aws-destinations.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import type { LogDestination, LogSource, PoolLog } from '../../domain/pool-log.ts'
import { awsPoolLogs } from './aws.ts'
import type { LaneOptions } from './lanes.ts'

const poolId = 'us-east-1_Abc123456' as UserPoolId
const at = Date.UTC(2026, 10, 23, 12)

const destination = (
  service: LogDestination['service'],
  arn: string,
  source: LogSource = 'userAuthEvents',
): LogDestination => ({ service, arn, poolId, region: 'us-east-1', source })
const group = (name: string, region = 'us-east-1') =>
  destination('logs', `arn:aws:logs:${region}:123456789012:log-group:${name}`)
const bucket = (name: string) => destination('s3', `arn:aws:s3:::${name}`)
const stream = (name: string) =>
  destination('firehose', `arn:aws:firehose:us-west-2:123456789012:deliverystream/${name}`)

const log = (details: string, when = at): PoolLog => ({
  eventTimestamp: String(when),
  eventSource: 'USER_AUTH_EVENTS',
  logLevel: 'INFO',
  message: { details },
  logSourceId: { userPoolId: poolId },
})
const detailsOf = (logs: readonly PoolLog[]) => logs.map(({ message }) => message.details)

let aws: AwsDestinations
let endpoint: string
let lost: Readonly<Record<string, unknown>>[]

before(() => {
  process.env.AWS_ACCESS_KEY_ID = 'test'
  process.env.AWS_SECRET_ACCESS_KEY = 'test'
})
after(() => {
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
})
beforeEach(async () => {
  lost = []
  aws = new AwsDestinations()
  endpoint = await aws.open()
  aws.groups.set('exported', new Map())
  aws.buckets.set('archive', new Map())
  aws.streams.set('events', [])
})
afterEach(() => aws.close())

/** Lingers until it is told to go on, and waits for nothing between two tries. */
const atOnce: Partial<LaneOptions> = {
  linger: { logs: 1, s3: 1, firehose: 1 },
  pauses: [0, 0, 0],
  pause: (milliseconds, signal) =>
    milliseconds === 0 || signal.aborted
      ? Promise.resolve()
      : new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
}

const open = (lanes: Partial<LaneOptions> = {}, at: string | undefined = endpoint) =>
  awsPoolLogs({
    endpoint: at,
    accountId: '123456789012',
    clock: { now: () => 0 },
    journal: { info: () => {}, warn: (event, facts) => lost.push({ event, ...facts }), error: assert.fail },
    lanes: { ...atOnce, ...lanes },
  })

describe('CloudWatch Logs', () => {
  test('a stream is made where there is none, in the region of the group, and known from then on', async () => {
    const logs = open()
    logs.put(group('exported', 'eu-west-1'), log('one'))
    await logs.flush()
    logs.put(group('exported', 'eu-west-1'), log('two'))
    await logs.close()
    assert.deepEqual(aws.asked, [
      'PutLogEvents eu-west-1',
      'CreateLogStream eu-west-1',
      'PutLogEvents eu-west-1',
      'PutLogEvents eu-west-1',
    ])
    assert.deepEqual(
      [...(aws.groups.get('exported')?.keys() ?? [])],
      ['cognito-us-east-1_Abc123456_USER_AUTH_EVENTS'],
    )
    assert.deepEqual(aws.logsIn('exported'), [log('one'), log('two')])
    assert.deepEqual(lost, [])
  })

  test('two nodes write to one stream, whichever of them makes it', async () => {
    const nodes = [open(), open(), open()]
    for (const [index, node] of nodes.entries()) node.put(group('exported'), log(String(index)))
    await Promise.all(nodes.map((node) => node.close()))
    assert.deepEqual(detailsOf(aws.logsIn('exported')).toSorted(), ['0', '1', '2'])
    assert.equal(aws.groups.get('exported')?.size, 1)
  })

  test('what a request holds is in order of time, each with its own', async () => {
    const logs = open()
    for (const when of [3, 1, 2]) logs.put(group('exported'), log(String(when), when))
    await logs.close()
    const events = [...(aws.groups.get('exported')?.values() ?? [])].flat()
    assert.deepEqual(
      events.map(({ timestamp }) => timestamp),
      [1, 2, 3],
    )
  })

  test('a request holds no more than the service takes', async () => {
    const logs = open()
    const long = 'x'.repeat(300)
    for (let count = 0; count < 10_500; count += 1) logs.put(group('exported'), log(`${count} ${long}`))
    await logs.close()
    assert.equal(aws.logsIn('exported').length, 10_500)
    assert.ok(aws.sizes.length > 4, String(aws.sizes))
    assert.deepEqual(lost, [])
  })

  test('what is too new for the service is counted, and what is not is there', async () => {
    aws.now = at
    const logs = open()
    logs.put(group('exported'), log('new', at + 7_200_001))
    logs.put(group('exported'), log('now'))
    await logs.close()
    assert.deepEqual(detailsOf(aws.logsIn('exported')), ['now'])
    assert.deepEqual(lost, [
      { event: 'pool logs lost', destination: group('exported').arn, lines: 1, reason: 'too old or too new' },
    ])
  })

  test('an ARN with a star behind it names the same group', async () => {
    const logs = open()
    logs.put(group('exported:*'), log('one'))
    await logs.close()
    assert.deepEqual(detailsOf(aws.logsIn('exported')), ['one'])
  })
})

describe('S3', () => {
  const folder = 'AWSLogs/123456789012/AWSCognitoServiceLogs/us-east-1/us-east-1_Abc123456/USER_AUTH_EVENTS/'

  test('lines are in a file, compressed, under the name that AWS would give it', async () => {
    const logs = open()
    logs.put(bucket('archive'), log('one'))
    logs.put(bucket('archive'), log('two'))
    await logs.close()
    const keys = [...(aws.buckets.get('archive')?.keys() ?? [])]
    assert.equal(keys.length, 1)
    assert.ok(keys[0]?.startsWith(folder))
    assert.match(
      keys[0]?.slice(folder.length) ?? '',
      /^123456789012_aws_cognito_service_logs_us-east-1_us-east-1_Abc123456_userAuthEvents_INFO_S3_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}_cognito-us-east-1_Abc123456_USER_AUTH_EVENTS_20261123_[\da-f]{16}\.log\.gz$/,
    )
    assert.deepEqual(aws.linesIn('archive', folder), [log('one'), log('two')])
    assert.deepEqual(aws.asked, ['PutObject us-east-1'])
  })

  test('another request is another file; the same once more, after an answer that was late, is not', async () => {
    const logs = open({ patience: 50 })
    let silent = true
    aws.instead = (_, url) => {
      if (!silent) return undefined
      silent = false
      aws.buckets.get('archive')?.set(/archive\/([^?]+)/.exec(url)?.[1] ?? '', Buffer.of())
      return 'silence'
    }
    logs.put(bucket('archive'), log('one'))
    await logs.flush()
    assert.equal(aws.buckets.get('archive')?.size, 1)
    logs.put(bucket('archive'), log('two'))
    await logs.close()
    assert.equal(aws.buckets.get('archive')?.size, 2)
    assert.deepEqual(detailsOf(aws.linesIn('archive')), ['one', 'two'])
    assert.deepEqual(lost, [])
  })

  test('slow down is heeded', async () => {
    const answers = [{ status: 503, type: 'SlowDown' }, { status: 500, type: 'InternalError' }, undefined]
    aws.instead = () => answers.shift()
    const logs = open()
    logs.put(bucket('archive'), log('one'))
    await logs.close()
    assert.deepEqual(detailsOf(aws.linesIn('archive')), ['one'])
    assert.equal(aws.asked.length, 3)
  })
})

describe('Data Firehose', () => {
  test('records are lines, in the region of the stream', async () => {
    const logs = open()
    for (const details of ['one', 'two']) logs.put(stream('events'), log(details))
    await logs.close()
    assert.deepEqual(aws.asked, ['PutRecordBatch us-west-2'])
    assert.deepEqual(aws.recordsIn('events'), [log('one'), log('two')])
  })

  test('only what was not taken is sent again', async () => {
    const refused = new Set(['two', 'three'])
    aws.refuses = (record) => refused.delete(String(JSON.parse(record).message.details))
    const logs = open()
    for (const details of ['one', 'two', 'three', 'four']) logs.put(stream('events'), log(details))
    await logs.close()
    assert.deepEqual(aws.sizes, [4, 2])
    assert.deepEqual(detailsOf(aws.recordsIn('events')), ['one', 'four', 'two', 'three'])
    assert.deepEqual(lost, [])
  })

  test('what is never taken is given up and counted', async () => {
    aws.refuses = (record) => record.includes('two')
    const logs = open()
    for (const details of ['one', 'two']) logs.put(stream('events'), log(details))
    await logs.close()
    assert.deepEqual(aws.sizes, [2, 1, 1, 1])
    assert.deepEqual(detailsOf(aws.recordsIn('events')), ['one'])
    assert.deepEqual(lost, [
      {
        event: 'pool logs lost',
        destination: stream('events').arn,
        lines: 1,
        reason: 'ServiceUnavailableException',
      },
    ])
  })

  test('a request holds no more than the service takes', async () => {
    const logs = open()
    for (let count = 0; count < 1200; count += 1) logs.put(stream('events'), log(String(count)))
    await logs.close()
    assert.equal(aws.recordsIn('events').length, 1200)
    assert.deepEqual(aws.sizes, [500, 500, 200])
  })
})

describe('each of them', () => {
  const all = [group('exported'), bucket('archive'), stream('events')]

  test('is tried again where it throttles', async () => {
    const left = new Map([
      ['PutLogEvents', { status: 400, type: 'ThrottlingException' }],
      ['PutObject', { status: 429, type: 'TooManyRequests' }],
      ['PutRecordBatch', { status: 500, type: 'ServiceUnavailableException' }],
    ])
    aws.instead = (operation) => {
      const answer = left.get(operation)
      left.delete(operation)
      return answer
    }
    const logs = open()
    for (const each of all) logs.put(each, log('one'))
    await logs.close()
    const arrived = [aws.logsIn('exported'), aws.linesIn('archive'), aws.recordsIn('events')]
    assert.deepEqual(arrived.map(detailsOf), [['one'], ['one'], ['one']])
    assert.deepEqual(lost, [])
  })

  test('is not tried again where it is not allowed; nothing that was in the log is in the journal', async () => {
    aws.instead = (operation) =>
      operation === 'PutObject'
        ? { status: 403, type: 'AccessDenied' }
        : { status: 400, type: 'AccessDeniedException' }
    const logs = open()
    for (const each of all) logs.put(each, log('a secret'))
    await logs.close()
    assert.equal(aws.asked.length, 3)
    const reasons = new Map(lost.map(({ destination, reason }) => [destination, reason]))
    assert.deepEqual(
      all.map(({ arn }) => reasons.get(arn)),
      ['AccessDeniedException', 'AccessDenied', 'AccessDeniedException'],
    )
    assert.ok(!JSON.stringify(lost).includes('a secret'))
  })

  test('is not made where it is not there', async () => {
    const logs = open()
    const absent = [group('absent'), bucket('absent'), stream('absent')]
    for (const each of absent) logs.put(each, log('one'))
    await logs.close()
    assert.deepEqual(lost.map(({ reason }) => reason).toSorted(), [
      'NoSuchBucket',
      'ResourceNotFoundException',
      'ResourceNotFoundException',
    ])
    assert.ok(!aws.groups.has('absent'))
  })

  test('is given up where it hangs, and holds up no other', async () => {
    aws.instead = (operation) => (operation === 'PutObject' ? 'silence' : undefined)
    const logs = open({ patience: 200, pauses: [] })
    for (const each of all) logs.put(each, log('one'))
    const flushed = logs.flush()
    await aws.until(() => aws.logsIn('exported').length === 1 && aws.recordsIn('events').length === 1)
    assert.deepEqual(lost, [])
    await flushed
    assert.deepEqual(lost, [
      { event: 'pool logs lost', destination: bucket('archive').arn, lines: 1, reason: 'TimeoutError' },
    ])
    await logs.close()
  })

  test('whose ARN is that of something else is asked nothing', async () => {
    const logs = open()
    const wrong = [
      { ...bucket('archive'), service: 'logs' },
      { ...stream('events'), service: 's3' },
      { ...group('exported'), service: 'firehose' },
    ] as const
    for (const each of wrong) logs.put(each, log('one'))
    await logs.close()
    assert.deepEqual(aws.asked, [])
    assert.deepEqual(
      lost.map(({ reason }) => reason),
      ['not the ARN of a log group', 'not the ARN of a bucket', 'not the ARN of a Firehose stream'],
    )
  })

  test('that nobody answers at is told by the name of the error', async () => {
    const logs = open({ pauses: [] }, 'http://127.0.0.1:1')
    for (const each of all) logs.put(each, log('one'))
    await logs.close()
    assert.deepEqual(
      lost.map(({ reason }) => reason),
      ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
    )
  })

  test('can have an endpoint of its own, as the SDK is told', async () => {
    const named = {
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint.replace('127.0.0.1', 'localhost'),
      AWS_ENDPOINT_URL_FIREHOSE: endpoint,
    }
    Object.assign(process.env, named)
    try {
      const logs = awsPoolLogs({
        endpoint: undefined,
        accountId: '123456789012',
        clock: { now: () => 0 },
        journal: { info: () => {}, warn: assert.fail, error: assert.fail },
      })
      for (const each of all) logs.put(each, log('one'))
      await logs.close()
    } finally {
      for (const name of Object.keys(named)) delete process.env[name]
    }
    const arrived = [aws.logsIn('exported'), aws.linesIn('archive'), aws.recordsIn('events')]
    assert.deepEqual(arrived.map(detailsOf), [['one'], ['one'], ['one']])
  })
})
