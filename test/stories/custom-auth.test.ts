import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  type CreateUserPoolClientCommandInput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, type Place } from '../accounts.ts'
import { confirmedDevice, proveDevice, tracking } from '../devices.ts'
import {
  accessTokenOf,
  appCode,
  configure,
  createFactorClient,
  enrolApp,
  nextStep,
  smsFactor,
  tokenFactor,
} from '../factors.ts'
import { createUser, password, phone, refusal, smsConfiguration } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import {
  type Answerer,
  claimsOf,
  codeSent,
  emailConfiguration,
  respond,
  type Starter,
  start,
} from '../sign-in.ts'
import { claimOf, newSrp } from '../srp-client.ts'
import { functionArnOf, type TestFunction } from '../trigger-functions.ts'

/** Sign-in by challenges of the pool's own making: three tries at a riddle, after a password where the client brings one. */
const riddle: Record<string, TestFunction> = {
  define({ request, response, ...event }) {
    const { session } = request
    const last = session.at(-1)
    const tries = session.filter(
      (item: { challengeName: string }) => item.challengeName === 'CUSTOM_CHALLENGE',
    )
    if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) response.issueTokens = true
    else if (tries.length === 3) response.failAuthentication = true
    else response.challengeName = last?.challengeName === 'SRP_A' ? 'PASSWORD_VERIFIER' : 'CUSTOM_CHALLENGE'
    return { ...event, request, response }
  },
  create: (event) => ({
    ...event,
    response: {
      publicChallengeParameters: { riddle: 'What has an eye and cannot see?' },
      privateChallengeParameters: { answer: 'needle' },
      challengeMetadata: `TRY_${event.request.session.length}`,
    },
  }),
  verify: (event) => ({
    ...event,
    response: {
      answerCorrect:
        !event.request.userNotFound &&
        event.request.challengeAnswer === event.request.privateChallengeParameters.answer,
    },
  }),
}

const operations: readonly [Starter, Answerer][] = [
  ['InitiateAuth', 'RespondToAuthChallenge'],
  ['AdminInitiateAuth', 'AdminRespondToAuthChallenge'],
]

onEachStore((server) => {
  const LambdaConfig = {
    DefineAuthChallenge: functionArnOf('define'),
    CreateAuthChallenge: functionArnOf('create'),
    VerifyAuthChallengeResponse: functionArnOf('verify'),
  }
  const another = (client: Partial<CreateUserPoolClientCommandInput> = {}) =>
    createPlace(
      server(),
      { LambdaConfig, SmsConfiguration: smsConfiguration, EmailConfiguration: emailConfiguration },
      { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'], ...client },
    )
  let place: Place

  before(async () => {
    place = await another()
    await createUser(server(), place.UserPoolId, 'ada')
    server().functions.define(riddle)
  })

  test('the device proves itself once the function wants tokens issued, and the function hears no more of it', async () => {
    // As strict as AWS's own: whatever follows the one right answer fails.
    const strict: TestFunction = ({ request, response, ...event }) => {
      const [first, another] = request.session
      if (first === undefined) response.challengeName = 'CUSTOM_CHALLENGE'
      else if (another === undefined && first.challengeResult) response.issueTokens = true
      else response.failAuthentication = true
      return { ...event, request, response }
    }
    const at = await createPlace(
      server(),
      { LambdaConfig, ...tracking },
      { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] },
    )
    await createUser(server(), at.UserPoolId, 'ada')
    const { device } = await confirmedDevice(server(), at, 'ada')
    server().functions.define({ ...riddle, define: strict })
    server().functions.events()
    const named = { USERNAME: 'ada', DEVICE_KEY: device.key }
    const { Session } = await start(server(), 'InitiateAuth', at, named, 'CUSTOM_AUTH')
    const responses = { ...named, ANSWER: 'needle' }
    const asked = await respond(
      server(),
      'RespondToAuthChallenge',
      at,
      'CUSTOM_CHALLENGE',
      Session,
      responses,
    )
    assert.equal(asked.ChallengeName, 'DEVICE_SRP_AUTH')
    const { AuthenticationResult } = await proveDevice(server(), at, 'ada', device, asked.Session)
    assert.ok(AuthenticationResult?.AccessToken)
    assert.deepEqual(
      server()
        .functions.events()
        .map(({ triggerSource }) => triggerSource.split('_')[0]),
      ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse', 'DefineAuthChallenge'],
    )
    server().functions.define(riddle)
  })

  for (const [starter, answerer] of operations) {
    describe(starter, () => {
      const begin = (name: string, parameters = {}, at = place) =>
        start(server(), starter, at, { USERNAME: name, ...parameters }, 'CUSTOM_AUTH')
      const answer = (Session: string | undefined, ANSWER: string, name = 'ada', at = place) =>
        respond(server(), answerer, at, 'CUSTOM_CHALLENGE', Session, { USERNAME: name, ANSWER })

      test('a wrong answer is no refusal, the right one signs in, and functions hear of both', async () => {
        server().functions.events()
        const first = await begin('ada')
        assert.equal(first.ChallengeName, 'CUSTOM_CHALLENGE')
        assert.deepEqual(first.ChallengeParameters, {
          USERNAME: 'ada',
          riddle: 'What has an eye and cannot see?',
        })
        const second = await answer(first.Session, 'storm')
        assert.equal(second.ChallengeName, 'CUSTOM_CHALLENGE')
        assert.notEqual(second.Session, first.Session)
        await assert.rejects(answer(first.Session, 'needle'), { message: 'Invalid session for the user.' })
        const { AuthenticationResult, ChallengeParameters } = await answer(second.Session, 'needle')
        assert.deepEqual(ChallengeParameters, {})
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, 'ada')
        const seen = server().functions.events()
        assert.deepEqual(
          seen.map(({ triggerSource }) => triggerSource.split('_')[0]),
          [
            ...['DefineAuthChallenge', 'CreateAuthChallenge'],
            ...['VerifyAuthChallengeResponse', 'DefineAuthChallenge', 'CreateAuthChallenge'],
            ...['VerifyAuthChallengeResponse', 'DefineAuthChallenge'],
          ],
        )
        const tried = (challengeResult: boolean, challengeMetadata: string) => ({
          challengeName: 'CUSTOM_CHALLENGE',
          challengeResult,
          challengeMetadata,
        })
        assert.deepEqual(seen[0]?.request.session, [])
        assert.deepEqual(seen[3]?.request.session, [tried(false, 'TRY_0')])
        assert.deepEqual(seen.at(-1)?.request.session, [tried(false, 'TRY_0'), tried(true, 'TRY_1')])
      })

      test('the function ends it after three wrong answers, in the words for a wrong password', async () => {
        let { Session } = await begin('ada')
        for (const wrong of ['storm', 'potato']) ({ Session } = await answer(Session, wrong))
        await assert.rejects(
          answer(Session, 'camera'),
          refusal('NotAuthorizedException', 'Incorrect username or password.'),
        )
        await assert.rejects(
          answer(Session, 'needle'),
          refusal('NotAuthorizedException', 'Invalid session for the user.'),
        )
      })

      test('the function alone says how many answers are too many', async () => {
        server().functions.define({
          ...riddle,
          define: ({ request, ...event }) => ({
            ...event,
            request,
            response: request.session.at(-1)?.challengeResult
              ? { issueTokens: true }
              : { challengeName: 'CUSTOM_CHALLENGE' },
          }),
        })
        let { Session } = await begin('ada')
        for (let tries = 0; tries < 10; tries += 1) ({ Session } = await answer(Session, 'storm'))
        assert.ok((await answer(Session, 'needle')).AuthenticationResult)
        server().functions.define(riddle)
      })

      test('a password by SRP comes first where the client brings an A', async () => {
        const srp = newSrp()
        server().functions.events()
        const { ChallengeName, ChallengeParameters } = await begin('ada', {
          CHALLENGE_NAME: 'SRP_A',
          SRP_A: srp.A,
        })
        assert.equal(ChallengeName, 'PASSWORD_VERIFIER')
        const claim = claimOf(srp, ChallengeParameters, place.UserPoolId.split('_')[1] ?? '', 'ada', password)
        const next = await respond(server(), answerer, place, 'PASSWORD_VERIFIER', undefined, {
          USERNAME: 'ada',
          ...claim,
        })
        assert.equal(next.ChallengeName, 'CUSTOM_CHALLENGE')
        const { AuthenticationResult } = await answer(next.Session, 'needle')
        assert.ok(AuthenticationResult?.RefreshToken)
        const named = (name: string) => ({
          challengeName: name,
          challengeResult: true,
          challengeMetadata: null,
        })
        const defined = server()
          .functions.events()
          .filter(({ triggerSource }) => triggerSource.startsWith('Define'))
        assert.deepEqual(defined[0]?.request.session, [named('SRP_A')])
        assert.deepEqual(defined[1]?.request.session, [named('SRP_A'), named('PASSWORD_VERIFIER')])
      })

      test('somebody unknown is refused, or told apart by nothing where the client hides who exists', async () => {
        await assert.rejects(begin('nobody'), refusal('UserNotFoundException', 'User does not exist.'))
        const hiding = await another({ PreventUserExistenceErrors: 'ENABLED' })
        await createUser(server(), hiding.UserPoolId, 'ada')
        server().functions.events()
        const known = await begin('ada', {}, hiding)
        const unknown = await begin('nobody', {}, hiding)
        assert.deepEqual(
          server()
            .functions.events()
            .map(({ request }) => request.userNotFound),
          [false, false, true, true],
        )
        assert.deepEqual(unknown.ChallengeParameters, { ...known.ChallengeParameters, USERNAME: 'nobody' })
        assert.equal(unknown.Session?.length, known.Session?.length)
        // Also where a function lets everybody in, nobody is not somebody.
        server().functions.define({
          ...riddle,
          verify: (event) => ({ ...event, response: { answerCorrect: true } }),
        })
        let { Session } = unknown
        for (const _ of [1, 2]) ({ Session } = await answer(Session, 'needle', 'nobody', hiding))
        await assert.rejects(
          answer(Session, 'needle', 'nobody', hiding),
          refusal('NotAuthorizedException', 'Incorrect username or password.'),
        )
        for (const { request, triggerSource } of server().functions.events())
          assert.equal(request.userNotFound, true, triggerSource)
        server().functions.define(riddle)
      })

      test('a pool without the functions has no such sign-in', async () => {
        const bare = await createPlace(server(), {}, { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] })
        await createUser(server(), bare.UserPoolId, 'ada')
        const missing = refusal(
          'InvalidParameterException',
          'Custom auth lambda trigger is not configured for the user pool.',
        )
        await assert.rejects(begin('ada', {}, bare), missing)
        const { Session } = await begin('ada')
        const { VerifyAuthChallengeResponse: _, ...without } = LambdaConfig
        const { UserPoolId } = place
        await server().client.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig: without }))
        await assert.rejects(answer(Session, 'needle'), missing)
        await server().client.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }))
        assert.ok((await answer(Session, 'needle')).AuthenticationResult)
      })

      for (const [factor, answerWith] of [
        ['SMS_MFA', async () => ({ SMS_MFA_CODE: await codeSent(server()) })],
        ['EMAIL_OTP', async () => ({ EMAIL_OTP_CODE: await codeSent(server()) })],
        ['SOFTWARE_TOKEN_MFA', async (app: string) => ({ SOFTWARE_TOKEN_MFA_CODE: appCode(server(), app) })],
        ['ADMIN_NO_SRP_AUTH', async () => ({ PASSWORD: password })],
      ] as const) {
        test(`the function may ask for ${factor}, and goes on when it is answered`, async () => {
          const at = await another()
          const name = 'factored'
          const attributes = { phone_number: phone, email: 'factored@example.com' }
          await createUser(server(), at.UserPoolId, name, attributes)
          const { UserPoolId } = at
          await configure(server(), UserPoolId, {
            MfaConfiguration: 'OPTIONAL',
            ...smsFactor,
            ...tokenFactor,
          })
          const byPassword = await createFactorClient(server(), at.UserPoolId)
          const token = await accessTokenOf(server(), { ...at, ...byPassword }, name)
          const app = factor === 'SOFTWARE_TOKEN_MFA' ? await enrolApp(server(), token) : ''
          nextStep(server())
          server().functions.define({
            ...riddle,
            define({ request, ...event }) {
              const { session } = request
              const next = [factor, 'CUSTOM_CHALLENGE'][session.length]
              return { ...event, request, response: next ? { challengeName: next } : { issueTokens: true } }
            },
          })
          server().functions.events()
          const asked = await begin(name, {}, at)
          assert.equal(asked.ChallengeName, factor)
          const responses = { USERNAME: name, ...(await answerWith(app)) }
          const next = await respond(server(), answerer, at, factor, asked.Session, responses)
          assert.equal(next.ChallengeName, 'CUSTOM_CHALLENGE')
          assert.ok((await answer(next.Session, 'needle', name, at)).AuthenticationResult)
          const last = server().functions.events().at(-1)
          const results = last?.request.session as { challengeName: string; challengeResult: boolean }[]
          assert.deepEqual(
            results.map(({ challengeName, challengeResult }) => [challengeName, challengeResult]),
            [
              [factor, true],
              ['CUSTOM_CHALLENGE', true],
            ],
          )
          server().functions.define(riddle)
        })
      }

      for (const [what, broken, text] of [
        [
          'asks for a challenge that there is not',
          { challengeName: 'RIDDLE' },
          'Incorrect username or password.',
        ],
        ['says nothing', {}, 'Incorrect username or password.'],
        ['fails it at once', { failAuthentication: true }, 'Incorrect username or password.'],
      ] as const) {
        test(`a function that ${what} lets nobody in`, async () => {
          server().functions.define({ ...riddle, define: (event) => ({ ...event, response: broken }) })
          await assert.rejects(begin('ada'), refusal('NotAuthorizedException', text))
          server().functions.define(riddle)
        })
      }

      test('a function that issues tokens at once asks for nothing; a disabled user is refused all the same', async () => {
        const at = await another()
        await createUser(server(), at.UserPoolId, 'trusted')
        server().functions.define({ define: (event) => ({ ...event, response: { issueTokens: true } }) })
        assert.ok((await begin('trusted', {}, at)).AuthenticationResult)
        const { AdminDisableUserCommand } = await import('@aws-sdk/client-cognito-identity-provider')
        await server().client.send(
          new AdminDisableUserCommand({ UserPoolId: at.UserPoolId, Username: 'trusted' }),
        )
        await assert.rejects(begin('trusted', {}, at), refusal('NotAuthorizedException', 'User is disabled.'))
        server().functions.define(riddle)
      })
    })
  }
})
