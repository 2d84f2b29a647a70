import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  AssociateSoftwareTokenCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
  type VerifySoftwareTokenCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  appCode,
  changeUser,
  configure,
  createFactorPool,
  enrolApp,
  nextStep,
  type Place,
  respond,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../../../test/factors.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const mismatch = refusal(
  'EnableSoftwareTokenMFAException',
  'Code mismatch and fail enable Software Token MFA',
)
const used = refusal('EnableSoftwareTokenMFAException', 'Your software token has already been used once')

describe('VerifySoftwareToken', () => {
  onEachStore((server) => {
    let place: Place
    let strict: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OPTIONAL', ...tokenFactor },
        {},
        {
          AccessTokenValidity: 1,
          TokenValidityUnits: { AccessToken: 'days' },
        },
      )
      strict = await createFactorPool(server(), { MfaConfiguration: 'ON', ...tokenFactor })
    })
    const associate = (input: { AccessToken?: string; Session?: string | undefined }) =>
      server().client.send(new AssociateSoftwareTokenCommand(input))
    const verify = (input: VerifySoftwareTokenCommandInput) =>
      server().client.send(new VerifySoftwareTokenCommand(input))
    async function tokenFor(name: string): Promise<string> {
      await createUser(server(), place.UserPoolId, name)
      return accessTokenOf(server(), place, name)
    }
    async function setUpOf(name: string): Promise<string | undefined> {
      await createUser(server(), strict.UserPoolId, name, {})
      return (await startByPassword(server(), strict, name)).Session
    }
    /** A code that is right neither now nor a step away. */
    const wrong = (secret: string | undefined) =>
      ['000000', '000001', '000002', '000003'].find((code) =>
        [-1, 0, 1].every((steps) => appCode(server(), secret, steps) !== code),
      ) ?? ''
    const registered = async (Username: string) =>
      (
        await server().client.send(
          new AdminGetUserAuthFactorsCommand({ UserPoolId: place.UserPoolId, Username }),
        )
      ).ConfiguredUserAuthFactors?.includes('SOFTWARE_TOKEN')

    test('registers the app, and turns nothing on', async () => {
      const AccessToken = await tokenFor('registered')
      const { SecretCode } = await associate({ AccessToken })
      assert.equal(await registered('registered'), false)
      const { $metadata, ...output } = await verify({ AccessToken, UserCode: appCode(server(), SecretCode) })
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, { Status: 'SUCCESS' })
      assert.equal(await registered('registered'), true)
      const user = await server().client.send(
        new AdminGetUserCommand({ UserPoolId: place.UserPoolId, Username: 'registered' }),
      )
      assert.equal(user.UserMFASettingList, undefined)
      assert.equal(user.PreferredMfaSetting, undefined)
    })

    for (const [what, steps] of [
      ['the step before', -1],
      ['the step after', 1],
    ] as const) {
      test(`takes the code of ${what}`, async () => {
        const AccessToken = await tokenFor(what.replaceAll(' ', '-'))
        const { SecretCode } = await associate({ AccessToken })
        const { Status } = await verify({ AccessToken, UserCode: appCode(server(), SecretCode, steps) })
        assert.equal(Status, 'SUCCESS')
      })
    }

    test('refuses a wrong code, and one that is two steps away', async () => {
      const AccessToken = await tokenFor('wrong')
      const { SecretCode } = await associate({ AccessToken })
      const codes = [wrong(SecretCode), appCode(server(), SecretCode, 2), appCode(server(), SecretCode, -2)]
      for (const UserCode of codes) await assert.rejects(verify({ AccessToken, UserCode }), mismatch)
      assert.equal(await registered('wrong'), false)
    })

    test('uses up the code, and takes the next one', async () => {
      const AccessToken = await tokenFor('again')
      const secret = await enrolApp(server(), AccessToken)
      await assert.rejects(verify({ AccessToken, UserCode: appCode(server(), secret) }), used)
      await assert.rejects(verify({ AccessToken, UserCode: wrong(secret) }), mismatch)
      assert.equal((await verify({ AccessToken, UserCode: appCode(server(), secret, 1) })).Status, 'SUCCESS')
    })

    test('of two calls with one code, one registers the app', async () => {
      const AccessToken = await tokenFor('racing')
      const { SecretCode } = await associate({ AccessToken })
      const UserCode = appCode(server(), SecretCode)
      const answers = await Promise.allSettled([1, 2, 3].map(() => verify({ AccessToken, UserCode })))
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const answer of answers) if (answer.status === 'rejected') used(answer.reason)
    })

    test('a new app replaces the old one when it is verified, and not before', async () => {
      const AccessToken = await tokenFor('replaced')
      const old = await enrolApp(server(), AccessToken)
      const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
      await server().client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }))
      const { SecretCode } = await associate({ AccessToken })
      const signIn = async (secret: string | undefined) => {
        nextStep(server())
        const asked = await startByPassword(server(), place, 'replaced')
        const SOFTWARE_TOKEN_MFA_CODE = appCode(server(), secret)
        return respond(server(), place, asked, { USERNAME: 'replaced', SOFTWARE_TOKEN_MFA_CODE })
      }
      assert.ok((await signIn(old)).AuthenticationResult)
      nextStep(server())
      await verify({ AccessToken, UserCode: appCode(server(), SecretCode) })
      assert.ok((await signIn(SecretCode)).AuthenticationResult)
      await assert.rejects(signIn(old), refusal('CodeMismatchException', 'Invalid code received for user'))
    })

    test('a key that nobody verified is forgotten after a day', async () => {
      const AccessToken = await tokenFor('slow')
      const { SecretCode } = await associate({ AccessToken })
      server().clock.now += hours(24) - 60_000
      const late = await accessTokenOf(server(), place, 'slow')
      await assert.rejects(verify({ AccessToken: late, UserCode: wrong(SecretCode) }), mismatch)
      nextStep(server())
      nextStep(server())
      await assert.rejects(
        verify({ AccessToken: late, UserCode: appCode(server(), SecretCode) }),
        refusal('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
      )
    })

    test('nothing was associated', async () => {
      const AccessToken = await tokenFor('nothing')
      await assert.rejects(
        verify({ AccessToken, UserCode: '123456' }),
        refusal('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
      )
    })

    test('within a sign-in: a code may be tried again, and each session is used once', async () => {
      const Session = await setUpOf('setting-up')
      await assert.rejects(
        verify({ Session, UserCode: '123456' }),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
      const { SecretCode, Session: associated } = await associate({ Session })
      await assert.rejects(verify({ Session: associated, UserCode: wrong(SecretCode) }), mismatch)
      const UserCode = appCode(server(), SecretCode)
      const verified = await verify({ Session: associated, UserCode })
      assert.equal(verified.Status, 'SUCCESS')
      assert.notEqual(verified.Session, associated)
      await assert.rejects(
        verify({ Session: associated, UserCode }),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
      await assert.rejects(verify({ Session: verified.Session, UserCode }), used)
    })

    for (const [status, name, text] of [
      ['UNCONFIRMED', 'UserNotConfirmedException', 'User is not confirmed.'],
      ['RESET_REQUIRED', 'PasswordResetRequiredException', 'Password reset required for the user'],
    ] as const) {
      test(`a user who is ${status}`, async () => {
        const AccessToken = await tokenFor(status)
        const { SecretCode } = await associate({ AccessToken })
        await changeUser(server(), place.UserPoolId, status, (user) => ({ ...user, status }))
        await assert.rejects(
          verify({ AccessToken, UserCode: appCode(server(), SecretCode) }),
          refusal(name, text),
        )
      })
    }

    test('a pool that has turned software tokens off', async () => {
      const AccessToken = await tokenFor('off')
      const { SecretCode } = await associate({ AccessToken })
      await configure(server(), place.UserPoolId, { MfaConfiguration: 'OPTIONAL', ...smsFactor })
      await assert.rejects(
        verify({ AccessToken, UserCode: appCode(server(), SecretCode) }),
        refusal(
          'SoftwareTokenMFANotFoundException',
          'Software Token MFA has not been enabled by the userPool',
        ),
      )
      await configure(server(), place.UserPoolId, { MfaConfiguration: 'OPTIONAL', ...tokenFactor })
    })

    test('a name that cannot be kept', async () => {
      const AccessToken = await tokenFor('nul')
      const { SecretCode } = await associate({ AccessToken })
      const UserCode = appCode(server(), SecretCode)
      await assert.rejects(
        verify({ AccessToken, UserCode, FriendlyDeviceName: 'a\0b' }),
        refusal('InvalidParameterException', 'FriendlyDeviceName has an invalid character.'),
      )
      assert.equal(
        (await verify({ AccessToken, UserCode, FriendlyDeviceName: 'Ünïcödé 📱' })).Status,
        'SUCCESS',
      )
    })

    test('a code is six digits', async () => {
      await assert.rejects(
        verify({ AccessToken: 'x', UserCode: 'abc' }),
        refusal(
          'InvalidParameterException',
          "2 validation errors detected: Value at 'userCode' failed to satisfy constraint: Member must have length greater than or equal to 6; Value at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+",
        ),
      )
    })
  })
})
