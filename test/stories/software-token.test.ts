import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { minutes, seconds } from '../../src/lib/instant.ts'
import {
  type Asked,
  accessTokenOf,
  appCode,
  type By,
  claimsOf,
  configure,
  createFactorPool,
  emailFactor,
  enrolApp,
  everybody,
  nextStep,
  type Place,
  respond,
  setUpApp,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../factors.ts'
import { attributesIn, createUser, password, phone, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'

const wrongCode = refusal('CodeMismatchException', 'Invalid code received for user')
const usedCode = refusal('ExpiredCodeException', 'Your software token has already been used once.')
const locked = refusal('NotAuthorizedException', 'Password attempts exceeded')
const preferred = { Enabled: true, PreferredMfa: true }
const on = { Enabled: true }

describe('signing in with an authenticator app', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createFactorPool(server(), {
        MfaConfiguration: 'OPTIONAL',
        ...smsFactor,
        ...emailFactor,
        ...tokenFactor,
      })
    })
    /** A user who is asked for the app's code at every sign-in. */
    async function person(name: string, deviceName?: string, attributes = {}): Promise<string> {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, name, attributes)
      const secret = await enrolApp(server(), await accessTokenOf(server(), place, name), deviceName)
      await prefer(name, { SoftwareTokenMfaSettings: preferred })
      nextStep(server())
      return secret
    }
    const prefer = (Username: string, preference: object) =>
      server().client.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId: place.UserPoolId, Username, ...preference }),
      )
    const answer = (asked: Asked, USERNAME: string, SOFTWARE_TOKEN_MFA_CODE: string, by: By = 'public') =>
      respond(server(), place, asked, { USERNAME, SOFTWARE_TOKEN_MFA_CODE }, by)
    /** A code that is right at no step near. */
    const wrong = (secret: string) =>
      ['000000', '000001', '000002', '000003'].find((code) =>
        [-1, 0, 1].every((steps) => appCode(server(), secret, steps) !== code),
      ) ?? ''

    for (const by of everybody) {
      test(`is asked for and answered, by the ${by} operations`, async () => {
        const name = `asked-${by}`
        const secret = await person(name, 'My phone')
        const asked = await startByPassword(server(), place, name, by)
        assert.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA')
        assert.deepEqual(asked.ChallengeParameters, {
          USER_ID_FOR_SRP: name,
          FRIENDLY_DEVICE_NAME: 'My phone',
        })
        const { AuthenticationResult } = await answer(asked, name, appCode(server(), secret), by)
        const { acr, amr } = claimsOf(AuthenticationResult?.AccessToken)
        assert.deepEqual({ acr, amr }, { acr: 'urn:cognito:loa:4', amr: ['pwd', 'otp', 'mfa'] })
        assert.deepEqual(await server().sent(), [])
      })

      test(`no code works twice, by the ${by} operations`, async () => {
        const name = `twice-${by}`
        const secret = await person(name)
        const code = appCode(server(), secret)
        const [first, second] = [
          await startByPassword(server(), place, name, by),
          await startByPassword(server(), place, name, by),
        ]
        assert.ok((await answer(first, name, code, by)).AuthenticationResult)
        await assert.rejects(answer(second, name, code, by), usedCode)
        await assert.rejects(answer(second, name, appCode(server(), secret, -1), by), usedCode)
        assert.ok((await answer(second, name, appCode(server(), secret, 1), by)).AuthenticationResult)
      })

      test(`five wrong codes lock, for a second and then for longer, by the ${by} operations`, async () => {
        const name = `locked-${by}`
        const secret = await person(name)
        const asked = await startByPassword(server(), place, name, by)
        for (let count = 1; count <= 5; count += 1)
          await assert.rejects(answer(asked, name, wrong(secret), by), wrongCode)
        await assert.rejects(answer(asked, name, appCode(server(), secret), by), locked)
        await assert.rejects(startByPassword(server(), place, name, by), locked)
        server().clock.now += seconds(1)
        await assert.rejects(answer(asked, name, wrong(secret), by), wrongCode)
        server().clock.now += seconds(1)
        await assert.rejects(answer(asked, name, appCode(server(), secret), by), locked)
        server().clock.now += seconds(1)
        assert.ok((await answer(asked, name, appCode(server(), secret), by)).AuthenticationResult)
      })

      test(`a right code behind forty wrong ones at once is locked out with them, by the ${by} operations`, async () => {
        const name = `crowded-${by}`
        const secret = await person(name)
        const asked = await startByPassword(server(), place, name, by)
        const guesses = Array.from({ length: 40 }, () => wrong(secret))
        const results = await Promise.allSettled(
          [...guesses, appCode(server(), secret)].map((code) => answer(asked, name, code, by)),
        )
        const texts = results.map((result) =>
          result.status === 'rejected' ? String(result.reason.message) : 'signed in',
        )
        assert.equal(texts.filter((text) => text === 'Invalid code received for user').length, 5)
        assert.equal(texts.filter((text) => text === 'Password attempts exceeded').length, 36)
        server().clock.now += seconds(1)
        assert.ok((await answer(asked, name, appCode(server(), secret, 1), by)).AuthenticationResult)
      })

      test(`an app that was deleted in the meantime, by the ${by} operations`, async () => {
        const name = `deleted-${by}`
        const secret = await person(name)
        const asked = await startByPassword(server(), place, name, by)
        await server().client.send(
          new AdminDeleteSoftwareTokenCommand({ UserPoolId: place.UserPoolId, Username: name }),
        )
        await assert.rejects(
          answer(asked, name, appCode(server(), secret), by),
          refusal('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
        )
      })
    }

    test('the clock of the app may be thirty seconds off, either way', async () => {
      const secret = await person('drift')
      for (const [steps, taken] of [
        [-2, false],
        [2, false],
        [-1, true],
        [1, true],
      ] as const) {
        server().clock.now += minutes(2)
        const asked = await startByPassword(server(), place, 'drift')
        const answered = answer(asked, 'drift', appCode(server(), secret, steps))
        if (taken) assert.ok((await answered).AuthenticationResult)
        else await assert.rejects(answered, wrongCode)
      }
    })

    test('of two answers with one code, one signs in', async () => {
      const secret = await person('racing')
      const code = appCode(server(), secret)
      const asked = await Promise.all([1, 2, 3].map(() => startByPassword(server(), place, 'racing')))
      const answers = await Promise.allSettled(asked.map((one) => answer(one, 'racing', code)))
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const one of answers) if (one.status === 'rejected') usedCode(one.reason)
    })

    test('the code that registered the app does not sign in', async () => {
      await createUser(server(), place.UserPoolId, 'fresh', {})
      const secret = await enrolApp(server(), await accessTokenOf(server(), place, 'fresh'))
      await prefer('fresh', { SoftwareTokenMfaSettings: preferred })
      const asked = await startByPassword(server(), place, 'fresh')
      await assert.rejects(answer(asked, 'fresh', appCode(server(), secret)), usedCode)
    })

    test('without a name of the device none is told', async () => {
      await person('nameless')
      const { ChallengeParameters } = await startByPassword(server(), place, 'nameless')
      assert.deepEqual(ChallengeParameters, { USER_ID_FOR_SRP: 'nameless' })
    })

    test('those who have an app are asked also when the pool offers it no longer', async () => {
      const closing = place
      place = await createFactorPool(server(), { MfaConfiguration: 'OPTIONAL', ...tokenFactor })
      const secret = await person('kept')
      await configure(server(), place.UserPoolId, { MfaConfiguration: 'OPTIONAL', ...smsFactor })
      const asked = await startByPassword(server(), place, 'kept')
      assert.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA')
      assert.ok((await answer(asked, 'kept', appCode(server(), secret))).AuthenticationResult)
      place = closing
    })

    test('an app that is registered and not turned on is not asked for', async () => {
      await createUser(server(), place.UserPoolId, 'quiet', {})
      await enrolApp(server(), await accessTokenOf(server(), place, 'quiet'))
      assert.ok((await startByPassword(server(), place, 'quiet')).AuthenticationResult)
    })

    for (const by of everybody) {
      test(`is chosen among several factors, by the ${by} operations`, async () => {
        const name = `chosen-${by}`
        const attributes = { phone_number: phone, email: `${name}@example.com` }
        const secret = await person(name, undefined, attributes)
        await prefer(name, {
          SMSMfaSettings: on,
          EmailMfaSettings: on,
          SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
        })
        const select = await startByPassword(server(), place, name, by)
        assert.equal(select.ChallengeName, 'SELECT_MFA_TYPE')
        assert.deepEqual(JSON.parse(select.ChallengeParameters?.MFAS_CAN_CHOOSE ?? ''), [
          'SMS_MFA',
          'SOFTWARE_TOKEN_MFA',
          'EMAIL_OTP',
        ])
        await assert.rejects(
          respond(server(), place, select, { USERNAME: name, ANSWER: 'WEB_AUTHN' }, by),
          refusal('InvalidParameterException', 'Invalid MFA type selected.'),
        )
        const asked = await respond(
          server(),
          place,
          select,
          { USERNAME: name, ANSWER: 'SOFTWARE_TOKEN_MFA' },
          by,
        )
        assert.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA')
        assert.ok((await answer(asked, name, appCode(server(), secret), by)).AuthenticationResult)
        assert.deepEqual(await server().sent(), [])
      })
    }

    test("the choice of email by either of AWS's names", async () => {
      await person('mail', undefined, { email: 'mail@example.com', phone_number: phone })
      await prefer('mail', {
        EmailMfaSettings: on,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
      })
      for (const ANSWER of ['EMAIL_OTP', 'EMAIL_MFA']) {
        const select = await startByPassword(server(), place, 'mail')
        const asked = await respond(server(), place, select, { USERNAME: 'mail', ANSWER })
        assert.equal(asked.ChallengeName, 'EMAIL_OTP')
        const [message] = await server().sent()
        const code = { USERNAME: 'mail', EMAIL_OTP_CODE: message?.code ?? '' }
        const { AuthenticationResult } = await respond(server(), place, asked, code)
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).acr, 'urn:cognito:loa:3')
      }
    })
  })
})

describe('setting up a second factor while signing in', () => {
  onEachStore((server) => {
    let apps: Place
    let both: Place
    before(async () => {
      apps = await createFactorPool(server(), { MfaConfiguration: 'ON', ...tokenFactor })
      both = await createFactorPool(
        server(),
        { MfaConfiguration: 'ON', ...tokenFactor, ...emailFactor },
        // What recovers an account is no second factor, and in a new pool the email does.
        { AliasAttributes: ['email'], AccountRecoverySetting: {} },
      )
    })
    const show = async ({ UserPoolId }: Place, Username: string) => {
      const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
      return { ...user, attributes: attributesIn(user.UserAttributes) }
    }

    for (const by of everybody) {
      test(`an authenticator app, and the next sign-in asks for it, by the ${by} operations`, async () => {
        const name = `app-${by}`
        await createUser(server(), apps.UserPoolId, name, {})
        const asked = await startByPassword(server(), apps, name, by)
        assert.equal(asked.ChallengeName, 'MFA_SETUP')
        assert.deepEqual(asked.ChallengeParameters, { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' })
        const { secret, ...signedIn } = await setUpApp(server(), apps, asked, name, by)
        assert.deepEqual(signedIn.ChallengeParameters, {})
        assert.equal(claimsOf(signedIn.AuthenticationResult?.IdToken).acr, 'urn:cognito:loa:4')
        const next = await startByPassword(server(), apps, name, by)
        assert.equal(next.ChallengeName, 'SOFTWARE_TOKEN_MFA')
        const code = (steps: number) => ({
          USERNAME: name,
          SOFTWARE_TOKEN_MFA_CODE: appCode(server(), secret, steps),
        })
        await assert.rejects(respond(server(), apps, next, code(0), by), usedCode)
        assert.ok((await respond(server(), apps, next, code(1), by)).AuthenticationResult)
      })

      test(`after a temporary password, by the ${by} operations`, async () => {
        const name = `invited-${by}`
        await server().client.send(
          new AdminCreateUserCommand({
            UserPoolId: apps.UserPoolId,
            Username: name,
            TemporaryPassword: password,
            MessageAction: 'SUPPRESS',
          }),
        )
        const first = await startByPassword(server(), apps, name, by)
        assert.equal(first.ChallengeName, 'NEW_PASSWORD_REQUIRED')
        const NEW_PASSWORD = 'Another-horse-9'
        const asked = await respond(server(), apps, first, { USERNAME: name, NEW_PASSWORD }, by)
        assert.equal(asked.ChallengeName, 'MFA_SETUP')
        assert.ok((await setUpApp(server(), apps, asked, name, by)).AuthenticationResult)
        const next = await startByPassword(server(), apps, name, by, NEW_PASSWORD)
        assert.equal(next.ChallengeName, 'SOFTWARE_TOKEN_MFA')
      })

      test(`an email address, the user's once its code is back, by the ${by} operations`, async () => {
        const name = `email-${by}`
        const EMAIL = `${name}@example.com`
        await createUser(server(), both.UserPoolId, name, {})
        const asked = await startByPassword(server(), both, name, by)
        assert.deepEqual(JSON.parse(asked.ChallengeParameters?.MFAS_CAN_SETUP ?? ''), [
          'SOFTWARE_TOKEN_MFA',
          'EMAIL_OTP',
        ])
        const sent = await respond(server(), both, asked, { USERNAME: name, EMAIL }, by)
        assert.equal(sent.ChallengeName, 'EMAIL_OTP')
        assert.deepEqual(sent.ChallengeParameters, {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
          CODE_DELIVERY_DESTINATION: 'e***@e***',
        })
        const [message, ...others] = await server().sent()
        assert.deepEqual(others, [])
        assert.equal(message?.to, EMAIL)
        assert.equal((await show(both, name)).attributes.email, undefined)
        const code = { USERNAME: name, EMAIL_OTP_CODE: message?.code ?? '' }
        const { AuthenticationResult } = await respond(server(), both, sent, code, by)
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).acr, 'urn:cognito:loa:3')
        const { attributes } = await show(both, name)
        assert.equal(attributes.email, EMAIL)
        assert.equal(attributes.email_verified, 'true')
        assert.equal((await startByPassword(server(), both, name, by)).ChallengeName, 'EMAIL_OTP')
        await server().sent()
      })

      test(`an email address that is somebody else's name, by the ${by} operations`, async () => {
        const email = `held-${by}@example.com`
        await createUser(server(), both.UserPoolId, `holder-${by}`, { email, email_verified: 'true' })
        const name = `claimant-${by}`
        await createUser(server(), both.UserPoolId, name, {})
        const asked = await startByPassword(server(), both, name, by)
        const sent = await respond(server(), both, asked, { USERNAME: name, EMAIL: email }, by)
        const [message] = await server().sent()
        const code = { USERNAME: name, EMAIL_OTP_CODE: message?.code ?? '' }
        await assert.rejects(
          respond(server(), both, sent, code, by),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
      })
    }

    test("the guide's prose writes the key in lower case", async () => {
      await createUser(server(), both.UserPoolId, 'lower', {})
      const asked = await startByPassword(server(), both, 'lower')
      const sent = await respond(server(), both, asked, { USERNAME: 'lower', email: 'lower@example.com' })
      assert.equal(sent.ChallengeName, 'EMAIL_OTP')
      assert.equal((await server().sent())[0]?.to, 'lower@example.com')
    })

    test('nothing set up, an address that is none, and email where the pool has no email factor', async () => {
      await createUser(server(), both.UserPoolId, 'nothing', {})
      await createUser(server(), apps.UserPoolId, 'nothing', {})
      const asked = await startByPassword(server(), both, 'nothing')
      const set = (place: Place, one: Asked, responses: Record<string, string>) =>
        respond(server(), place, one, { USERNAME: 'nothing', ...responses })
      await assert.rejects(
        set(both, asked, {}),
        refusal('InvalidParameterException', 'Software token MFA has not been set up for the session.'),
      )
      await assert.rejects(set(both, asked, { EMAIL: 'nowhere' }), { name: 'InvalidParameterException' })
      await assert.rejects(
        set(both, asked, { EMAIL: '' }),
        refusal('InvalidParameterException', 'Missing required parameter EMAIL'),
      )
      const strict = await startByPassword(server(), apps, 'nothing')
      await assert.rejects(
        set(apps, strict, { EMAIL: 'a@example.com' }),
        refusal('InvalidParameterException', 'EMAIL_OTP is not available for setup.'),
      )
      assert.deepEqual(await server().sent(), [])
    })

    test('a session whose app has shown no code yet signs nobody in', async () => {
      await createUser(server(), apps.UserPoolId, 'hasty', {})
      const { Session } = await startByPassword(server(), apps, 'hasty')
      const associated = await server().client.send(new AssociateSoftwareTokenCommand({ Session }))
      const asked = { ChallengeName: 'MFA_SETUP' as const, Session: associated.Session }
      await assert.rejects(
        respond(server(), apps, asked, { USERNAME: 'hasty' }),
        refusal('InvalidParameterException', 'Software token MFA has not been set up for the session.'),
      )
    })
  })
})
