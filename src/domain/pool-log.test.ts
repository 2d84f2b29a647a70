import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuthEvent } from './auth-event.ts'
import type { Username, UserPoolId } from './ids.ts'
import type { LogConfiguration, Pool } from './pool.ts'
import { eventLog, logDestination, type Undelivered, undeliveredLog } from './pool-log.ts'

const poolId = 'us-west-2_EXAMPLE' as UserPoolId
const at = Date.UTC(2024, 6, 17, 17, 25, 55)

describe('where the logs of a pool go', () => {
  const group = 'arn:aws:logs:us-west-2:123456789012:log-group:exported'
  const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket'
  const stream = 'arn:aws:firehose:us-west-2:123456789012:deliverystream/exported'
  const notices = { LogLevel: 'ERROR', EventSource: 'userNotification' } as const
  const events = { LogLevel: 'INFO', EventSource: 'userAuthEvents' } as const
  const toGroup = { CloudWatchLogsConfiguration: { LogGroupArn: group } }
  const rows: readonly (readonly [
    what: string,
    logs: readonly LogConfiguration[] | undefined,
    goes: readonly unknown[] | undefined,
  ])[] = [
    ['nothing was said', undefined, undefined],
    ['nothing is wanted', [], undefined],
    ['only notices are', [{ ...notices, ...toGroup }], undefined],
    [
      'a log group',
      [
        { ...notices, ...toGroup },
        { ...events, ...toGroup },
      ],
      ['logs', group],
    ],
    ['a bucket', [{ ...events, S3Configuration: { BucketArn: bucket } }], ['s3', bucket]],
    ['a stream', [{ ...events, FirehoseConfiguration: { StreamArn: stream } }], ['firehose', stream]],
    ['an empty one beside it', [{ ...events, ...toGroup, S3Configuration: {} }], ['logs', group]],
  ]
  for (const [what, logs, goes] of rows) {
    test(what, () => {
      const pool = { id: poolId, region: 'eu-west-1', logs } as Pool
      const found = logDestination(pool, 'userAuthEvents')
      assert.deepEqual(found && [found.service, found.arn], goes)
      if (found !== undefined)
        assert.deepEqual([found.poolId, found.region, found.source], [poolId, 'eu-west-1', 'userAuthEvents'])
    })
  }
})

describe('the log of an event', () => {
  const event: AuthEvent = {
    poolId,
    username: 'test-user' as Username,
    id: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111',
    type: 'SignUp',
    at,
    expiresAt: at + 1,
    response: 'InProgress',
    challenges: [],
    context: { ip: '192.0.2.1', device: 'Other, Other' },
  }
  const call = {
    at: 1687297330677,
    user: { username: 'test-user' as Username, sub: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE22222' },
    clientId: '1example23456789',
    requestId: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE33333',
  }

  test('is that of the developer guide, but for where on earth it was', () => {
    const expected = {
      eventTimestamp: '1687297330677',
      eventSource: 'USER_AUTH_EVENTS',
      logLevel: 'INFO',
      message: {
        version: '1',
        eventId: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111',
        eventType: 'SignUp',
        userSub: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE22222',
        userName: 'test-user',
        userPoolId: 'us-west-2_EXAMPLE',
        clientId: '1example23456789',
        creationDate: 'Wed Jul 17 17:25:55 UTC 2024',
        eventResponse: 'InProgress',
        riskLevel: '',
        riskDecision: 'PASS',
        challenges: [],
        deviceName: 'Other, Other',
        ipAddress: '192.0.2.1',
        requestId: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE33333',
        idpName: '',
        compromisedCredentialDetected: 'false',
        city: '',
        country: '',
        eventFeedbackValue: '',
        eventFeedbackDate: '',
        eventFeedbackProvider: '',
        hasContextData: 'true',
      },
      logSourceId: { userPoolId: 'us-west-2_EXAMPLE' },
    }
    // As text: the order of the members is AWS's too.
    assert.equal(JSON.stringify(eventLog(event, call)), JSON.stringify(expected))
  })

  test('says what was found, answered and thought of it', () => {
    const { message } = eventLog(
      {
        ...event,
        challenges: [
          { name: 'Password', response: 'Success' },
          { name: 'Mfa', response: 'Failure' },
        ],
        risk: { decision: 'AccountTakeover', level: 'High', compromised: true },
        feedback: { value: 'Invalid', provider: 'User', at: at + 86_400_000 },
      },
      call,
    )
    const { challenges, riskLevel, riskDecision, compromisedCredentialDetected } = message
    assert.deepEqual(challenges, ['Password:Success', 'Mfa:Failure'])
    assert.deepEqual(
      [riskLevel, riskDecision, compromisedCredentialDetected],
      ['High', 'ACCOUNT_TAKEOVER', 'true'],
    )
    const { eventFeedbackValue, eventFeedbackDate, eventFeedbackProvider } = message
    assert.deepEqual(
      [eventFeedbackValue, eventFeedbackDate, eventFeedbackProvider],
      ['Invalid', 'Thu Jul 18 17:25:55 UTC 2024', 'User'],
    )
  })

  test('of nobody names nobody, and what is not known is empty', () => {
    const { message } = eventLog(
      { ...event, username: 'nobody 0123' as Username, context: {} },
      { at, user: undefined, clientId: undefined, requestId: undefined },
    )
    const { userSub, userName, clientId, requestId, ipAddress, deviceName, hasContextData } = message
    assert.deepEqual(
      { userSub, userName, clientId, requestId, ipAddress, deviceName, hasContextData },
      {
        userSub: '',
        userName: '',
        clientId: '',
        requestId: '',
        ipAddress: '',
        deviceName: '',
        hasContextData: 'false',
      },
    )
  })
})

describe('the log of a message that did not arrive', () => {
  const undelivered: Undelivered = {
    id: 'f0e1',
    medium: 'EMAIL',
    to: 'ada@example.com',
    code: '123456',
    reason: 'connection refused',
    failures: 1,
    next: at + 2000,
  }
  const detailsOf = (changes: Partial<Undelivered>) =>
    undeliveredLog(poolId, at, { ...undelivered, ...changes }).message.details

  test('has AWS’s envelope', () => {
    assert.deepEqual(undeliveredLog(poolId, at, undelivered), {
      eventTimestamp: String(at),
      eventSource: 'USER_NOTIFICATION',
      logLevel: 'ERROR',
      message: {
        details:
          'Failed to deliver EMAIL message f0e1 to a***@e***: connection refused; attempt 1, it is tried again at 2024-07-17T17:25:57.000Z.',
      },
      logSourceId: { userPoolId: 'us-west-2_EXAMPLE' },
    })
  })

  test('says when it is the last', () => {
    assert.equal(
      detailsOf({ failures: 7, next: undefined }),
      'Failed to deliver EMAIL message f0e1 to a***@e***: connection refused; attempt 7, it is given up.',
    )
  })

  const quoted: readonly (readonly [reason: string, shown: string, changes?: Partial<Undelivered>])[] = [
    ['550 5.1.1 <ada@example.com>: no such user', '550 5.1.1 <***@***>: no such user'],
    ['to=Ada@EXAMPLE.com refused', 'to=***@*** refused'],
    ['GET /?to=ada%40example.com&x failed', 'GET /?to=***@*** failed'],
    ['failed the check: ada@example.com, root@other.example', 'failed the check: ***@***, ***@***'],
    ['could not send 123456.', 'could not send ***.'],
    [
      'Invalid parameter: +15555550123 (15555550123)',
      'Invalid parameter: +*** (***)',
      { medium: 'SMS', to: '+15555550123' },
    ],
    ['from +15555550999', 'from +***'],
    [`${'x'.repeat(499)}123456`, `${'x'.repeat(499)}*`],
  ]
  for (const [reason, shown, changes] of quoted) {
    test(`quotes ${reason.slice(-45)}`, () => {
      assert.ok(String(detailsOf({ reason, ...changes })).includes(`: ${shown};`))
    })
  }
})
