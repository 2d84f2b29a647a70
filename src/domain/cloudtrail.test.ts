import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cloudTrailRecord } from './cloudtrail.ts'
import type { OperationEvent, SignInEvent, Who } from './trail-event.ts'

const call: OperationEvent = {
  kind: 'operation',
  id: 'e-1',
  time: '2026-11-23T12:00:00.123Z',
  requestId: 'r-1',
  accountId: '123456789012',
  region: 'eu-west-1',
  source: { address: '192.0.2.1', userAgent: 'aws-cli/2' },
  who: { kind: 'nobody' },
  operation: 'DescribeUserPool',
  readOnly: true,
  request: { userPoolId: 'eu-west-1_a' },
  response: null,
}

const always = {
  eventVersion: '1.08',
  eventTime: '2026-11-23T12:00:00Z',
  eventSource: 'cognito-idp.amazonaws.com',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.1',
  userAgent: 'aws-cli/2',
  requestID: 'r-1',
  eventID: 'e-1',
  managementEvent: true,
  eventCategory: 'Management',
  recipientAccountId: '123456789012',
}
const anonymous = { type: 'Unknown', principalId: 'Anonymous' }

describe('a record of CloudTrail', () => {
  test('of an operation', () => {
    assert.deepEqual(cloudTrailRecord(call), {
      ...always,
      userIdentity: anonymous,
      eventName: 'DescribeUserPool',
      requestParameters: { userPoolId: 'eu-west-1_a' },
      responseElements: null,
      readOnly: true,
      eventType: 'AwsApiCall',
    })
  })

  test('of one that was refused, and about whom', () => {
    const { errorCode, errorMessage, additionalEventData } = cloudTrailRecord({
      ...call,
      poolId: 'eu-west-1_a',
      clientId: 'c',
      sub: 's',
      error: { type: 'NotAuthorizedException', message: 'Incorrect username or password.' },
    })
    assert.deepEqual(
      { errorCode, errorMessage, additionalEventData },
      {
        errorCode: 'NotAuthorizedException',
        errorMessage: 'Incorrect username or password.',
        additionalEventData: { sub: 's', userPoolId: 'eu-west-1_a', clientId: 'c' },
      },
    )
  })

  const account = { accountId: '123456789012' }
  const root = 'arn:aws:iam::123456789012:root'
  const session = 'arn:aws:sts::123456789012:assumed-role/deployer/monday'
  const identities: [string, Who, object][] = [
    ['nobody', { kind: 'nobody' }, anonymous],
    ['a user of a pool', { kind: 'user', sub: 's' }, anonymous],
    ['an app client', { kind: 'client', clientId: 'c' }, anonymous],
    [
      'the root, whatever it calls itself',
      { kind: 'principal', type: 'Account', arn: root, userId: 'AKIAANY', accessKeyId: 'AKIAANY' },
      { type: 'Root', principalId: '123456789012', arn: root, ...account, accessKeyId: 'AKIAANY' },
    ],
    [
      'a user of the account',
      {
        kind: 'principal',
        type: 'User',
        arn: 'arn:user/ada',
        userId: 'AIDA1',
        username: 'ada',
        accessKeyId: 'AKIA1',
      },
      {
        type: 'IAMUser',
        principalId: 'AIDA1',
        arn: 'arn:user/ada',
        ...account,
        accessKeyId: 'AKIA1',
        userName: 'ada',
      },
    ],
    [
      'a role',
      { kind: 'principal', type: 'AssumedRole', arn: session, userId: 'AROA1:monday' },
      {
        type: 'AssumedRole',
        principalId: 'AROA1:monday',
        arn: session,
        ...account,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: 'AROA1',
            arn: 'arn:aws:iam::123456789012:role/deployer',
            ...account,
            userName: 'deployer',
          },
        },
      },
    ],
  ]
  for (const [whose, who, userIdentity] of identities) {
    test(`names ${whose}`, () => {
      assert.deepEqual(cloudTrailRecord({ ...call, who }).userIdentity, userIdentity)
    })
  }

  const { operation: _, readOnly: __, request: ___, response: ____, ...happening } = call
  const signIn: SignInEvent = {
    ...happening,
    kind: 'sign-in',
    operation: 'RespondToAuthChallenge',
    signInId: 'i-1',
    flow: 'password',
    answered: 'SMS_MFA',
    result: 'Fail',
    fault: 'WrongCode',
    poolId: 'eu-west-1_a',
  }

  test('of a sign-in', () => {
    assert.deepEqual(cloudTrailRecord(signIn), {
      ...always,
      userIdentity: anonymous,
      eventName: 'SignIn',
      errorCode: 'WrongCode',
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: {
        operation: 'RespondToAuthChallenge',
        signInId: 'i-1',
        flow: 'password',
        challenge: 'SMS_MFA',
        result: 'Fail',
      },
      additionalEventData: { userPoolId: 'eu-west-1_a' },
    })
  })

  test('of a sign-in by no operation, that goes on', () => {
    const { requestId: _, operation: __, fault: ___, ...rest } = signIn
    const record = cloudTrailRecord({
      ...rest,
      source: { address: '192.0.2.1' },
      result: 'InProgress',
      asked: 'SMS_MFA',
      answered: 'PASSWORD',
    })
    assert.equal(record.userAgent, '')
    assert.equal('requestID' in record || 'errorCode' in record, false)
    assert.deepEqual(record.serviceEventDetails, {
      signInId: 'i-1',
      flow: 'password',
      challenge: 'PASSWORD',
      nextChallenge: 'SMS_MFA',
      result: 'InProgress',
    })
  })
})
