import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import {
  eventAttributes,
  type FactsOf,
  functionOf,
  type TriggerSource,
  triggerEvent,
  triggerOf,
} from './trigger-event.ts'
import { noMfa, type User } from './user.ts'

const poolId = 'eu-central-1_Abc123456' as UserPoolId
const occasion = { poolId, username: 'ada', clientId: '1example23456789' }
const userAttributes = { sub: '8f3c', 'cognito:user_status': 'CONFIRMED', email: 'ada@example.com' }
const clientMetadata = { lang: 'de' }
const groups = { groupsToOverride: ['staff'], iamRolesToOverride: [], preferredRole: null }
const session = [{ challengeName: 'SRP_A', challengeResult: true, challengeMetadata: null }]

interface Expected {
  readonly version?: string
  readonly request: object
  readonly response?: object
}

const row = <const S extends TriggerSource>(source: S, facts: FactsOf<S>, expected: Expected) => ({
  source,
  event: triggerEvent(source, occasion, facts),
  expected,
})

const preSignUp = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }
const define = { challengeName: null, issueTokens: null, failAuthentication: null }
const create = { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null }
const migration = {
  userAttributes: null,
  forceAliasCreation: null,
  enableSMSMFA: null,
  finalUserStatus: null,
  messageAction: null,
  desiredDeliveryMediums: null,
}
const message = { smsMessage: null, emailMessage: null, emailSubject: null }
const messageRequest = {
  userAttributes,
  codeParameter: '{####}',
  linkParameter: '{##Click Here##}',
  usernameParameter: null,
}

const rows = [
  row(
    'PreSignUp_SignUp',
    { userAttributes, validationData: { a: 'b' }, clientMetadata },
    {
      request: { userAttributes, validationData: { a: 'b' }, clientMetadata },
      response: preSignUp,
    },
  ),
  row(
    'PreSignUp_AdminCreateUser',
    { userAttributes },
    {
      request: { userAttributes, validationData: null },
      response: preSignUp,
    },
  ),
  row(
    'PreSignUp_ExternalProvider',
    { userAttributes, validationData: {} },
    {
      request: { userAttributes, validationData: {} },
      response: preSignUp,
    },
  ),
  row(
    'PostConfirmation_ConfirmSignUp',
    { userAttributes, clientMetadata },
    {
      request: { userAttributes, clientMetadata },
      response: {},
    },
  ),
  row(
    'PostConfirmation_ConfirmForgotPassword',
    { userAttributes },
    { request: { userAttributes }, response: {} },
  ),
  row(
    'PreAuthentication_Authentication',
    { userAttributes },
    {
      request: { userAttributes, validationData: {} },
      response: {},
    },
  ),
  row(
    'PreAuthentication_Authentication',
    { userAttributes: {}, validationData: { a: 'b' }, userNotFound: true },
    {
      request: { userAttributes: {}, validationData: { a: 'b' }, userNotFound: true },
      response: {},
    },
  ),
  row(
    'PostAuthentication_Authentication',
    { userAttributes, newDeviceUsed: false },
    {
      request: { userAttributes, newDeviceUsed: false },
      response: {},
    },
  ),
  row(
    'PostAuthentication_Authentication',
    { userAttributes, newDeviceUsed: true, clientMetadata },
    {
      request: { userAttributes, newDeviceUsed: true, clientMetadata },
      response: {},
    },
  ),
  row(
    'DefineAuthChallenge_Authentication',
    { userAttributes, session: [] },
    {
      request: { userAttributes, session: [] },
      response: define,
    },
  ),
  row(
    'DefineAuthChallenge_Authentication',
    { userAttributes, session, clientMetadata, userNotFound: false },
    {
      request: { userAttributes, session, clientMetadata, userNotFound: false },
      response: define,
    },
  ),
  row(
    'CreateAuthChallenge_Authentication',
    { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session, userNotFound: true },
    {
      request: { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session, userNotFound: true },
      response: create,
    },
  ),
  row(
    'VerifyAuthChallengeResponse_Authentication',
    { userAttributes, privateChallengeParameters: { answer: '42' }, challengeAnswer: '43', clientMetadata },
    {
      request: {
        userAttributes,
        privateChallengeParameters: { answer: '42' },
        challengeAnswer: '43',
        clientMetadata,
      },
      response: { answerCorrect: null },
    },
  ),
  ...(
    [
      'TokenGeneration_HostedAuth',
      'TokenGeneration_Authentication',
      'TokenGeneration_NewPasswordChallenge',
      'TokenGeneration_AuthenticateDevice',
      'TokenGeneration_RefreshTokens',
    ] as const
  ).flatMap((source) => [
    row(
      source,
      { version: 'V1_0', userAttributes, groupConfiguration: groups, scopes: ['openid'] },
      {
        request: { userAttributes, groupConfiguration: groups },
        response: { claimsOverrideDetails: null },
      },
    ),
    row(
      source,
      { version: 'V2_0', userAttributes, groupConfiguration: groups, scopes: ['openid'], clientMetadata },
      {
        version: '2',
        request: { userAttributes, groupConfiguration: groups, scopes: ['openid'], clientMetadata },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ),
    row(
      source,
      { version: 'V3_0', userAttributes, groupConfiguration: groups, scopes: [] },
      {
        version: '3',
        request: { userAttributes, groupConfiguration: groups, scopes: [] },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ),
  ]),
  row(
    'TokenGeneration_ClientCredentials',
    { version: 'V3_0', userAttributes: {}, groupConfiguration: null, scopes: ['api/read'], clientMetadata },
    {
      version: '3',
      request: { userAttributes: {}, groupConfiguration: null, scopes: ['api/read'], clientMetadata },
      response: { claimsAndScopeOverrideDetails: null },
    },
  ),
  row(
    'UserMigration_Authentication',
    { password: 'Old1!', validationData: { a: 'b' }, clientMetadata },
    {
      request: { password: 'Old1!', validationData: { a: 'b' }, userAttributes: null, clientMetadata },
      response: migration,
    },
  ),
  row(
    'UserMigration_ForgotPassword',
    {},
    {
      request: { validationData: null, userAttributes: null },
      response: migration,
    },
  ),
  ...(
    [
      'CustomMessage_SignUp',
      'CustomMessage_ResendCode',
      'CustomMessage_ForgotPassword',
      'CustomMessage_UpdateUserAttribute',
      'CustomMessage_VerifyUserAttribute',
      'CustomMessage_Authentication',
    ] as const
  ).map((source) => row(source, { userAttributes }, { request: messageRequest, response: message })),
  row(
    'CustomMessage_AdminCreateUser',
    { userAttributes, clientMetadata },
    {
      request: { ...messageRequest, usernameParameter: '{username}', clientMetadata },
      response: message,
    },
  ),
  ...(
    [
      'CustomEmailSender_SignUp',
      'CustomEmailSender_AdminCreateUser',
      'CustomEmailSender_ResendCode',
      'CustomEmailSender_ForgotPassword',
      'CustomEmailSender_UpdateUserAttribute',
      'CustomEmailSender_VerifyUserAttribute',
      'CustomEmailSender_Authentication',
    ] as const
  ).map((source) =>
    row(
      source,
      { userAttributes, code: 'AYAD' },
      {
        request: { type: 'customEmailSenderRequestV1', code: 'AYAD', clientMetadata: null, userAttributes },
      },
    ),
  ),
  row(
    'CustomEmailSender_AccountTakeOverNotification',
    { userAttributes, code: null },
    {
      request: { type: 'customEmailSenderRequestV1', code: null, clientMetadata: null, userAttributes },
    },
  ),
  ...(
    [
      'CustomSMSSender_SignUp',
      'CustomSMSSender_AdminCreateUser',
      'CustomSMSSender_ResendCode',
      'CustomSMSSender_ForgotPassword',
      'CustomSMSSender_UpdateUserAttribute',
      'CustomSMSSender_VerifyUserAttribute',
      'CustomSMSSender_Authentication',
    ] as const
  ).map((source) =>
    row(
      source,
      { userAttributes, code: 'AYAD', clientMetadata },
      {
        request: { type: 'customSMSSenderRequestV1', code: 'AYAD', clientMetadata, userAttributes },
      },
    ),
  ),
  row(
    'InboundFederation_ExternalProvider',
    { providerName: 'Okta', providerType: 'SAML', attributes: { samlResponse: { mail: 'a@b.c' } } },
    {
      request: {
        providerName: 'Okta',
        providerType: 'SAML',
        attributes: { samlResponse: { mail: 'a@b.c' } },
      },
      response: { userAttributesToMap: null },
    },
  ),
]

test('the event of every source', () => {
  for (const { source, event, expected } of rows) {
    assert.deepEqual(
      event,
      {
        version: expected.version ?? '1',
        triggerSource: source,
        region: 'eu-central-1',
        userPoolId: 'eu-central-1_Abc123456',
        userName: 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: '1example23456789' },
        request: expected.request,
        ...(expected.response && { response: expected.response }),
      },
      source,
    )
    assert.deepEqual(JSON.parse(JSON.stringify(event)), event, `${source} is JSON`)
  }
  assert.deepEqual(
    Object.keys(triggerOf).filter((source) => !rows.some((row) => row.source === source)),
    [],
    'a source without a row',
  )
})

test('administrators have no client', () => {
  const event = triggerEvent('PreSignUp_AdminCreateUser', { poolId, username: 'ada' }, { userAttributes })
  assert.equal(event.callerContext.clientId, 'CLIENT_ID_NOT_APPLICABLE')
})

test('the function of a trigger', () => {
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:f'
  assert.equal(functionOf({}, 'PreSignUp'), undefined)
  assert.deepEqual(functionOf({ PreSignUp: arn }, 'PreSignUp'), { arn, version: 'V1_0' })
  assert.deepEqual(functionOf({ PreTokenGeneration: arn }, 'PreTokenGeneration'), { arn, version: 'V1_0' })
  assert.deepEqual(
    functionOf(
      { PreTokenGeneration: arn, PreTokenGenerationConfig: { LambdaArn: arn, LambdaVersion: 'V3_0' } },
      'PreTokenGeneration',
    ),
    { arn, version: 'V3_0' },
  )
  const sender = { LambdaArn: arn, LambdaVersion: 'V1_0' } as const
  assert.deepEqual(functionOf({ CustomSMSSender: sender }, 'CustomSMSSender'), { arn, version: 'V1_0' })
})

test('attributes as events show them', () => {
  const user: User = {
    poolId,
    username: 'ada' as User['username'],
    sub: '8f3c',
    status: 'CONFIRMED',
    enabled: true,
    createdAt: 0,
    modifiedAt: 0,
    version: 1,
    attributes: { email: 'ada@example.com', email_verified: 'true', phone_number: '+15551234567' },
    mfa: noMfa,
  }
  const pool = { identity: { caseSensitive: false } } as Pool
  const aliased = {
    identity: { ...pool.identity, aliasAttributes: ['email', 'phone_number'] },
  } as unknown as Pool
  assert.deepEqual(eventAttributes(pool, user), {
    sub: '8f3c',
    'cognito:user_status': 'CONFIRMED',
    email: 'ada@example.com',
    email_verified: 'true',
    phone_number: '+15551234567',
  })
  assert.deepEqual(eventAttributes(aliased, { ...user, signedOutAt: 1729589887570 }), {
    'cognito:token_nbf': '1729589887570',
    sub: '8f3c',
    'cognito:email_alias': 'ada@example.com',
    'cognito:user_status': 'CONFIRMED',
    email: 'ada@example.com',
    email_verified: 'true',
    phone_number: '+15551234567',
  })
})
