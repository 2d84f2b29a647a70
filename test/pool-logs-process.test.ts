/** Logs of pools from the program itself: what a server that is told to stop still has, and what nobody takes. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  SetLogDeliveryConfigurationCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AwsDestinations } from './aws-destinations.ts'
import { password, refusal } from './fixtures.ts'
import { type Bundle, bundled, endAll, sdkAt } from './server-process.ts'

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

describe('a server with places for the logs of pools', () => {
  let bundle: Bundle
  let aws: AwsDestinations
  let endpoint: string
  before(async () => {
    bundle = await bundled()
    aws = new AwsDestinations()
    endpoint = await aws.open()
    aws.groups.set('notices', new Map())
    aws.buckets.set('archive', new Map())
  })
  afterEach(endAll)
  after(async () => {
    await bundle.remove()
    aws.close()
  })

  /** A server whose mail goes nowhere, and a pool that sends events to a bucket and notices to a log group. */
  async function served() {
    const flags = ['--pool-logs', `aws:${endpoint}`, '--email', 'smtp://127.0.0.1:1']
    const server = bundle.run(['serve', '--port', '0', '--data', bundle.newData(), ...flags], credentials)
    const client = sdkAt(await server.url())
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({
        PoolName: 'logged',
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
        AutoVerifiedAttributes: ['email'],
      }),
    )
    const UserPoolId = UserPool?.Id ?? ''
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'app',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    )
    await client.send(
      new SetLogDeliveryConfigurationCommand({
        UserPoolId,
        LogConfigurations: [
          {
            EventSource: 'userAuthEvents',
            LogLevel: 'INFO',
            S3Configuration: { BucketArn: 'arn:aws:s3:::archive' },
          },
          {
            EventSource: 'userNotification',
            LogLevel: 'ERROR',
            CloudWatchLogsConfiguration: {
              LogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:notices',
            },
          },
        ],
      }),
    )
    return { server, client, UserPoolId, ClientId: UserPoolClient?.ClientId ?? '' }
  }

  test('has delivered all of them when it has stopped', async () => {
    const { server, client, UserPoolId, ClientId } = await served()
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: 'ada',
        Password: password,
        UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
      }),
    )
    await server.heard(/message not delivered/, 'stderr')
    await assert.rejects(
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD: 'Wrong-horse-9' },
        }),
      ),
      refusal('UserNotConfirmedException', 'User is not confirmed.'),
    )
    assert.deepEqual(aws.linesIn('archive'), [])
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null })
    assert.deepEqual(
      aws
        .linesIn('archive')
        .map(({ message, logSourceId }) => [
          message.eventType,
          message.eventResponse,
          message.userName,
          logSourceId.userPoolId,
        ]),
      [
        ['SignUp', 'Pass', 'ada', UserPoolId],
        ['SignIn', 'Fail', 'ada', UserPoolId],
      ],
    )
    const [notice, ...others] = aws.logsIn('notices')
    assert.deepEqual(others, [])
    assert.match(
      String(notice?.message.details),
      /^Failed to deliver EMAIL message \S+ to a\*\*\*@e\*\*\*: .*ECONNREFUSED.*; attempt 1, it is tried again at /,
    )
    assert.doesNotMatch(server.stderr, /pool logs/)
  })

  test('says how many it could not deliver', async () => {
    aws.buckets.delete('archive')
    const { server, client, ClientId } = await served()
    await client.send(new SignUpCommand({ ClientId, Username: 'ada', Password: password }))
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null })
    const [line = ''] = /^.*pool logs lost.*$/m.exec(server.stderr) ?? []
    const { destination, reason, lines } = JSON.parse(line)
    assert.deepEqual(
      { destination, reason, lines },
      { destination: 'arn:aws:s3:::archive', reason: 'NoSuchBucket', lines: 1 },
    )
  })
})
