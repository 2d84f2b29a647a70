/** What users do, and messages that do not reach them, in the log groups, buckets and streams that a pool has named. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminUpdateAuthEventFeedbackCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  type LogConfigurationType,
  ResendConfirmationCodeCommand,
  SetLogDeliveryConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { awsPoolLogs } from '../../src/adapters/pool-logs/aws.ts'
import type { PoolLog } from '../../src/domain/pool-log.ts'
import { deliverDue } from '../../src/flows/delivery.ts'
import { type MessageSender, Undeliverable } from '../../src/ports/message-sender.ts'
import { createPlace, messageSent, signUp } from '../accounts.ts'
import { AwsDestinations } from '../aws-destinations.ts'
import { createRecordedPool, eventsOf } from '../events.ts'
import { createUser, password, smsConfiguration } from '../fixtures.ts'
import { onEachStore, type TestServer } from '../harness.ts'
import { codeSent, type Place, respond, setLegacySms, start } from '../sign-in.ts'
import { claimOf, newSrp } from '../srp-client.ts'
import { functionArnOf } from '../trigger-functions.ts'

process.env.AWS_ACCESS_KEY_ID = 'test'
process.env.AWS_SECRET_ACCESS_KEY = 'test'
const aws = new AwsDestinations()
const poolLogs = awsPoolLogs({
  endpoint: await aws.open(),
  accountId: '123456789012',
  clock: { now: () => 0 },
  journal: {
    info: () => {},
    warn: (event, facts) => assert.fail(JSON.stringify({ event, ...facts })),
    error: assert.fail,
  },
})
after(async () => {
  await poolLogs.close()
  aws.close()
})
beforeEach(() => {
  aws.groups.set('exported', new Map())
  aws.groups.set('notices', new Map())
  aws.buckets.set('archive', new Map())
  aws.streams.set('events', [])
})

const toGroup = (name: string) => ({
  CloudWatchLogsConfiguration: { LogGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:${name}` },
})
const toBucket = { S3Configuration: { BucketArn: 'arn:aws:s3:::archive' } }
const toStream = {
  FirehoseConfiguration: { StreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/events' },
}
const events = { LogLevel: 'INFO', EventSource: 'userAuthEvents' } as const
const notices = { LogLevel: 'ERROR', EventSource: 'userNotification' } as const

const send = (server: TestServer, UserPoolId: string, ...LogConfigurations: LogConfigurationType[]) =>
  server.client.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations }))

/** Everything that has arrived anywhere. */
async function arrived(): Promise<PoolLog[]> {
  await poolLogs.flush()
  return [
    ...aws.logsIn('exported'),
    ...aws.logsIn('notices'),
    ...aws.linesIn('archive'),
    ...aws.recordsIn('events'),
  ]
}

/** `SignIn InProgress Password:Success` */
const inShort = ({ message }: PoolLog) =>
  [message.eventType, message.eventResponse, ...(message.challenges ?? [])].join(' ')

const requestIdOf = (answer: object) =>
  (answer as { $metadata?: { requestId?: string } }).$metadata?.requestId

/** That of a call which is refused. */
const refused = (call: Promise<object>): Promise<string | undefined> =>
  call.then(() => assert.fail('was not refused'), requestIdOf)

describe('what users do', () => {
  onEachStore(
    (server) => {
      const wrong = (place: Place, USERNAME: string) =>
        start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: 'Wrong-horse-9' })
      const right = (place: Place, USERNAME: string) =>
        start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: password })
      const subOf = async ({ UserPoolId }: Place, Username: string) => {
        const { UserAttributes = [] } = await server().client.send(
          new AdminGetUserCommand({ UserPoolId, Username }),
        )
        return UserAttributes.find(({ Name }) => Name === 'sub')?.Value
      }

      const destinations: readonly (readonly [what: string, destination: object, read: () => PoolLog[]])[] = [
        ['a log group', toGroup('exported'), () => aws.logsIn('exported')],
        ['a bucket', toBucket, () => aws.linesIn('archive')],
        ['a stream', toStream, () => aws.recordsIn('events')],
      ]
      for (const [what, destination, read] of destinations) {
        test(`is in ${what}, call by call, and nothing else is`, async () => {
          const place = await createRecordedPool(server(), { AutoVerifiedAttributes: ['email'] })
          const { UserPoolId, ClientId } = place
          await send(server(), UserPoolId, { ...events, ...destination })
          const Username = 'ada'
          const began = server().clock.now
          const ids: (string | undefined)[] = []
          ids.push(
            requestIdOf(
              await signUp(server(), { ...place, ClientSecret: undefined }, Username, {
                email: 'ada@example.com',
                phone_number: '+15555550123',
              }),
            ),
          )
          const { code: ConfirmationCode } = await messageSent(server())
          await server().client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))
          await setLegacySms(server(), UserPoolId, Username)
          server().clock.now += 1000
          ids.push(await refused(wrong(place, Username)))
          server().clock.now += 1000
          const asked = await right(place, Username)
          ids.push(requestIdOf(asked))
          const code = await codeSent(server())
          server().clock.now += 1000
          ids.push(
            requestIdOf(
              await respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', asked.Session, {
                USERNAME: Username,
                SMS_MFA_CODE: code,
              }),
            ),
          )
          const logs = await arrived()
          assert.deepEqual(logs, read())
          const [signIn, failed, signedUp] = await eventsOf(server(), UserPoolId, Username)
          const userSub = await subOf(place, Username)
          const wanted = [
            [signedUp, 0, 0, 'SignUp', 'Pass', []],
            [failed, 1, 1, 'SignIn', 'Fail', ['Password:Failure']],
            [signIn, 2, 2, 'SignIn', 'InProgress', ['Password:Success']],
            [signIn, 3, 2, 'SignIn', 'Pass', ['Password:Success', 'Mfa:Success']],
          ] as const
          assert.deepEqual(
            logs,
            wanted.map(([event, told, created, eventType, eventResponse, challenges], index) => ({
              eventTimestamp: String(began + told * 1000),
              eventSource: 'USER_AUTH_EVENTS',
              logLevel: 'INFO',
              message: {
                version: '1',
                eventId: event?.EventId,
                eventType,
                userSub,
                userName: Username,
                userPoolId: UserPoolId,
                clientId: ClientId,
                creationDate: javaDate(began + created * 1000),
                eventResponse,
                riskLevel: '',
                riskDecision: 'PASS',
                challenges,
                deviceName: 'Other, Other',
                ipAddress: '127.0.0.1',
                requestId: ids[index],
                idpName: '',
                compromisedCredentialDetected: 'false',
                city: '',
                country: '',
                eventFeedbackValue: '',
                eventFeedbackDate: '',
                eventFeedbackProvider: '',
                hasContextData: 'true',
              },
              logSourceId: { userPoolId: UserPoolId },
            })),
          )
        })
      }

      test('codes, new passwords and what is said of an event are there too', async () => {
        const place = await createRecordedPool(server(), { AutoVerifiedAttributes: ['email'] })
        const { UserPoolId, ClientId } = place
        await send(server(), UserPoolId, { ...events, ...toGroup('exported') })
        const Username = 'busy'
        await signUp(server(), { ...place, ClientSecret: undefined }, Username, { email: 'busy@example.com' })
        await server().sent()
        await server().client.send(new ResendConfirmationCodeCommand({ ClientId, Username }))
        const ConfirmationCode = await codeSent(server())
        await server().client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))
        await server().client.send(new ForgotPasswordCommand({ ClientId, Username }))
        const reset = { ClientId, Username, Password: 'Another-horse-9' }
        const code = await codeSent(server())
        await refused(
          server().client.send(new ConfirmForgotPasswordCommand({ ...reset, ConfirmationCode: '0' })),
        )
        await server().client.send(new ConfirmForgotPasswordCommand({ ...reset, ConfirmationCode: code }))
        const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, {
          USERNAME: Username,
          PASSWORD: 'Another-horse-9',
        })
        await server().client.send(
          new ChangePasswordCommand({
            AccessToken: AuthenticationResult?.AccessToken,
            PreviousPassword: 'Another-horse-9',
            ProposedPassword: 'Third-horse-9',
          }),
        )
        const logs = await arrived()
        assert.deepEqual(logs.map(inShort), [
          'SignUp Pass',
          'ResendCode Pass',
          'ForgotPassword Pass',
          'PasswordChange Fail',
          'PasswordChange Pass',
          'SignIn Pass Password:Success',
          'PasswordChange Pass',
        ])
        const userSub = await subOf(place, Username)
        for (const { message } of logs) {
          assert.deepEqual(
            [message.userSub, message.userName, message.clientId],
            [userSub, Username, ClientId],
          )
        }
        assert.equal(new Set(logs.map(({ message }) => message.requestId)).size, logs.length)
        // What is said of an event is an entry of that event.
        const said = logs.findLast(({ message }) => message.eventType === 'SignIn')
        const EventId = String(said?.message.eventId)
        const { $metadata } = await server().client.send(
          new AdminUpdateAuthEventFeedbackCommand({
            UserPoolId,
            Username,
            EventId,
            FeedbackValue: 'Invalid',
          }),
        )
        assert.deepEqual((await arrived()).slice(logs.length), [
          {
            ...said,
            message: {
              ...said?.message,
              clientId: '',
              requestId: $metadata.requestId,
              eventFeedbackValue: 'Invalid',
              eventFeedbackDate: javaDate(server().clock.now),
              eventFeedbackProvider: 'Admin',
            },
          },
        ])
      })

      test('each wrong answer is there, and no replay of what has passed', async () => {
        const place = await createRecordedPool(server())
        await send(server(), place.UserPoolId, { ...events, ...toGroup('exported') })
        const USERNAME = 'proven'
        await createUser(server(), place.UserPoolId, USERNAME)
        for (const _ of [1, 2]) await refused(wrong(place, USERNAME))
        const srp = newSrp()
        const asked = await start(
          server(),
          'InitiateAuth',
          place,
          { USERNAME, SRP_A: srp.A },
          'USER_SRP_AUTH',
        )
        const group = place.UserPoolId.split('_')[1] ?? ''
        const claim = claimOf(srp, asked.ChallengeParameters, group, USERNAME, password)
        const answer = () =>
          respond(server(), 'RespondToAuthChallenge', place, 'PASSWORD_VERIFIER', undefined, {
            USERNAME,
            ...claim,
          })
        await answer()
        await refused(answer())
        assert.deepEqual((await arrived()).map(inShort), [
          'SignIn Fail Password:Failure',
          'SignIn Fail Password:Failure',
          'SignIn InProgress',
          'SignIn Pass Password:Success',
        ])
      })

      test('what was tried in a name that nobody has is there without the name', async () => {
        const place = await createRecordedPool(server(), {}, { PreventUserExistenceErrors: 'ENABLED' })
        await send(server(), place.UserPoolId, { ...events, ...toGroup('exported') })
        await refused(wrong(place, 'Typed-password-9'))
        const [log, ...others] = await arrived()
        assert.deepEqual(others, [])
        assert.equal(log && inShort(log), 'SignIn Fail Password:Failure')
        assert.deepEqual([log?.message.userSub, log?.message.userName], ['', ''])
        assert.equal(log?.message.ipAddress, '127.0.0.1')
        assert.ok(!JSON.stringify(log).includes('Typed'))
        assert.ok(!JSON.stringify(log).includes('nobody'))
      })

      test('of a sign-up that came to nothing, nothing is', async () => {
        const place = await createRecordedPool(server())
        await createUser(server(), place.UserPoolId, 'standing')
        await send(server(), place.UserPoolId, { ...events, ...toGroup('exported') })
        const at = { ...place, ClientSecret: undefined }
        await refused(signUp(server(), at, 'standing'))
        const both = await Promise.allSettled([
          signUp(server(), at, 'racing'),
          signUp(server(), at, 'racing'),
        ])
        assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
        assert.deepEqual((await arrived()).map(inShort), ['SignUp Pass'])
      })

      test('of a pool that names no destination, that wants notices alone, or has no threat protection, nothing is', async () => {
        const before = aws.asked.length
        const silent = await createRecordedPool(server())
        const noticed = await createRecordedPool(server())
        await send(server(), noticed.UserPoolId, { ...notices, ...toGroup('exported') })
        const off = await createRecordedPool(server(), { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } })
        await send(server(), off.UserPoolId, { ...events, ...toGroup('exported') })
        for (const place of [silent, noticed, off]) {
          await createUser(server(), place.UserPoolId, 'ada')
          await refused(wrong(place, 'ada'))
          await right(place, 'ada')
        }
        assert.deepEqual(await arrived(), [])
        assert.equal(aws.asked.length, before)
      })

      test('is kept apart by pool, and goes where the pool says now', async () => {
        const places = [await createRecordedPool(server()), await createRecordedPool(server())]
        for (const place of places) {
          await createUser(server(), place.UserPoolId, 'ada')
          await send(server(), place.UserPoolId, { ...events, ...toGroup('exported') })
          await right(place, 'ada')
        }
        await poolLogs.flush()
        assert.deepEqual(
          [...(aws.groups.get('exported')?.keys() ?? [])].toSorted(),
          places.map(({ UserPoolId }) => `cognito-${UserPoolId}_USER_AUTH_EVENTS`).toSorted(),
        )
        const [place] = places
        assert.ok(place)
        await send(server(), place.UserPoolId, { ...events, ...toStream })
        await right(place, 'ada')
        await poolLogs.flush()
        assert.deepEqual([aws.logsIn('exported').length, aws.recordsIn('events').length], [2, 1])
      })
    },
    { poolLogs },
  )
})

describe('messages that do not reach their users', () => {
  let fail: () => never
  const channel: MessageSender = { send: async () => fail(), close: async () => {} }

  onEachStore(
    (server) => {
      before(async () => {
        server().functions.define({
          carrier() {
            throw new Error('out of stamps for ada@example.com')
          },
        })
      })

      test('a mail, at each attempt, without its code and its address', async () => {
        const place = await createPlace(server())
        await send(server(), place.UserPoolId, { ...notices, ...toGroup('notices') })
        await signUp(server(), place, 'ada', { email: 'ada@example.com' })
        const [message] = await server().app.store.messages.list({ poolId: place.UserPoolId, limit: 1 })
        assert.ok(message?.code)
        const { id, code } = message
        fail = () => {
          throw new Error(`421 not now, ada@example.com: "Your code is ${code}"`)
        }
        const began = server().clock.now
        await deliverDue(server().app, 'EMAIL')
        server().clock.now += 2000
        fail = () => {
          throw new Undeliverable('550 5.1.1 <ada@example.com>: no such user')
        }
        await deliverDue(server().app, 'EMAIL')
        const entry = (at: number, details: string) => ({
          eventTimestamp: String(at),
          eventSource: 'USER_NOTIFICATION',
          logLevel: 'ERROR',
          message: { details },
          logSourceId: { userPoolId: place.UserPoolId },
        })
        assert.deepEqual(await arrived(), [
          entry(
            began,
            `Failed to deliver EMAIL message ${id} to a***@e***: 421 not now, ***@***: "Your code is ***"; attempt 1, it is tried again at ${new Date(began + 2000).toISOString()}.`,
          ),
          entry(
            began + 2000,
            `Failed to deliver EMAIL message ${id} to a***@e***: 550 5.1.1 <***@***>: no such user; attempt 2, it is given up.`,
          ),
        ])
        assert.deepEqual(
          [...(aws.groups.get('notices')?.keys() ?? [])],
          [`cognito-${place.UserPoolId}_USER_NOTIFICATION`],
        )
      })

      test('an SMS', async () => {
        const place = await createPlace(server(), {
          AutoVerifiedAttributes: ['phone_number'],
          SmsConfiguration: smsConfiguration,
        })
        await send(server(), place.UserPoolId, { ...notices, ...toGroup('notices') })
        await signUp(server(), place, 'ada', { phone_number: '+15555550123' })
        fail = () => {
          throw new Undeliverable('InvalidParameter: Invalid parameter: PhoneNumber Reason: +15555550123')
        }
        await deliverDue(server().app, 'SMS')
        const [log, ...others] = await arrived()
        assert.deepEqual(others, [])
        assert.match(
          String(log?.message.details),
          /^Failed to deliver SMS message [\da-f-]+ to \+\*{7}0123: InvalidParameter: Invalid parameter: PhoneNumber Reason: \+\*\*\*; attempt 1, it is given up\.$/,
        )
      })

      test('by a function that carries them', async () => {
        const place = await createPlace(server(), {
          LambdaConfig: {
            CustomEmailSender: { LambdaArn: functionArnOf('carrier'), LambdaVersion: 'V1_0' },
            KMSKeyID: 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357',
          },
        })
        await send(server(), place.UserPoolId, { ...notices, ...toGroup('notices') })
        await signUp(server(), place, 'ada', { email: 'ada@example.com' })
        await deliverDue(server().app, 'EMAIL')
        const [log, ...others] = await arrived()
        assert.deepEqual(others, [])
        assert.match(
          String(log?.message.details),
          /^Failed to deliver EMAIL message [\da-f-]+ to a\*\*\*@e\*\*\*: out of stamps for \*\*\*@\*\*\*; attempt 1, it is tried again at /,
        )
      })

      test('of a pool that wants none, nothing is told', async () => {
        const place = await createPlace(server())
        await signUp(server(), place, 'ada', { email: 'ada@example.com' })
        fail = () => {
          throw new Undeliverable('no')
        }
        await deliverDue(server().app, 'EMAIL')
        assert.deepEqual(await arrived(), [])
      })
    },
    { poolLogs, channels: { EMAIL: channel, SMS: channel } },
  )
})

/** `Wed Jul 17 17:25:55 UTC 2024` */
const javaDate = (at: number) =>
  new Date(at).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4')
