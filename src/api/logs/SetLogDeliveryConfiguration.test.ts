import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  GetLogDeliveryConfigurationCommand,
  type LogConfigurationType,
  SetLogDeliveryConfigurationCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

const LogGroupArn = 'arn:aws:logs:us-east-1:123456789012:log-group:cognito'
const group = { CloudWatchLogsConfiguration: { LogGroupArn } }
const bucket = { S3Configuration: { BucketArn: 'arn:aws:s3:::amzn-s3-demo-logging-bucket' } }
const stream = {
  FirehoseConfiguration: { StreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/events' },
}
const notices = { LogLevel: 'ERROR', EventSource: 'userNotification' } as const
const events = { LogLevel: 'INFO', EventSource: 'userAuthEvents' } as const

const invalid = (text: string) => refusal('InvalidParameterException', text)

/** The first five were measured at the live service. */
const refused: readonly (readonly [what: string, logs: readonly LogConfigurationType[], text: string])[] = [
  [
    'no destination',
    [notices],
    'Request validation Failed. Following event sources in request have no destination: [userNotification].',
  ],
  [
    'a source twice',
    [
      { ...notices, ...group },
      { ...notices, ...group, LogLevel: 'INFO' },
    ],
    'Request validation Failed. Following event sources appear more then once in a request: [userNotification].',
  ],
  [
    'a source twice and without a destination',
    [notices, notices],
    'Request validation Failed. Following event sources in request have no destination: [userNotification]. Following event sources appear more then once in a request: [userNotification].',
  ],
  [
    'a level that there is not',
    [{ ...notices, ...group, LogLevel: 'TRACE' as 'INFO' }],
    "1 validation error detected: Value 'TRACE' at 'logConfigurations.1.member.logLevel' failed to satisfy constraint: Member must satisfy enum value set: [ERROR, INFO]",
  ],
  [
    'a source that there is not',
    [{ ...notices, ...group, EventSource: 'notAThing' as 'userNotification' }],
    "1 validation error detected: Value 'notAThing' at 'logConfigurations.1.member.eventSource' failed to satisfy constraint: Member must satisfy enum value set: [userAuthEvents, userNotification]",
  ],
  [
    'a destination that says nothing',
    [{ ...events, CloudWatchLogsConfiguration: {} }],
    'Request validation Failed. Following event sources in request have no destination: [userAuthEvents].',
  ],
  [
    'events as errors',
    [{ ...events, ...group, LogLevel: 'ERROR' }],
    'The log level of userAuthEvents must be INFO.',
  ],
  [
    'notices as information',
    [{ ...notices, ...group, LogLevel: 'INFO' }],
    'The log level of userNotification must be ERROR.',
  ],
  ['two destinations', [{ ...events, ...group, ...bucket }], 'userAuthEvents can have one destination only.'],
  [
    'notices in a bucket',
    [{ ...notices, ...bucket }],
    'userNotification can be sent to CloudWatch Logs only.',
  ],
  [
    'notices in a stream',
    [{ ...notices, ...stream }],
    'userNotification can be sent to CloudWatch Logs only.',
  ],
]

describe('SetLogDeliveryConfiguration', () => {
  onEachStore((server) => {
    let plus: string
    before(async () => {
      plus = await createPool(server(), { UserPoolTier: 'PLUS' })
    })
    const set = async (LogConfigurations: readonly LogConfigurationType[], UserPoolId = plus) => {
      const { LogDeliveryConfiguration } = await server().client.send(
        new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations: [...LogConfigurations] }),
      )
      return LogDeliveryConfiguration
    }
    const get = async (UserPoolId = plus) => {
      const { LogDeliveryConfiguration } = await server().client.send(
        new GetLogDeliveryConfigurationCommand({ UserPoolId }),
      )
      return LogDeliveryConfiguration
    }

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'SetLogDeliveryConfiguration', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    for (const destination of [group, bucket, stream]) {
      test(`both sources, events to ${Object.keys(destination)}`, async () => {
        const LogConfigurations = [
          { ...notices, ...group },
          { ...events, ...destination },
        ]
        assert.deepEqual(await set(LogConfigurations), { UserPoolId: plus, LogConfigurations })
        assert.deepEqual(await get(), { UserPoolId: plus, LogConfigurations })
      })
    }

    test('replaces what there was, and nothing takes it away', async () => {
      await set([{ ...notices, ...group }])
      const LogConfigurations = [{ ...events, ...bucket }]
      assert.deepEqual(await set(LogConfigurations), { UserPoolId: plus, LogConfigurations })
      await set([])
      assert.deepEqual(await get(), { UserPoolId: plus, LogConfigurations: [] })
    })

    for (const [what, logs, text] of refused) {
      test(`refuses ${what}, and what there was stays`, async () => {
        const standing = await set([{ ...notices, ...group }])
        await assert.rejects(set(logs), invalid(text))
        assert.deepEqual(await get(), standing)
      })
    }

    test('events are for the Plus plan, and a pool that exports them stays in it', async () => {
      const UserPoolId = await createPool(server())
      await set([{ ...notices, ...group }], UserPoolId)
      const exporting = [{ ...events, ...group }]
      await assert.rejects(
        set(exporting, UserPoolId),
        refusal(
          'FeatureUnavailableInTierException',
          'The following feature is not available for the ESSENTIALS pricing tier configured: User Activity Log Export',
        ),
      )
      const move = (UserPoolTier: 'PLUS' | 'ESSENTIALS') =>
        server().client.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier }))
      await move('PLUS')
      await set(exporting, UserPoolId)
      await assert.rejects(
        move('ESSENTIALS'),
        refusal(
          'TierChangeNotAllowedException',
          'The following features need to be disabled for the ESSENTIALS pricing tier configured: User Activity Log Export',
        ),
      )
      await set([], UserPoolId)
      await move('ESSENTIALS')
    })

    poolMustExist(server, (pool) => set([], pool))
  })
})
