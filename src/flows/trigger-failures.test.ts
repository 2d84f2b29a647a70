import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminListUserSessionsCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, createPlace, type Place, showUser, signUp } from '../../test/accounts.ts'
import { createUser, password, phone, smsConfiguration } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { type Acme, browserAt, comeBy, federatedPlace, startAcme } from '../../test/identity-provider.ts'
import { codeSent, respond, setLegacySms, start } from '../../test/sign-in.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { pass, passwordFlows, placeWith, signIn } from '../../test/triggered.ts'
import type { Trigger } from '../domain/trigger-kinds.ts'
import { TriggerUnreachable } from '../ports/trigger-runner.ts'
import { deliverDue } from './delivery.ts'

/** What a refusal is called, and says. */
interface Refusal {
  readonly name: string
  readonly message: string
}

const raises =
  (message: string): TestFunction =>
  () => {
    throw new Error(message)
  }
const cannotBeRun =
  (reason: string): TestFunction =>
  () => {
    throw new TriggerUnreachable(reason)
  }
const failed = (text: string) => (trigger: string) => ({
  name: 'UserLambdaValidationException',
  message: `${trigger} failed with error ${text}`,
})
const unexpected = (reason: string) => (trigger: string) => ({
  name: 'UnexpectedLambdaException',
  message: `${trigger} invocation failed due to error ${reason}.`,
})
const unrecognizable = () => ({
  name: 'InvalidLambdaResponseException',
  message: 'Unrecognizable lambda output',
})
const invalid = () => ({
  name: 'InvalidLambdaResponseException',
  message: 'Invalid lambda function output : Invalid JSON',
})

interface Way {
  readonly broken: TestFunction
  readonly refuses: (trigger: string) => Refusal
  /** There was an answer, though a bad one. */
  readonly answered?: boolean
}

/** What a function may do wrong, and what a caller hears of it. */
const ways: Readonly<Record<string, Way>> = {
  'throws an error': { broken: raises('No entry…'), refuses: failed('No entry….') },
  'throws a whole sentence': { broken: raises('No entry.'), refuses: failed('No entry..') },
  'throws several lines': { broken: raises('No\n entry'), refuses: failed('No\n entry.') },
  'answers a text': { broken: () => 'yes', refuses: unrecognizable, answered: true },
  'answers a list': { broken: (event) => [event], refuses: unrecognizable, answered: true },
  'answers something else': {
    broken: () => ({ statusCode: 200, body: '{}' }),
    refuses: unrecognizable,
    answered: true,
  },
  'answers with a response that is none': {
    broken: (event) => ({ ...event, response: 'yes' }),
    refuses: unrecognizable,
    answered: true,
  },
  'answers nothing': { broken: () => undefined, refuses: invalid, answered: true },
  'may not be run': {
    broken: cannotBeRun('AccessDeniedException'),
    refuses: unexpected('AccessDeniedException'),
  },
  'is not there': {
    broken: cannotBeRun('ResourceNotFoundException'),
    refuses: unexpected('ResourceNotFoundException'),
  },
  'is run too often': {
    broken: cannotBeRun('TooManyRequestsException'),
    refuses: unexpected('TooManyRequestsException'),
  },
  'does not answer in time': {
    broken: cannotBeRun('Timeout'),
    refuses: unexpected('Socket timeout while invoking Lambda function'),
  },
}
const oneOfEachKind = ['throws an error', 'answers with a response that is none', 'may not be run'].map(
  (how) => [how, ways[how] as Way] as const,
)

/** Every trigger in its own words. */
onEachStore((server) => {
  type Told = Exclude<Trigger, 'CustomEmailSender' | 'CustomSMSSender'>
  const triggers: Readonly<Record<Told, TestFunction>> = {
    PreSignUp: pass,
    PostConfirmation: pass,
    PreAuthentication: pass,
    PostAuthentication: pass,
    PreTokenGeneration: pass,
    CustomMessage: pass,
    UserMigration: pass,
    DefineAuthChallenge: (event) => ({ ...event, response: { challengeName: 'CUSTOM_CHALLENGE' } }),
    CreateAuthChallenge: pass,
    VerifyAuthChallengeResponse: pass,
    InboundFederation: pass,
  }
  const { InboundFederation: _, ...ofTheApi } = triggers
  let place: Place
  let federated: Place
  let acme: Acme
  let count = 0
  const newcomer = () => `newcomer-${++count}`
  before(async () => {
    place = await createPlace(
      server(),
      { LambdaConfig: Object.fromEntries(Object.keys(ofTheApi).map((name) => [name, functionArnOf(name)])) },
      { ExplicitAuthFlows: [...passwordFlows, 'ALLOW_CUSTOM_AUTH'] },
    )
    acme = await startAcme(server())
    const InboundFederation = {
      LambdaVersion: 'V1_0',
      LambdaArn: functionArnOf('InboundFederation'),
    } as const
    federated = await federatedPlace(server(), { pool: { LambdaConfig: { InboundFederation } } })
    server().functions.define(triggers)
    await createUser(server(), place.UserPoolId, 'known', {
      email: 'known@example.com',
      email_verified: 'true',
    })
  })

  const custom = () => start(server(), 'InitiateAuth', place, { USERNAME: 'known' }, 'CUSTOM_AUTH')
  const answerTo = (Session: string | undefined) =>
    respond(server(), 'RespondToAuthChallenge', place, 'CUSTOM_CHALLENGE', Session, {
      USERNAME: 'known',
      ANSWER: 'any',
    })
  interface Row {
    /** A response with a member of another type, where it has any. */
    readonly illTyped?: object
    /** Brings about what the call needs, while all functions work. */
    readonly prepare?: () => Promise<string | undefined>
    readonly call: (prepared: string) => Promise<unknown>
    /** Where the caller is told something else. */
    readonly refuses?: (usual: Refusal) => Partial<Refusal>
  }
  const rows: Readonly<Record<Told, Row>> = {
    PreSignUp: {
      illTyped: { autoConfirmUser: 'true' },
      call: () => signUp(server(), place, newcomer()),
    },
    PostConfirmation: {
      async prepare() {
        const name = newcomer()
        await signUp(server(), place, name)
        return name
      },
      call: (Username) =>
        server().client.send(new AdminConfirmSignUpCommand({ UserPoolId: place.UserPoolId, Username })),
    },
    PreAuthentication: { call: () => signIn(server(), place, 'known') },
    PostAuthentication: { call: () => signIn(server(), place, 'known') },
    PreTokenGeneration: {
      illTyped: { claimsOverrideDetails: { claimsToAddOrOverride: { level: 7 } } },
      call: () => signIn(server(), place, 'known'),
    },
    CustomMessage: {
      illTyped: { emailMessage: 7 },
      call: () => signUp(server(), place, newcomer(), { email: 'new@example.com' }),
    },
    // Nothing of it is told, says the text that AWS has for all of it.
    UserMigration: {
      illTyped: { userAttributes: { email_verified: true } },
      call: () => signIn(server(), place, newcomer()),
      refuses: () => ({
        name: 'UserNotFoundException',
        message: `Exception migrating user in app client ${place.ClientId}`,
      }),
    },
    DefineAuthChallenge: { illTyped: { issueTokens: 'true' }, call: custom },
    CreateAuthChallenge: { illTyped: { publicChallengeParameters: { tries: 3 } }, call: custom },
    VerifyAuthChallengeResponse: {
      illTyped: { answerCorrect: 'true' },
      prepare: async () => (await custom()).Session,
      call: answerTo,
    },
    // No exception but an address comes back: it has the text alone, and a space behind what the function said.
    InboundFederation: {
      illTyped: { userAttributesToMap: { sub: 7 } },
      async call() {
        const back = await comeBy(browserAt(server), acme, federated, { sub: 'ada' })
        throw new Error(back.searchParams.get('error_description') ?? back.href)
      },
      refuses: ({ name, message }) => ({
        message: name === 'UserLambdaValidationException' ? `${message} ` : message,
      }),
    },
  }

  for (const [trigger, { illTyped, prepare, call, refuses }] of Object.entries(rows)) {
    const typed: Way = { broken: (event) => ({ ...event, response: illTyped }), refuses: unrecognizable }
    describe(trigger, () => {
      for (const [how, way] of Object.entries({
        ...ways,
        ...(illTyped && { 'answers in another type': typed }),
      })) {
        test(how, async () => {
          server().functions.define(triggers)
          const prepared = (await prepare?.()) ?? ''
          server().functions.define({ ...triggers, [trigger]: way.broken })
          const usual = way.refuses(trigger)
          await assert.rejects(call(prepared), refuses?.(usual) ?? usual)
          server().functions.define(triggers)
        })
      }
    })
  }

  for (const [trigger, medium, attributes] of [
    ['CustomEmailSender', 'EMAIL', { email: 'new@example.com' }],
    ['CustomSMSSender', 'SMS', { phone_number: phone }],
  ] as const) {
    describe(`${trigger}, of which no caller hears`, () => {
      let carried: Place
      before(async () => {
        carried = await createPlace(server(), {
          AutoVerifiedAttributes: medium === 'SMS' ? ['phone_number'] : ['email'],
          SmsConfiguration: smsConfiguration,
          LambdaConfig: {
            [trigger]: { LambdaArn: functionArnOf('carrier'), LambdaVersion: 'V1_0' },
            KMSKeyID: 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357',
          },
        })
      })
      for (const [how, { broken, answered }] of Object.entries(ways)) {
        test(how, async () => {
          await server().sent()
          server().functions.define({ carrier: broken })
          const { CodeDeliveryDetails } = await signUp(server(), carried, newcomer(), attributes)
          assert.equal(CodeDeliveryDetails?.DeliveryMedium, medium)
          await deliverDue(server().app, medium)
          // What was not told stays in the outbox, to be told again.
          assert.equal((await server().sent()).length, answered ? 0 : 1)
        })
      }
    })
  }
})

/** What becomes of a call whose trigger has gone wrong. */
onEachStore((server) => {
  const at = (functions: Readonly<Record<string, TestFunction>>) => placeWith(server(), functions)
  /** Each operation, the trigger that it runs, and how it is called once that trigger has gone wrong. */
  const refused = new Map<string, [trigger: string, call: (place: Place) => Promise<unknown>]>([
    ['InitiateAuth', ['PreAuthentication', (place) => signIn(server(), place, 'known')]],
    [
      'AdminInitiateAuth',
      ['PostAuthentication', (place) => signIn(server(), place, 'known', 'AdminInitiateAuth')],
    ],
    ['SignUp', ['PreSignUp', (place) => signUp(server(), place, 'newcomer')]],
    [
      'AdminCreateUser',
      [
        'PreSignUp',
        ({ UserPoolId }) =>
          server().client.send(
            new AdminCreateUserCommand({ UserPoolId, Username: 'newcomer', MessageAction: 'SUPPRESS' }),
          ),
      ],
    ],
  ])
  for (const [how, { broken, refuses }] of oneOfEachKind) {
    for (const [operation, [trigger, call]] of refused) {
      test(`${operation}: ${trigger}, ${how}`, async () => {
        const place = await at({ [trigger]: pass })
        await createUser(server(), place.UserPoolId, 'known')
        server().functions.define({ [trigger]: broken })
        await assert.rejects(call(place), refuses(trigger))
        await assert.rejects(showUser(server(), place, 'newcomer'), { name: 'UserNotFoundException' })
      })
    }

    for (const operation of ['RespondToAuthChallenge', 'AdminRespondToAuthChallenge'] as const) {
      test(`${operation}: PostAuthentication, ${how}; the code is used up and nobody is signed in`, async () => {
        const place = await at({ PostAuthentication: pass })
        await createUser(server(), place.UserPoolId, 'known')
        await setLegacySms(server(), place.UserPoolId, 'known')
        const { Session } = await signIn(server(), place, 'known')
        const responses = { USERNAME: 'known', SMS_MFA_CODE: await codeSent(server()) }
        const answer = () => respond(server(), operation, place, 'SMS_MFA', Session, responses)
        server().functions.define({ PostAuthentication: broken })
        await assert.rejects(answer(), refuses('PostAuthentication'))
        server().functions.define({ PostAuthentication: pass })
        await assert.rejects(answer(), {
          message: 'Invalid session for the user, session can only be used once.',
        })
      })
    }

    test(`ConfirmSignUp, AdminConfirmSignUp, ConfirmForgotPassword: PostConfirmation, ${how}; what is done stays done`, async () => {
      const place = await at({ PostConfirmation: broken })
      const { ClientId, UserPoolId } = place
      const told = refuses('PostConfirmation')
      await signUp(server(), place, 'one', { email: 'one@example.com' })
      await assert.rejects(confirm(server(), place, 'one', await codeSent(server())), told)
      await signUp(server(), place, 'two')
      await assert.rejects(
        server().client.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'two' })),
        told,
      )
      await server().client.send(new ForgotPasswordCommand({ ClientId, Username: 'one' }))
      const ConfirmationCode = await codeSent(server())
      const Password = `${password}!`
      await assert.rejects(
        server().client.send(
          new ConfirmForgotPasswordCommand({ ClientId, Username: 'one', ConfirmationCode, Password }),
        ),
        told,
      )
      for (const name of ['one', 'two'])
        assert.equal((await showUser(server(), place, name)).UserStatus, 'CONFIRMED')
      const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, {
        USERNAME: 'one',
        PASSWORD: Password,
      })
      assert.ok(AuthenticationResult)
    })

    test(`GetTokensFromRefreshToken: PreTokenGeneration, ${how}`, async () => {
      const place = await at({ PreTokenGeneration: pass })
      await createUser(server(), place.UserPoolId, 'known')
      const { AuthenticationResult } = await signIn(server(), place, 'known')
      server().functions.define({ PreTokenGeneration: broken })
      const RefreshToken = AuthenticationResult?.RefreshToken
      await assert.rejects(
        server().client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId: place.ClientId, RefreshToken }),
        ),
        refuses('PreTokenGeneration'),
      )
    })
  }

  test('a sign-in that PostAuthentication keeps the tokens from leaves no session behind', async () => {
    const place = await at({ PostAuthentication: pass })
    const { UserPoolId } = place
    await server().client.send(
      new SetUserPoolSessionConfigurationCommand({
        UserPoolId,
        UserSessionTracking: 'ENABLED',
        TokenSession: { MaxPerUser: 5 },
      }),
    )
    await createUser(server(), UserPoolId, 'known')
    const sessions = async () => {
      const { Sessions } = await server().client.send(
        new AdminListUserSessionsCommand({ UserPoolId, Username: 'known' }),
      )
      return Sessions?.length
    }
    await signIn(server(), place, 'known')
    assert.equal(await sessions(), 1)
    server().functions.define({
      PostAuthentication() {
        throw new Error('Closed')
      },
    })
    await assert.rejects(signIn(server(), place, 'known'), { name: 'UserLambdaValidationException' })
    assert.equal(await sessions(), 1)
  })
})
