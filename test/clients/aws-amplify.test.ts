/** AWS's client for web applications, as an application uses it: configured once, a person at a time. */
import assert from 'node:assert/strict'
import { before, beforeEach, describe, type TestContext, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  AdminResetUserPasswordCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { Amplify } from 'aws-amplify'
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  deleteUserAttributes,
  fetchAuthSession,
  fetchDevices,
  fetchMFAPreference,
  fetchUserAttributes,
  forgetDevice,
  getCurrentUser,
  rememberDevice,
  resendSignUpCode,
  resetPassword,
  type SignInInput,
  type SignInOutput,
  sendUserAttributeVerificationCode,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  updatePassword,
  updateUserAttributes,
  verifyTOTPSetup,
} from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger, type KeyValueStorageInterface } from 'aws-amplify/utils'
import { createFactorPool, emailFactor, firstFactors, smsFactor, tokenFactor } from '../factors.ts'
import { createUser, password, phone, refusal } from '../fixtures.ts'
import { createVerified, onEachService, type Place } from './service.ts'

// That a pool is elsewhere than at AWS, it would say every time.
ConsoleLogger.LOG_LEVEL = 'ERROR'

const newPassword = 'Correct-horse-10'
const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')

type Step = SignInOutput['nextStep']
type StepName = Step['signInStep']

/** The step that a sign-in has come to, which must be the one that is named. */
function at<Name extends StepName>(
  { nextStep }: SignInOutput,
  name: Name,
): Extract<Step, { signInStep: Name }> {
  assert.equal(nextStep.signInStep, name)
  return nextStep as Extract<Step, { signInStep: Name }>
}

type Flow = NonNullable<SignInInput['options']>
const srp: Flow = { authFlowType: 'USER_SRP_AUTH' }
const plain: Flow = { authFlowType: 'USER_PASSWORD_AUTH' }
const choice = (preferredChallenge?: NonNullable<Flow['preferredChallenge']>): Flow => ({
  authFlowType: 'USER_AUTH',
  ...(preferredChallenge && { preferredChallenge }),
})
/** One storage is one browser, which keeps tokens and devices. */
function newBrowser(): KeyValueStorageInterface {
  const items = new Map<string, string>()
  return {
    setItem: async (key, value) => void items.set(key, value),
    getItem: async (key) => items.get(key) ?? null,
    removeItem: async (key) => void items.delete(key),
    clear: async () => items.clear(),
  }
}
const use = (browser: KeyValueStorageInterface) => cognitoUserPoolsTokenProvider.setKeyValueStorage(browser)
const answer = (challengeResponse: string) => confirmSignIn({ challengeResponse })

describe('aws-amplify', () => {
  onEachService(
    (service) => {
      const createPlace = (
        config: Parameters<typeof createFactorPool>[1],
        pool: Partial<CreateUserPoolCommandInput> = {},
      ): Promise<Place> =>
        createFactorPool(service(), config, pool, {
          ExplicitAuthFlows: [
            'ALLOW_USER_AUTH',
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
        })
      /** An application for a pool, in a browser where nobody is signed in. */
      function configure({ UserPoolId, ClientId }: Place): void {
        Amplify.configure({
          Auth: {
            Cognito: {
              userPoolId: UserPoolId,
              userPoolClientId: ClientId,
              userPoolEndpoint: service().url,
            },
          },
        })
        use(newBrowser())
      }

      async function verified(place: Place) {
        const { tokens } = await fetchAuthSession()
        const [AccessToken, IdToken] = [tokens?.accessToken.toString(), tokens?.idToken?.toString()]
        return service().verified(place, { AccessToken, IdToken })
      }
      /** Nothing more is asked for, and the tokens are good. */
      async function signedIn(place: Place, output: SignInOutput) {
        assert.deepEqual(output, { isSignedIn: true, nextStep: { signInStep: 'DONE' } })
        return verified(place)
      }

      describe('with a password', () => {
        let place: Place
        before(async () => {
          place = await createPlace({ MfaConfiguration: 'OFF' }, { AutoVerifiedAttributes: ['email'] })
        })
        beforeEach(() => configure(place))
        const create = (name: string) =>
          createVerified(service(), place, name, { email: `${name}@example.com` })

        for (const [name, options] of Object.entries({
          'by SRP': srp,
          'as it is': plain,
          'by choice, SRP': choice('PASSWORD_SRP'),
          'by choice, as it is': choice('PASSWORD'),
        })) {
          test(name, async () => {
            const username = name.replaceAll(/\W/g, '')
            await create(username)
            await assert.rejects(signIn({ username, password: newPassword, options }), wrong)
            const { access, id } = await signedIn(place, await signIn({ username, password, options }))
            assert.equal(access.username, username)
            assert.deepEqual(await getCurrentUser(), {
              username,
              userId: id.sub,
              signInDetails: { loginId: username, authFlowType: options.authFlowType },
            })
            await signOut()
            await assert.rejects(fetchUserAttributes(), { name: 'UserUnAuthenticatedException' })
          })
        }

        test('of which several are offered', async () => {
          await create('selecting')
          for (const factor of ['PASSWORD', 'PASSWORD_SRP'] as const) {
            const output = await signIn({ username: 'selecting', options: choice() })
            const { availableChallenges } = at(output, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION')
            assert.deepEqual(availableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
            at(await answer(factor), 'CONFIRM_SIGN_IN_WITH_PASSWORD')
            await signedIn(place, await answer(password))
            await signOut()
          }
        })

        test('a temporary one is replaced', async () => {
          const naming = await createPlace(
            { MfaConfiguration: 'OFF' },
            { Schema: [{ Name: 'given_name', Required: true }] },
          )
          configure(naming)
          const username = 'invited'
          await service().client.send(
            new AdminCreateUserCommand({
              UserPoolId: naming.UserPoolId,
              Username: username,
              UserAttributes: [{ Name: 'email', Value: 'invited@example.com' }],
              DesiredDeliveryMediums: ['EMAIL'],
            }),
          )
          const temporary = await service().codeTo(naming, 'invited@example.com')
          const output = await signIn({ username, password: temporary })
          const { missingAttributes } = at(output, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED')
          assert.deepEqual(missingAttributes, ['given_name'])
          const complete = (challengeResponse: string) =>
            confirmSignIn({ challengeResponse, options: { userAttributes: { given_name: 'Ada' } } })
          await assert.rejects(complete('short'), { name: 'InvalidPasswordException' })
          const { id } = await signedIn(naming, await complete(password))
          assert.equal(id.given_name, 'Ada')
        })

        test('a forgotten one is replaced', async () => {
          const username = 'forgetful'
          await create(username)
          const { isPasswordReset, nextStep } = await resetPassword({ username })
          assert.equal(isPasswordReset, false)
          assert.deepEqual(nextStep, {
            resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE',
            codeDeliveryDetails: {
              attributeName: 'email',
              deliveryMedium: 'EMAIL',
              destination: 'f***@e***',
            },
          })
          const confirmationCode = await service().codeTo(place, 'forgetful@example.com')
          await confirmResetPassword({ username, confirmationCode, newPassword })
          await assert.rejects(signIn({ username, password }), wrong)
          await signedIn(place, await signIn({ username, password: newPassword }))
        })

        test('one that an administrator has taken away', async () => {
          const username = 'reset'
          await create(username)
          await service().client.send(
            new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: username }),
          )
          at(await signIn({ username, password }), 'RESET_PASSWORD')
          const confirmationCode = await service().codeTo(place, 'reset@example.com')
          await confirmResetPassword({ username, confirmationCode, newPassword })
          await signedIn(place, await signIn({ username, password: newPassword }))
        })

        test('the account of who is signed in', async () => {
          const username = 'account'
          await create(username)
          const first = await signedIn(place, await signIn({ username, password }))
          await updatePassword({ oldPassword: password, newPassword })
          await assert.rejects(updatePassword({ oldPassword: password, newPassword }), wrong)

          const email = 'changed@example.com'
          const updates = await updateUserAttributes({ userAttributes: { email, nickname: 'Ada' } })
          assert.equal(updates.nickname?.nextStep.updateAttributeStep, 'DONE')
          assert.deepEqual(updates.email?.nextStep, {
            updateAttributeStep: 'CONFIRM_ATTRIBUTE_WITH_CODE',
            codeDeliveryDetails: {
              attributeName: 'email',
              deliveryMedium: 'EMAIL',
              destination: 'c***@e***',
            },
          })
          await service().codeTo(place, email)
          await sendUserAttributeVerificationCode({ userAttributeKey: 'email' })
          const confirmationCode = await service().codeTo(place, email)
          await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode })
          await deleteUserAttributes({ userAttributeKeys: ['nickname'] })
          assert.deepEqual(await fetchUserAttributes(), { sub: first.id.sub, email, email_verified: 'true' })

          const { tokens } = await fetchAuthSession({ forceRefresh: true })
          assert.equal(tokens?.idToken?.payload.email, email)
          const { access } = await verified(place)
          assert.notEqual(access.jti, first.access.jti)
          assert.equal(access.origin_jti, first.access.origin_jti)

          await deleteUser()
          await assert.rejects(getCurrentUser(), { name: 'UserUnAuthenticatedException' })
          await assert.rejects(
            signIn({ username, password: newPassword }),
            refusal('UserNotFoundException', 'User does not exist.'),
          )
        })

        test('signed out everywhere', async () => {
          const username = 'leaving'
          await create(username)
          const [here, there] = [newBrowser(), newBrowser()]
          for (const browser of [here, there]) {
            use(browser)
            await signedIn(place, await signIn({ username, password }))
          }
          use(here)
          await signOut({ global: true })
          use(there)
          await assert.rejects(
            fetchUserAttributes(),
            refusal('NotAuthorizedException', 'Access Token has been revoked'),
          )
          assert.equal((await fetchAuthSession({ forceRefresh: true })).tokens, undefined)
        })
      })

      describe('with second factors', () => {
        let optional: Place
        let required: Place
        before(async () => {
          const factors = { ...smsFactor, ...emailFactor, ...tokenFactor }
          optional = await createPlace({ MfaConfiguration: 'OPTIONAL', ...factors })
          // An address that recovers the account cannot be its second factor too.
          required = await createPlace(
            { MfaConfiguration: 'ON', ...emailFactor, ...tokenFactor },
            {
              AccountRecoverySetting: {
                RecoveryMechanisms: [{ Priority: 1, Name: 'verified_phone_number' }],
              },
            },
          )
        })
        const create = (name: string) =>
          createUser(service(), optional.UserPoolId, name, {
            phone_number: phone,
            email: `${name}@example.com`,
          })
        /** A user with these factors, none preferred, and signed out. */
        async function enable(username: string, ...factors: ('sms' | 'email' | 'totp')[]) {
          configure(optional)
          await create(username)
          await signedIn(optional, await signIn({ username, password, options: plain }))
          const { sharedSecret } = await setUpTOTP()
          await verifyTOTPSetup({ code: await service().appCode(sharedSecret) })
          await updateMFAPreference(Object.fromEntries(factors.map((factor) => [factor, 'ENABLED'])))
          const { enabled, preferred } = await fetchMFAPreference()
          assert.deepEqual(enabled?.toSorted(), factors.map((factor) => factor.toUpperCase()).toSorted())
          assert.equal(preferred, undefined)
          await signOut()
          return sharedSecret
        }
        const codeByMail = (name: string) => service().codeTo(optional, `${name}@example.com`)

        for (const [flow, options] of Object.entries({ srp, plain, choice: choice('PASSWORD_SRP') })) {
          test(`by SMS, after ${flow}`, async () => {
            const username = `sms-${flow}`
            await enable(username, 'sms')
            const { codeDeliveryDetails } = at(
              await signIn({ username, password, options }),
              'CONFIRM_SIGN_IN_WITH_SMS_CODE',
            )
            assert.deepEqual(codeDeliveryDetails, { deliveryMedium: 'SMS', destination: '+*******0123' })
            const code = await service().codeTo(optional, phone)
            await assert.rejects(
              answer(code === '000000' ? '000001' : '000000'),
              refusal('CodeMismatchException', 'Invalid code or auth state for the user.'),
            )
            await signedIn(optional, await answer(code))
          })
        }

        test('by email', async () => {
          const username = 'mailed'
          await enable(username, 'email')
          const { codeDeliveryDetails } = at(
            await signIn({ username, password }),
            'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
          )
          assert.deepEqual(codeDeliveryDetails, { deliveryMedium: 'EMAIL', destination: 'm***@e***' })
          await signedIn(optional, await answer(await codeByMail(username)))
        })

        test('by an authenticator app', async () => {
          const username = 'app'
          const secret = await enable(username, 'totp')
          at(await signIn({ username, password }), 'CONFIRM_SIGN_IN_WITH_TOTP_CODE')
          const { access } = await signedIn(optional, await answer(await service().appCode(secret)))
          assert.deepEqual(access.amr, ['pwd', 'otp', 'mfa'])
        })

        test('by whichever is selected, or preferred', async () => {
          const username = 'selecting'
          const secret = await enable(username, 'sms', 'email', 'totp')
          const select = async (type: 'SMS' | 'EMAIL' | 'TOTP') => {
            const output = await signIn({ username, password })
            const { allowedMFATypes } = at(output, 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION')
            assert.deepEqual(allowedMFATypes?.toSorted(), ['EMAIL', 'SMS', 'TOTP'])
            return answer(type)
          }
          at(await select('SMS'), 'CONFIRM_SIGN_IN_WITH_SMS_CODE')
          await signedIn(optional, await answer(await service().codeTo(optional, phone)))
          await signOut()
          at(await select('EMAIL'), 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
          await signedIn(optional, await answer(await codeByMail(username)))
          await signOut()
          at(await select('TOTP'), 'CONFIRM_SIGN_IN_WITH_TOTP_CODE')
          await signedIn(optional, await answer(await service().appCode(secret)))
          await updateMFAPreference({ email: 'PREFERRED', totp: 'DISABLED' })
          const { enabled, preferred } = await fetchMFAPreference()
          assert.deepEqual(enabled?.toSorted(), ['EMAIL', 'SMS'])
          assert.equal(preferred, 'EMAIL')
          await signOut()
          at(await signIn({ username, password }), 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
          await signedIn(optional, await answer(await codeByMail(username)))
        })

        test('an authenticator app set up on the way', async () => {
          configure(required)
          const username = 'setting-up-app'
          await createUser(service(), required.UserPoolId, username, {})
          const output = await signIn({ username, password })
          const { allowedMFATypes } = at(output, 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION')
          assert.deepEqual(allowedMFATypes?.toSorted(), ['EMAIL', 'TOTP'])
          const { totpSetupDetails } = at(await answer('TOTP'), 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP')
          const secret = totpSetupDetails.sharedSecret
          await assert.rejects(answer('000000'), { name: 'EnableSoftwareTokenMFAException' })
          await signedIn(required, await answer(await service().appCode(secret)))
          await signOut()
          at(await signIn({ username, password }), 'CONFIRM_SIGN_IN_WITH_TOTP_CODE')
          await signedIn(required, await answer(await service().appCode(secret)))
        })

        test('an email address set up on the way', async () => {
          configure(required)
          const username = 'setting-up-mail'
          const email = `${username}@example.com`
          await createUser(service(), required.UserPoolId, username, {})
          at(await signIn({ username, password }), 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION')
          at(await answer('EMAIL'), 'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP')
          at(await answer(email), 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
          const { id } = await signedIn(required, await answer(await service().codeTo(required, email)))
          assert.equal(id.email, email)
          assert.equal(id.email_verified, true)
          await signOut()
          at(await signIn({ username, password }), 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
          await signedIn(required, await answer(await service().codeTo(required, email)))
        })
      })

      describe('without a password', () => {
        let place: Place
        before(async () => {
          place = await createPlace(
            { MfaConfiguration: 'OFF' },
            {
              ...firstFactors('EMAIL_OTP', 'SMS_OTP'),
              UsernameAttributes: ['email', 'phone_number'],
              AutoVerifiedAttributes: ['email', 'phone_number'],
            },
          )
        })
        beforeEach(() => configure(place))

        test('a code by email, a code by SMS, and either of them selected', async () => {
          const email = 'ada@example.com'
          await createVerified(service(), place, email, { email, phone_number: phone })
          const byMail = async (output: SignInOutput) => {
            const { codeDeliveryDetails } = at(output, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
            assert.deepEqual(codeDeliveryDetails, { deliveryMedium: 'EMAIL', destination: 'a***@e***' })
            const code = await service().codeTo(place, email)
            assert.match(code, /^[0-9]{8}$/)
            await assert.rejects(answer(code === '00000000' ? '00000001' : '00000000'), {
              name: 'CodeMismatchException',
            })
            const { access } = await signedIn(place, await answer(code))
            assert.equal(access.username, access.sub)
            await signOut()
          }
          const bySms = async (output: SignInOutput) => {
            at(output, 'CONFIRM_SIGN_IN_WITH_SMS_CODE')
            await signedIn(place, await answer(await service().codeTo(place, phone)))
            await signOut()
          }
          await byMail(await signIn({ username: email, options: choice('EMAIL_OTP') }))
          await bySms(await signIn({ username: phone, options: choice('SMS_OTP') }))
          const select = async (factor: string) => {
            const output = await signIn({ username: email, options: choice() })
            const { availableChallenges } = at(output, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION')
            assert.deepEqual(availableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP'])
            return answer(factor)
          }
          await byMail(await select('EMAIL_OTP'))
          await bySms(await select('SMS_OTP'))
          at(await select('PASSWORD_SRP'), 'CONFIRM_SIGN_IN_WITH_PASSWORD')
          await signedIn(place, await answer(password))
          await signOut()
          // What the pool does not have is not offered.
          at(
            await signIn({ username: email, options: choice('WEB_AUTHN') }),
            'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
          )
        })

        const signUpAs = (
          username: string,
          options: { autoSignIn: boolean | Flow; email: string },
          password?: string,
        ) =>
          signUp({
            username,
            ...(password && { password }),
            options: { userAttributes: { email: options.email }, autoSignIn: options.autoSignIn },
          })

        /**
         * Amplify takes calls of `autoSignIn` within 0.3 s for one, and listens for three minutes whether a sign-up is
         * confirmed: here people follow one another faster, and the process does not stay for that.
         */
        function hurry({ mock }: TestContext): void {
          const { setTimeout } = globalThis
          mock.method(globalThis, 'setTimeout', (work: () => void, delay: number, ...rest: []) => {
            const timer = setTimeout(work, delay === 300 ? 0 : delay, ...rest)
            return delay === 180_000 ? timer.unref() : timer
          })
        }

        test('sign-up without a password goes on to the sign-in', async (context) => {
          hurry(context)
          const email = 'new@example.com'
          const { nextStep, userId } = await signUpAs(email, { email, autoSignIn: choice() })
          assert.deepEqual(nextStep, {
            signUpStep: 'CONFIRM_SIGN_UP',
            codeDeliveryDetails: {
              attributeName: 'email',
              deliveryMedium: 'EMAIL',
              destination: 'n***@e***',
            },
          })
          const confirmationCode = await service().codeTo(place, email)
          const confirmed = await confirmSignUp({ username: email, confirmationCode })
          assert.equal(confirmed.nextStep.signUpStep, 'COMPLETE_AUTO_SIGN_IN')
          const { access, id } = await signedIn(place, await autoSignIn())
          assert.equal(access.sub, userId)
          assert.equal(id.email, email)
          assert.equal(id.email_verified, true)
          await assert.rejects(autoSignIn(), { name: 'AutoSignInException' })
        })

        for (const [flow, options] of Object.entries({ SRP: true, plain, choice: choice('PASSWORD_SRP') })) {
          test(`sign-up with a password goes on to the sign-in: ${flow}`, async (context) => {
            hurry(context)
            const email = `${flow.toLowerCase()}@example.com`
            const { nextStep } = await signUpAs(email, { email, autoSignIn: options }, password)
            assert.equal(nextStep.signUpStep, 'CONFIRM_SIGN_UP')
            const first = await service().codeTo(place, email)
            await resendSignUpCode({ username: email })
            const code = await service().codeTo(place, email)
            if (first !== code) {
              await assert.rejects(
                confirmSignUp({ username: email, confirmationCode: first }),
                refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
              )
            }
            const confirmed = await confirmSignUp({ username: email, confirmationCode: code })
            assert.equal(confirmed.nextStep.signUpStep, 'COMPLETE_AUTO_SIGN_IN')
            await signedIn(place, await autoSignIn())
          })
        }

        test('sign-up is left, and comes back to it', async () => {
          const email = 'later@example.com'
          const { nextStep } = await signUpAs(email, { email, autoSignIn: false }, password)
          assert.equal(nextStep.signUpStep, 'CONFIRM_SIGN_UP')
          at(await signIn({ username: email, password }), 'CONFIRM_SIGN_UP')
          const confirmationCode = await service().codeTo(place, email)
          const confirmed = await confirmSignUp({ username: email, confirmationCode })
          assert.equal(confirmed.nextStep.signUpStep, 'DONE')
          await signedIn(place, await signIn({ username: email, password }))
        })
      })

      describe('devices', () => {
        let place: Place
        before(async () => {
          place = await createPlace(
            { MfaConfiguration: 'OPTIONAL', ...smsFactor },
            {
              DeviceConfiguration: {
                ChallengeRequiredOnNewDevice: true,
                DeviceOnlyRememberedOnUserPrompt: true,
              },
            },
          )
        })
        const byCode = async (output: SignInOutput) => {
          at(output, 'CONFIRM_SIGN_IN_WITH_SMS_CODE')
          return signedIn(place, await answer(await service().codeTo(place, phone)))
        }
        /** Somebody who has SMS MFA, and has signed in on a device that is remembered. */
        async function onRememberedDevice(username: string, options: Flow) {
          configure(place)
          await createUser(service(), place.UserPoolId, username)
          await signedIn(place, await signIn({ username, password, options }))
          await updateMFAPreference({ sms: 'ENABLED' })
          await signOut()
          const { access } = await byCode(await signIn({ username, password, options }))
          await rememberDevice()
          assert.ok((await fetchDevices()).some(({ id }) => id === access.device_key))
          await signOut()
          return access.device_key
        }

        for (const [flow, options] of Object.entries({ srp, plain })) {
          test(`a remembered one stands for the code, until it is forgotten: ${flow}`, async () => {
            const username = `remembered-${flow}`
            const key = await onRememberedDevice(username, options)
            const { access } = await signedIn(place, await signIn({ username, password, options }))
            assert.equal(access.device_key, key)
            await fetchAuthSession({ forceRefresh: true })
            assert.equal((await verified(place)).access.device_key, key)
            await forgetDevice()
            assert.ok((await fetchDevices()).every(({ id }) => id !== key))
            await signOut()
            await byCode(await signIn({ username, password, options }))
          })
        }

        test('one that was forgotten elsewhere, and still names itself', async () => {
          const username = 'forgotten'
          const DeviceKey = String(await onRememberedDevice(username, srp))
          await service().client.send(
            new AdminForgetDeviceCommand({ UserPoolId: place.UserPoolId, Username: username, DeviceKey }),
          )
          const { access } = await byCode(await signIn({ username, password }))
          assert.notEqual(access.device_key, DeviceKey)
        })
      })
    },
    ['sqlite'],
  )
})
