import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminInitiateAuthCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  type AuthFlowType,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  type Asked,
  accessTokenOf,
  appCode,
  type By,
  claimsOf,
  createFactorPool,
  emailFactor,
  enrolApp,
  everybody,
  nextStep,
  type Place,
  respond,
  setUpApp,
  smsFactor,
  tokenFactor,
} from '../factors.ts'
import { createUser, password, phone } from '../fixtures.ts'
import { onEachStore, type TestServer } from '../harness.ts'
import { codeSent } from '../sign-in.ts'
import { claimOf, newSrp } from '../srp-client.ts'

/**
 * Every flow that begins with a password, followed by every second factor: which comes next depends on the user and
 * the pool, and not on the way in.
 */

type Answer = Asked & {
  readonly ChallengeParameters?: Record<string, string> | undefined
  readonly AuthenticationResult?: { readonly AccessToken?: string | undefined } | undefined
}
type Flow = (server: TestServer, at: Place, name: string, by: By, password: string) => Promise<Answer>

function begin(
  server: TestServer,
  { UserPoolId, ClientId }: Place,
  by: By,
  AuthFlow: AuthFlowType,
  AuthParameters: Record<string, string>,
): Promise<Answer> {
  const input = { ClientId, AuthFlow, AuthParameters }
  return by === 'public'
    ? server.client.send(new InitiateAuthCommand(input))
    : server.client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
}

const byPassword =
  (AuthFlow: AuthFlowType): Flow =>
  (server, at, USERNAME, by, PASSWORD) =>
    begin(server, at, by, AuthFlow, { USERNAME, PASSWORD })

const bySrp =
  (AuthFlow: AuthFlowType, more: Record<string, string> = {}): Flow =>
  async (server, at, USERNAME, by, given) => {
    const srp = newSrp()
    const asked = await begin(server, at, by, AuthFlow, { USERNAME, SRP_A: srp.A, ...more })
    assert.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
    const claim = claimOf(srp, asked.ChallengeParameters, at.UserPoolId.split('_')[1] ?? '', USERNAME, given)
    return respond(server, at, { ChallengeName: 'PASSWORD_VERIFIER' }, { USERNAME, ...claim }, by)
  }

const bySelection: Flow = async (server, at, USERNAME, by, PASSWORD) => {
  const asked = await begin(server, at, by, 'USER_AUTH', { USERNAME })
  assert.equal(asked.ChallengeName, 'SELECT_CHALLENGE')
  return respond(server, at, asked, { USERNAME, ANSWER: 'PASSWORD', PASSWORD }, by)
}

const flows: readonly (readonly [name: string, Flow, readonly By[]])[] = [
  ['USER_PASSWORD_AUTH', byPassword('USER_PASSWORD_AUTH'), everybody],
  ['ADMIN_USER_PASSWORD_AUTH', byPassword('ADMIN_USER_PASSWORD_AUTH'), ['admin']],
  ['ADMIN_NO_SRP_AUTH', byPassword('ADMIN_NO_SRP_AUTH'), ['admin']],
  ['USER_SRP_AUTH', bySrp('USER_SRP_AUTH'), everybody],
  [
    'USER_AUTH, PASSWORD preferred',
    (server, at, USERNAME, by, PASSWORD) =>
      begin(server, at, by, 'USER_AUTH', { USERNAME, PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }),
    everybody,
  ],
  [
    'USER_AUTH, PASSWORD_SRP preferred',
    bySrp('USER_AUTH', { PREFERRED_CHALLENGE: 'PASSWORD_SRP' }),
    everybody,
  ],
  ['USER_AUTH, PASSWORD selected', bySelection, everybody],
]

/** A second factor: what the user has, what is asked, how it is answered, and how the tokens name it. */
interface Factor {
  readonly pool?: 'required'
  readonly attributes: Record<string, string>
  readonly prepare?: (server: TestServer, at: Place, name: string) => Promise<{ app: string } | undefined>
  readonly temporary?: boolean
  readonly asks: readonly string[]
  readonly answer: (context: {
    server: TestServer
    at: Place
    asked: Answer
    name: string
    by: By
    app: string
  }) => Promise<Answer>
  readonly amr: readonly string[]
}

const prefer =
  (preference: object) =>
  async (server: TestServer, { UserPoolId }: Place, Username: string): Promise<undefined> => {
    await server.client.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, ...preference }))
  }
const on = { Enabled: true, PreferredMfa: true }
const either = { Enabled: true, PreferredMfa: false }

const withApp = (preference: object) => async (server: TestServer, at: Place, Username: string) => {
  const app = await enrolApp(server, await accessTokenOf(server, at, Username))
  await prefer(preference)(server, at, Username)
  nextStep(server)
  return { app }
}

const answerSms: Factor['answer'] = async ({ server, at, asked, name, by }) =>
  respond(server, at, asked, { USERNAME: name, SMS_MFA_CODE: await codeSent(server) }, by)
const answerEmail: Factor['answer'] = async ({ server, at, asked, name, by }) =>
  respond(server, at, asked, { USERNAME: name, EMAIL_OTP_CODE: await codeSent(server) }, by)
const answerApp: Factor['answer'] = ({ server, at, asked, name, by, app }) =>
  respond(server, at, asked, { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: appCode(server, app) }, by)
const select =
  (ANSWER: string, then: Factor['answer']): Factor['answer'] =>
  async (context) => {
    const { server, at, asked, name, by } = context
    const chosen = await respond(server, at, asked, { USERNAME: name, ANSWER }, by)
    assert.equal(chosen.ChallengeName, ANSWER)
    return then({ ...context, asked: chosen })
  }

const email = 'somebody@example.com'
const factors: Record<string, Factor> = {
  'no factor': { attributes: {}, asks: [], answer: async ({ asked }) => asked, amr: ['pwd'] },
  'SMS, by AdminSetUserSettings': {
    attributes: { phone_number: phone },
    async prepare(server, { UserPoolId }, Username) {
      const MFAOptions = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]
      await server.client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions }))
      return undefined
    },
    asks: ['SMS_MFA'],
    answer: answerSms,
    amr: ['pwd', 'sms', 'mfa'],
  },
  'SMS, preferred': {
    attributes: { phone_number: phone, email },
    prepare: prefer({ SMSMfaSettings: on, EmailMfaSettings: either }),
    asks: ['SMS_MFA'],
    answer: answerSms,
    amr: ['pwd', 'sms', 'mfa'],
  },
  'email, preferred': {
    attributes: { email },
    prepare: prefer({ EmailMfaSettings: on }),
    asks: ['EMAIL_OTP'],
    answer: answerEmail,
    amr: ['pwd', 'email_otp', 'mfa'],
  },
  'an app, preferred': {
    attributes: {},
    prepare: withApp({ SoftwareTokenMfaSettings: on }),
    asks: ['SOFTWARE_TOKEN_MFA'],
    answer: answerApp,
    amr: ['pwd', 'otp', 'mfa'],
  },
  'SMS, selected': {
    attributes: { phone_number: phone, email },
    prepare: prefer({ SMSMfaSettings: either, EmailMfaSettings: either }),
    asks: ['SELECT_MFA_TYPE'],
    answer: select('SMS_MFA', answerSms),
    amr: ['pwd', 'sms', 'mfa'],
  },
  'email, selected': {
    attributes: { phone_number: phone, email },
    prepare: prefer({ SMSMfaSettings: either, EmailMfaSettings: either }),
    asks: ['SELECT_MFA_TYPE'],
    answer: select('EMAIL_OTP', answerEmail),
    amr: ['pwd', 'email_otp', 'mfa'],
  },
  'an app, selected': {
    attributes: { phone_number: phone },
    prepare: withApp({ SMSMfaSettings: either, SoftwareTokenMfaSettings: either }),
    asks: ['SELECT_MFA_TYPE'],
    answer: select('SOFTWARE_TOKEN_MFA', answerApp),
    amr: ['pwd', 'otp', 'mfa'],
  },
  'an app, set up on the way': {
    pool: 'required',
    attributes: {},
    asks: ['MFA_SETUP'],
    answer: ({ server, at, asked, name, by }) => setUpApp(server, at, asked, name, by),
    amr: ['pwd', 'otp', 'mfa'],
  },
  'email, set up on the way': {
    pool: 'required',
    attributes: {},
    asks: ['MFA_SETUP'],
    async answer(context) {
      const { server, at, asked, name, by } = context
      const mailed = await respond(server, at, asked, { USERNAME: name, EMAIL: `${name}@example.com` }, by)
      assert.equal(mailed.ChallengeName, 'EMAIL_OTP')
      return answerEmail({ ...context, asked: mailed })
    },
    amr: ['pwd', 'email_otp', 'mfa'],
  },
  'a new password, and SMS after it': {
    attributes: { phone_number: phone },
    prepare: prefer({ SMSMfaSettings: on }),
    temporary: true,
    asks: ['NEW_PASSWORD_REQUIRED'],
    async answer(context) {
      const { server, at, asked, name, by } = context
      const next = await respond(server, at, asked, { USERNAME: name, NEW_PASSWORD: `${password}!` }, by)
      assert.equal(next.ChallengeName, 'SMS_MFA')
      return answerSms({ ...context, asked: next })
    },
    amr: ['pwd', 'sms', 'mfa'],
  },
}

onEachStore((server) => {
  const places: Record<'optional' | 'required', Place | undefined> = {
    optional: undefined,
    required: undefined,
  }
  before(async () => {
    const all = { ...smsFactor, ...emailFactor, ...tokenFactor }
    const create = (MfaConfiguration: 'OPTIONAL' | 'ON') =>
      createFactorPool(
        server(),
        { MfaConfiguration, ...all },
        { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] } },
        {
          ExplicitAuthFlows: [
            'ALLOW_USER_AUTH',
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_ADMIN_USER_PASSWORD_AUTH',
          ],
        },
      )
    places.optional = await create('OPTIONAL')
    places.required = await create('ON')
  })

  let count = 0
  for (const [flow, signIn, operations] of flows) {
    describe(flow, () => {
      for (const [what, factor] of Object.entries(factors)) {
        for (const by of operations) {
          test(`${what}, by the ${by} operations`, async () => {
            const at = places[factor.pool ?? 'optional']
            assert.ok(at)
            const name = `user-${++count}`
            await createUser(server(), at.UserPoolId, name, factor.attributes)
            const app = (await factor.prepare?.(server(), at, name))?.app ?? ''
            const given = factor.temporary ? `${password}-temporary` : password
            if (factor.temporary) {
              await server().client.send(
                new AdminSetUserPasswordCommand({
                  UserPoolId: at.UserPoolId,
                  Username: name,
                  Password: given,
                  Permanent: false,
                }),
              )
            }
            const asked = await signIn(server(), at, name, by, given)
            assert.deepEqual(asked.ChallengeName ? [asked.ChallengeName] : [], factor.asks)
            const done = await factor.answer({ server: server(), at, asked, name, by, app })
            const claims = claimsOf(done.AuthenticationResult?.AccessToken)
            assert.equal(claims.username, name)
            assert.deepEqual(claims.amr, factor.amr)
            assert.deepEqual(await server().sent(), [])
          })
        }
      }
    })
  }
})
