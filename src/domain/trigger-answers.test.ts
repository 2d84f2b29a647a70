import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserPoolId } from './ids.ts'
import { readAnswer, type TriggerEvent, type TriggerSource, triggerEvent } from './trigger-event.ts'
import { UnrecognizableOutput } from './trigger-output.ts'

const occasion = {
  poolId: 'us-east-1_Abc123456' as UserPoolId,
  username: 'ada',
  clientId: '1example23456789',
}
const userAttributes = { sub: '8f3c', email: 'ada@example.com' }
const groups = { groupsToOverride: ['staff'], iamRolesToOverride: [], preferredRole: null }
const noFlags = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }

function tokens(version: 'V1_0' | 'V2_0' | 'V3_0') {
  const facts = { version, userAttributes, groupConfiguration: groups, scopes: [] }
  return triggerEvent('TokenGeneration_Authentication', occasion, facts)
}

/** One event a trigger. */
const events: readonly TriggerEvent[] = [
  triggerEvent('PreSignUp_SignUp', occasion, { userAttributes }),
  triggerEvent('PostConfirmation_ConfirmSignUp', occasion, { userAttributes }),
  triggerEvent('PreAuthentication_Authentication', occasion, { userAttributes }),
  triggerEvent('PostAuthentication_Authentication', occasion, { userAttributes, newDeviceUsed: false }),
  triggerEvent('DefineAuthChallenge_Authentication', occasion, { userAttributes, session: [] }),
  triggerEvent('CreateAuthChallenge_Authentication', occasion, {
    userAttributes,
    challengeName: 'CUSTOM_CHALLENGE',
    session: [],
  }),
  triggerEvent('VerifyAuthChallengeResponse_Authentication', occasion, {
    userAttributes,
    privateChallengeParameters: {},
    challengeAnswer: '',
  }),
  tokens('V1_0'),
  triggerEvent('UserMigration_Authentication', occasion, { password: '' }),
  triggerEvent('CustomMessage_SignUp', occasion, { userAttributes }),
  triggerEvent('CustomEmailSender_SignUp', occasion, { userAttributes, code: '' }),
  triggerEvent('CustomSMSSender_SignUp', occasion, { userAttributes, code: '' }),
  triggerEvent('InboundFederation_ExternalProvider', occasion, {
    providerName: 'Okta',
    providerType: 'OIDC',
    attributes: {},
  }),
]

function eventOf(source: TriggerSource): TriggerEvent {
  const event = events.find(({ triggerSource }) => triggerSource === source)
  assert.ok(event, source)
  return event
}

test('an event that comes back as it went changes nothing', () => {
  const nothing: Partial<Record<TriggerSource, unknown>> = {
    PostConfirmation_ConfirmSignUp: undefined,
    PreAuthentication_Authentication: undefined,
    PreSignUp_SignUp: noFlags,
    DefineAuthChallenge_Authentication: {
      challengeName: undefined,
      issueTokens: false,
      failAuthentication: false,
    },
    CreateAuthChallenge_Authentication: {
      publicChallengeParameters: {},
      privateChallengeParameters: {},
      challengeMetadata: undefined,
    },
    VerifyAuthChallengeResponse_Authentication: { answerCorrect: false },
    TokenGeneration_Authentication: {
      id: { addOrOverride: {}, suppress: [] },
      access: { addOrOverride: {}, suppress: [], scopesToAdd: [], scopesToSuppress: [] },
    },
    UserMigration_Authentication: {
      userAttributes: undefined,
      finalUserStatus: 'RESET_REQUIRED',
      messageAction: undefined,
      desiredDeliveryMediums: ['SMS'],
      forceAliasCreation: false,
      enableSMSMFA: false,
    },
    CustomMessage_SignUp: { smsMessage: undefined, emailMessage: undefined, emailSubject: undefined },
    InboundFederation_ExternalProvider: { userAttributesToMap: undefined },
    PostAuthentication_Authentication: undefined,
    CustomEmailSender_SignUp: undefined,
    CustomSMSSender_SignUp: undefined,
  }
  for (const event of events) {
    const source = event.triggerSource
    assert.ok(source in nothing, source)
    for (const answer of [JSON.parse(JSON.stringify(event)), { response: {} }]) {
      assert.deepEqual(readAnswer(event, answer), nothing[source], source)
    }
  }
})

const answers: readonly (readonly [TriggerSource, response: unknown, answer: unknown])[] = [
  ['PreSignUp_SignUp', { autoConfirmUser: true, extra: 1 }, { ...noFlags, autoConfirmUser: true }],
  [
    'DefineAuthChallenge_Authentication',
    { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: null },
    { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false },
  ],
  [
    'CreateAuthChallenge_Authentication',
    {
      publicChallengeParameters: { a: '1', b: null },
      privateChallengeParameters: { c: '2' },
      challengeMetadata: 'M',
    },
    { publicChallengeParameters: { a: '1' }, privateChallengeParameters: { c: '2' }, challengeMetadata: 'M' },
  ],
  ['VerifyAuthChallengeResponse_Authentication', { answerCorrect: true }, { answerCorrect: true }],
  [
    'UserMigration_Authentication',
    {
      userAttributes: { email: 'ada@example.com' },
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
      desiredDeliveryMediums: ['EMAIL', 'SMS'],
      forceAliasCreation: true,
      enableSMSMFA: true,
    },
    {
      userAttributes: { email: 'ada@example.com' },
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
      desiredDeliveryMediums: ['EMAIL', 'SMS'],
      forceAliasCreation: true,
      enableSMSMFA: true,
    },
  ],
  [
    'CustomMessage_SignUp',
    { emailSubject: 'S', emailMessage: '{####}' },
    { smsMessage: undefined, emailSubject: 'S', emailMessage: '{####}' },
  ],
  [
    'InboundFederation_ExternalProvider',
    { userAttributesToMap: { email: 'a@b.c' } },
    { userAttributesToMap: { email: 'a@b.c' } },
  ],
  ['CustomSMSSender_SignUp', 'whatever', undefined],
]

test('what functions answer', () => {
  for (const [source, response, answer] of answers) {
    assert.deepEqual(readAnswer(eventOf(source), { response }), answer, source)
  }
})

test('version 1 of PreTokenGeneration speaks of the ID token', () => {
  const answer = readAnswer(tokens('V1_0'), {
    response: {
      claimsOverrideDetails: {
        claimsToAddOrOverride: { tenant: 'blue', none: null },
        claimsToSuppress: ['email'],
        groupOverrideDetails: { ...groups, preferredRole: 'arn:role' },
      },
      claimsAndScopeOverrideDetails: { idTokenGeneration: { claimsToSuppress: ['sub'] } },
    },
  })
  assert.deepEqual(answer, {
    id: { addOrOverride: { tenant: 'blue' }, suppress: ['email'] },
    access: { addOrOverride: {}, suppress: [], scopesToAdd: [], scopesToSuppress: [] },
    groups: { groupsToOverride: ['staff'], iamRolesToOverride: [], preferredRole: 'arn:role' },
  })
})

test('versions 2 and 3 speak of both tokens, with claims of any type', () => {
  const claims = { number: 1, flag: true, list: ['a', { b: null }], object: { deep: [1] } }
  for (const version of ['V2_0', 'V3_0'] as const) {
    const answer = readAnswer(tokens(version), {
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: claims },
          accessTokenGeneration: {
            claimsToAddOrOverride: { ...claims, none: null },
            claimsToSuppress: ['x'],
            scopesToAdd: ['api/read'],
            scopesToSuppress: ['aws.cognito.signin.user.admin'],
          },
          groupOverrideDetails: { groupsToOverride: [] },
        },
      },
    })
    assert.deepEqual(answer, {
      id: { addOrOverride: claims, suppress: [] },
      access: {
        addOrOverride: claims,
        suppress: ['x'],
        scopesToAdd: ['api/read'],
        scopesToSuppress: ['aws.cognito.signin.user.admin'],
      },
      groups: { groupsToOverride: [] },
    })
  }
})

test('an answer of another type is not recognised', () => {
  const wrong: readonly (readonly [TriggerSource, response: unknown])[] = [
    ['PreSignUp_SignUp', { autoConfirmUser: 'true' }],
    ['PreSignUp_SignUp', []],
    ['PreSignUp_SignUp', 'yes'],
    ['DefineAuthChallenge_Authentication', { issueTokens: 1 }],
    ['DefineAuthChallenge_Authentication', { challengeName: true }],
    ['CreateAuthChallenge_Authentication', { publicChallengeParameters: { a: 1 } }],
    ['CreateAuthChallenge_Authentication', { privateChallengeParameters: 'a' }],
    ['CreateAuthChallenge_Authentication', { challengeMetadata: {} }],
    ['VerifyAuthChallengeResponse_Authentication', { answerCorrect: 'no' }],
    ['UserMigration_Authentication', { userAttributes: { email_verified: true } }],
    ['UserMigration_Authentication', { finalUserStatus: 'UNCONFIRMED' }],
    ['UserMigration_Authentication', { messageAction: 'SEND' }],
    ['UserMigration_Authentication', { desiredDeliveryMediums: 'EMAIL' }],
    ['UserMigration_Authentication', { desiredDeliveryMediums: ['FAX'] }],
    ['CustomMessage_SignUp', { emailMessage: ['a'] }],
    ['InboundFederation_ExternalProvider', { userAttributesToMap: { groups: ['a'] } }],
    ['TokenGeneration_Authentication', { claimsOverrideDetails: { claimsToAddOrOverride: { age: 7 } } }],
    ['TokenGeneration_Authentication', { claimsOverrideDetails: { claimsToSuppress: 'email' } }],
    [
      'TokenGeneration_Authentication',
      { claimsOverrideDetails: { groupOverrideDetails: { groupsToOverride: [1] } } },
    ],
  ]
  const refusal = { name: 'UnrecognizableOutput', message: 'Unrecognizable lambda output' }
  for (const [source, response] of wrong) {
    assert.throws(
      () => readAnswer(eventOf(source), { response }),
      refusal,
      `${source} ${JSON.stringify(response)}`,
    )
  }
  for (const answer of [{}, 'text', 7, true, [], { response: null }, { statusCode: 200, body: '{}' }]) {
    assert.throws(() => readAnswer(eventOf('PostConfirmation_ConfirmSignUp'), answer), refusal)
  }
  assert.throws(
    () => readAnswer(eventOf('PostConfirmation_ConfirmSignUp'), null),
    new UnrecognizableOutput('Invalid lambda function output : Invalid JSON'),
  )
})

test('an answer changes 5000 claims and scopes at most, all in all', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)
  const answer = (scopes: number) => ({
    response: {
      claimsAndScopeOverrideDetails: {
        idTokenGeneration: {
          claimsToAddOrOverride: Object.fromEntries(many(1000).map((name) => [name, 1])),
          claimsToSuppress: many(1000),
        },
        accessTokenGeneration: {
          claimsToSuppress: many(1000),
          scopesToAdd: many(1000),
          scopesToSuppress: many(scopes),
        },
      },
    },
  })
  assert.equal(readAnswer(tokens('V2_0'), answer(1000)).access.scopesToSuppress.length, 1000)
  assert.throws(() => readAnswer(tokens('V2_0'), answer(1001)), { message: 'Unrecognizable lambda output' })
})

test('names of the prototype are members like any other', () => {
  const answer = readAnswer(
    tokens('V2_0'),
    JSON.parse(
      '{"response":{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"__proto__":{"x":1}}}}}}',
    ),
  )
  assert.deepEqual(Object.keys(answer.id.addOrOverride), ['__proto__'])
  assert.equal(Object.getPrototypeOf(answer.id.addOrOverride), Object.prototype)
  assert.throws(() => readAnswer(eventOf('PreSignUp_SignUp'), JSON.parse('{"__proto__":{"response":{}}}')))
})
