/** AWS's older client for browsers: SRP and devices, its callbacks as promises. */
import assert from 'node:assert/strict'
import { before, describe, type TestContext, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  AdminSetUserMFAPreferenceCommand,
  type CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js'
import {
  createClient,
  createPool,
  createUser,
  password,
  phone,
  refusal,
  smsConfiguration,
} from '../fixtures.ts'
import { createVerified, onEachService, type Place } from './service.ts'

const email = 'ada@example.com'
const newPassword = 'Correct-horse-10'
const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')

/** What an answer has led to: tokens, or the callback that asks for more. */
interface Came {
  readonly asked?: string
  readonly details?: Record<string, unknown>
  readonly required?: string[]
  readonly session?: CognitoUserSession | undefined
  readonly mustAsk?: boolean | undefined
}

/** One storage is one browser, which keeps tokens and devices. */
function newBrowser(): ICognitoStorage {
  const items = new Map<string, string>()
  return {
    setItem: (key, value) => items.set(key, String(value)),
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => items.delete(key),
    clear: () => items.clear(),
  }
}

function came(ask: (callbacks: IAuthenticationCallback) => void): Promise<Came> {
  return new Promise((resolve, reject) => {
    const asks = (asked: string, details: Record<string, unknown>) => resolve({ asked, details })
    ask({
      onSuccess: (session, mustAsk) => resolve({ session, mustAsk }),
      onFailure: reject,
      mfaRequired: asks,
      totpRequired: asks,
      selectMFAType: asks,
      mfaSetup: asks,
      newPasswordRequired: (details, required) =>
        resolve({ asked: 'NEW_PASSWORD_REQUIRED', details, required }),
    })
  })
}

/** What a function says that takes `onSuccess` and `onFailure`. */
const outcome = <T = string>(
  ask: (callbacks: { onSuccess: (value: T) => void; onFailure: (error: unknown) => void }) => void,
): Promise<T> => new Promise((onSuccess, onFailure) => ask({ onSuccess, onFailure }))

/** What a function says that takes a callback as Node's own functions do. */
const called = <T = string>(
  ask: (callback: (error?: unknown, value?: T | null) => void) => void,
): Promise<T> =>
  new Promise((resolve, reject) => ask((error, value) => (error ? reject(error) : resolve(value as T))))

const signIn = (user: CognitoUser, Password = password) =>
  came((callbacks) =>
    user.authenticateUser(new AuthenticationDetails({ Username: user.getUsername(), Password }), callbacks),
  )
const sendCode = (user: CognitoUser, code: string, kind?: string) =>
  came((callbacks) => user.sendMFACode(code, callbacks, kind))
const sessionOf = (user: CognitoUser) =>
  called<CognitoUserSession>((callback) => user.getSession(callback as never))
/**
 * The client tries whatever fails again, after pauses with a random part, until one would be longer than five seconds:
 * here that is the first.
 */
function refreshed({ mock }: TestContext, user: CognitoUser, session: CognitoUserSession | undefined) {
  mock.method(Math, 'random', () => 100)
  const token = session?.getRefreshToken() ?? assert.fail()
  return called<CognitoUserSession>((callback) => user.refreshSession(token, callback))
}
const attributesOf = async (user: CognitoUser) => {
  const list = await called<CognitoUserAttribute[]>((callback) => user.getUserAttributes(callback))
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]))
}
const attribute = (Name: string, Value: string) => new CognitoUserAttribute({ Name, Value })

describe('amazon-cognito-identity-js', () => {
  onEachService((service, store) => {
    const createPlace = async (pool: Partial<CreateUserPoolCommandInput>): Promise<Place> => {
      const UserPoolId = await createPool(service(), pool)
      const { ClientId } = await createClient(service(), UserPoolId, {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      })
      return { UserPoolId, ClientId }
    }
    const poolAt = (place: Place, Storage = newBrowser()) =>
      new CognitoUserPool({ ...place, endpoint: service().url, Storage })
    const userAt = (place: Place, Username: string, Storage = newBrowser()) =>
      new CognitoUser({ Username, Pool: poolAt(place, Storage), Storage })
    /** Checks the tokens of a sign-in that has come to its end. */
    async function verified(place: Place, { session, asked }: Came) {
      assert.equal(asked, undefined)
      assert.ok(session?.isValid() === true)
      return service().verified(place, {
        AccessToken: session.getAccessToken().getJwtToken(),
        IdToken: session.getIdToken().getJwtToken(),
      })
    }

    describe('a pool without MFA', () => {
      let place: Place
      before(async () => {
        place = await createPlace({
          MfaConfiguration: 'OFF',
          SmsConfiguration: undefined,
          AutoVerifiedAttributes: ['email'],
        })
      })
      const create = (name: string) =>
        createVerified(service(), place, name, { email: `${name}@example.com` })

      test('sign-up, confirmation, SRP', async () => {
        const user = userAt(place, 'ada')
        const signedUp = await called((callback) =>
          poolAt(place).signUp('ada', password, [attribute('email', email)], [], callback as never),
        )
        const { userConfirmed, codeDeliveryDetails } = signedUp as unknown as Record<string, unknown>
        assert.equal(userConfirmed, false)
        assert.deepEqual(codeDeliveryDetails, {
          AttributeName: 'email',
          DeliveryMedium: 'EMAIL',
          Destination: 'a***@e***',
        })
        await assert.rejects(signIn(user), refusal('UserNotConfirmedException', 'User is not confirmed.'))
        const first = await service().codeTo(place, email)
        await called((callback) => user.resendConfirmationCode(callback))
        const code = await service().codeTo(place, email)
        await assert.rejects(
          called((callback) => user.confirmRegistration(first === code ? '000000' : first, false, callback)),
          refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
        )
        assert.equal(await called((callback) => user.confirmRegistration(code, false, callback)), 'SUCCESS')
        await assert.rejects(signIn(user, newPassword), wrong)
        const { id, access } = await verified(place, await signIn(user))
        assert.equal(id['cognito:username'], 'ada')
        assert.equal(id.email, email)
        assert.equal(id.email_verified, true)
        assert.equal(access.username, 'ada')
      })

      // What follows is between the client and the API; stores have tests of their own.
      if (store !== 'sqlite') return

      test('the password as it is', async () => {
        await create('plain')
        const user = userAt(place, 'plain')
        user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
        await assert.rejects(signIn(user, newPassword), wrong)
        await verified(place, await signIn(user))
      })

      test('a temporary password is replaced', async () => {
        const naming = await createPlace({
          MfaConfiguration: 'OFF',
          SmsConfiguration: undefined,
          Schema: [{ Name: 'given_name', Required: true }],
        })
        const Username = 'invited'
        await service().client.send(
          new AdminCreateUserCommand({
            UserPoolId: naming.UserPoolId,
            Username,
            UserAttributes: [{ Name: 'email', Value: 'invited@example.com' }],
            DesiredDeliveryMediums: ['EMAIL'],
          }),
        )
        const temporary = await service().codeTo(naming, 'invited@example.com')
        const user = userAt(naming, Username)
        const { asked, details, required } = await signIn(user, temporary)
        assert.equal(asked, 'NEW_PASSWORD_REQUIRED')
        assert.equal(details?.email, 'invited@example.com')
        assert.deepEqual(required, ['given_name'])
        const complete = (given: string, attributes = {}) =>
          came((callbacks) => user.completeNewPasswordChallenge(given, attributes, callbacks))
        const named = { given_name: 'Ada' }
        await assert.rejects(complete('short', named), { name: 'InvalidPasswordException' })
        await assert.rejects(
          complete(password),
          refusal('InvalidParameterException', 'Invalid attributes given, given_name is missing'),
        )
        const { id } = await verified(naming, await complete(password, named))
        assert.equal(id.given_name, 'Ada')
        await verified(naming, await signIn(userAt(naming, Username)))
      })

      test('a forgotten password', async () => {
        await create('forgetful')
        const user = userAt(place, 'forgetful')
        const delivered = await new Promise((inputVerificationCode, onFailure) =>
          user.forgotPassword({ onSuccess: onFailure, onFailure, inputVerificationCode }),
        )
        assert.deepEqual(delivered, {
          CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'f***@e***' },
        })
        const code = await service().codeTo(place, 'forgetful@example.com')
        const confirm = (given: string) =>
          outcome((callbacks) => user.confirmPassword(given, newPassword, callbacks))
        await assert.rejects(
          confirm(code === '000000' ? '000001' : '000000'),
          refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
        )
        assert.equal(await confirm(code), 'SUCCESS')
        await assert.rejects(signIn(user), wrong)
        await verified(place, await signIn(user, newPassword))
      })

      test('the password and the attributes change', async () => {
        await create('changing')
        const user = userAt(place, 'changing')
        await verified(place, await signIn(user))
        await assert.rejects(
          called((callback) => user.changePassword(newPassword, newPassword, callback)),
          wrong,
        )
        await called((callback) => user.changePassword(password, newPassword, callback))
        const address = 'changed@example.com'
        assert.equal(
          await called((callback) =>
            user.updateAttributes([attribute('email', address), attribute('nickname', 'Ada')], callback),
          ),
          'SUCCESS',
        )
        const unverified = await attributesOf(user)
        assert.equal(unverified.email, address)
        assert.equal(unverified.email_verified, 'false')
        const sent = await service().codeTo(place, address)
        await new Promise((inputVerificationCode, onFailure) =>
          user.getAttributeVerificationCode('email', {
            onSuccess: onFailure,
            onFailure,
            inputVerificationCode: inputVerificationCode as never,
          }),
        )
        const code = await service().codeTo(place, address)
        if (sent !== code) {
          await assert.rejects(
            outcome((callbacks) => user.verifyAttribute('email', sent, callbacks)),
            refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
          )
        }
        assert.equal(await outcome((callbacks) => user.verifyAttribute('email', code, callbacks)), 'SUCCESS')
        assert.equal((await attributesOf(user)).email_verified, 'true')
        await called((callback) => user.deleteAttributes(['nickname'], callback))
        assert.equal('nickname' in (await attributesOf(user)), false)
        await assert.rejects(signIn(userAt(place, 'changing')), wrong)
        await verified(place, await signIn(userAt(place, 'changing'), newPassword))
      })

      test('a session is kept, and refreshed when its time has come', async (context) => {
        await create('staying')
        const browser = newBrowser()
        const user = userAt(place, 'staying', browser)
        const first = await verified(place, await signIn(user))
        const returning = () => poolAt(place, browser).getCurrentUser() ?? assert.fail()
        const kept = await sessionOf(returning())
        assert.equal(
          kept.getAccessToken().getJwtToken(),
          (await sessionOf(user)).getAccessToken().getJwtToken(),
        )
        await passTime(context, 61)
        const { access, id } = await verified(place, { session: await sessionOf(returning()) })
        assert.notEqual(access.jti, first.access.jti)
        assert.equal(access.origin_jti, first.access.origin_jti)
        assert.equal(id.auth_time, first.id.auth_time)
      })

      /** For the client, too, which tells by its own clock when tokens end. */
      async function passTime({ mock }: TestContext, minutes: number): Promise<void> {
        await service().later(`PT${minutes}M`)
        mock.timers.enable({ apis: ['Date'], now: Date.now() + minutes * 60_000 })
      }

      test('signed out everywhere', async (context) => {
        await create('leaving')
        const [here, there] = [userAt(place, 'leaving'), userAt(place, 'leaving')]
        await verified(place, await signIn(here))
        const { session } = await signIn(there)
        assert.equal(await outcome((callbacks) => here.globalSignOut(callbacks)), 'SUCCESS')
        await assert.rejects(
          attributesOf(there),
          refusal('NotAuthorizedException', 'Access Token has been revoked'),
        )
        await assert.rejects(
          refreshed(context, there, session),
          refusal('NotAuthorizedException', 'Refresh Token has been revoked'),
        )
      })

      test('signed out here, and gone for good', async (context) => {
        await create('gone')
        const [here, there] = [userAt(place, 'gone'), userAt(place, 'gone')]
        const { session } = await signIn(here)
        await verified(place, { session })
        await verified(place, await signIn(there))
        await called((callback) => here.signOut(() => callback()))
        await assert.rejects(
          refreshed(context, here, session),
          refusal('NotAuthorizedException', 'Refresh Token has been revoked'),
        )
        assert.equal((await attributesOf(there)).email, 'gone@example.com')
        assert.equal(await called((callback) => there.deleteUser(callback)), 'SUCCESS')
        await assert.rejects(
          signIn(userAt(place, 'gone')),
          refusal('UserNotFoundException', 'User does not exist.'),
        )
      })
    })

    describe('second factors', () => {
      const factors = {
        SmsMfaConfiguration: { SmsConfiguration: smsConfiguration },
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }
      let place: Place
      before(async () => {
        place = await createPlace({})
        const { UserPoolId } = place
        const MfaConfiguration = 'OPTIONAL'
        await service().client.send(
          new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration, ...factors }),
        )
      })
      const prefer = (user: CognitoUser, sms: boolean | undefined, app: boolean | undefined) =>
        called((callback) =>
          user.setUserMfaPreference(
            sms === undefined ? null : { Enabled: true, PreferredMfa: sms },
            app === undefined ? null : { Enabled: true, PreferredMfa: app },
            callback,
          ),
        )
      const associate = (user: CognitoUser) =>
        new Promise<string>((associateSecretCode, onFailure) =>
          user.associateSoftwareToken({ associateSecretCode, onFailure }),
        )
      const verify = async (user: CognitoUser, secret: string) => {
        const code = await service().appCode(secret)
        return outcome<CognitoUserSession>((callbacks) =>
          user.verifySoftwareToken(code, 'the phone', callbacks),
        )
      }

      test('by SMS', async () => {
        await createUser(service(), place.UserPoolId, 'sms')
        const user = userAt(place, 'sms')
        await verified(place, await signIn(user))
        await called((callback) => user.enableMFA(callback))
        assert.deepEqual(await called((callback) => user.getMFAOptions(callback as never)), [
          { DeliveryMedium: 'SMS', AttributeName: 'phone_number' },
        ])
        const { asked, details } = await signIn(user)
        assert.equal(asked, 'SMS_MFA')
        assert.equal(details?.CODE_DELIVERY_DESTINATION, '+*******0123')
        const code = await service().codeTo(place, phone)
        await assert.rejects(
          sendCode(user, code === '000000' ? '000001' : '000000'),
          refusal('CodeMismatchException', 'Invalid code or auth state for the user.'),
        )
        await verified(place, await sendCode(user, code))
        await called((callback) => user.disableMFA(callback))
        await verified(place, await signIn(user))
      })

      test('by an authenticator app', async () => {
        await createUser(service(), place.UserPoolId, 'app')
        const user = userAt(place, 'app')
        await verified(place, await signIn(user))
        const secret = await associate(user)
        await verify(user, secret)
        await prefer(user, undefined, true)
        assert.equal((await signIn(user)).asked, 'SOFTWARE_TOKEN_MFA')
        await assert.rejects(sendCode(user, '000000', 'SOFTWARE_TOKEN_MFA'), {
          name: 'CodeMismatchException',
        })
        await verified(place, await sendCode(user, await service().appCode(secret), 'SOFTWARE_TOKEN_MFA'))
      })

      test('by either, as the user chooses', async () => {
        await createUser(service(), place.UserPoolId, 'choosing')
        const user = userAt(place, 'choosing')
        await verified(place, await signIn(user))
        const secret = await associate(user)
        await verify(user, secret)
        await prefer(user, false, false)
        const choose = async (kind: string) => {
          const { asked, details } = await signIn(user)
          assert.equal(asked, 'SELECT_MFA_TYPE')
          assert.deepEqual(JSON.parse(String(details?.MFAS_CAN_CHOOSE)).sort(), [
            'SMS_MFA',
            'SOFTWARE_TOKEN_MFA',
          ])
          return came((callbacks) => user.sendMFASelectionAnswer(kind, callbacks))
        }
        const { asked, details } = await choose('SMS_MFA')
        assert.equal(asked, 'SMS_MFA')
        assert.equal(details?.CODE_DELIVERY_DELIVERY_MEDIUM, 'SMS')
        await verified(place, await sendCode(user, await service().codeTo(place, phone)))
        assert.equal((await choose('SOFTWARE_TOKEN_MFA')).asked, 'SOFTWARE_TOKEN_MFA')
        await verified(place, await sendCode(user, await service().appCode(secret), 'SOFTWARE_TOKEN_MFA'))
      })

      test('set up on the way, where the pool demands one', async () => {
        const strict = await createPlace({})
        await service().client.send(
          new SetUserPoolMfaConfigCommand({
            UserPoolId: strict.UserPoolId,
            MfaConfiguration: 'ON',
            SoftwareTokenMfaConfiguration: factors.SoftwareTokenMfaConfiguration,
          }),
        )
        await createUser(service(), strict.UserPoolId, 'new', {})
        const user = userAt(strict, 'new')
        assert.equal((await signIn(user)).asked, 'MFA_SETUP')
        const secret = await associate(user)
        await verified(strict, { session: await verify(user, secret) })
        const again = userAt(strict, 'new')
        assert.equal((await signIn(again)).asked, 'SOFTWARE_TOKEN_MFA')
        await verified(strict, await sendCode(again, await service().appCode(secret), 'SOFTWARE_TOKEN_MFA'))
      })
    })

    describe('devices', () => {
      let place: Place
      before(async () => {
        place = await createPlace({
          DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
        })
      })
      /** Somebody who has SMS MFA, and has signed in on a new device. */
      async function onNewDevice(name: string) {
        const { UserPoolId } = place
        await createUser(service(), UserPoolId, name)
        await service().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId,
            Username: name,
            SMSMfaSettings: { Enabled: true },
          }),
        )
        const browser = newBrowser()
        const user = userAt(place, name, browser)
        const tokens = await signInByCode(user)
        assert.equal(tokens.mustAsk, true)
        return { browser, user, key: await deviceKeyIn(tokens) }
      }
      async function signInByCode(user: CognitoUser): Promise<Came> {
        assert.equal((await signIn(user)).asked, 'SMS_MFA')
        return sendCode(user, await service().codeTo(place, phone))
      }
      const deviceKeyIn = async (tokens: Came) => (await verified(place, tokens)).access.device_key

      test('one that is remembered stands for the code', async (context) => {
        const { browser, user, key } = await onNewDevice('remembered')
        assert.equal(await outcome((callbacks) => user.setDeviceStatusRemembered(callbacks)), 'SUCCESS')
        const { Devices: devices } = await outcome<{ Devices: { DeviceKey: string }[] }>((callbacks) =>
          user.listDevices(10, null, callbacks),
        )
        assert.deepEqual(
          devices.map(({ DeviceKey }) => DeviceKey),
          [key],
        )
        const again = userAt(place, 'remembered', browser)
        const tokens = await signIn(again)
        assert.equal(await deviceKeyIn(tokens), key)
        // The client names the device when it refreshes, and must.
        const session = await refreshed(context, again, tokens.session)
        assert.equal(await deviceKeyIn({ session }), key)
        // Elsewhere it is of no use.
        assert.notEqual(await deviceKeyIn(await signInByCode(userAt(place, 'remembered'))), key)
      })

      test('one that is not remembered proves itself after the code', async () => {
        const { browser, key } = await onNewDevice('known')
        assert.equal(await deviceKeyIn(await signInByCode(userAt(place, 'known', browser))), key)
      })

      test('one that is remembered no longer', async () => {
        const { browser, user, key } = await onNewDevice('once')
        await outcome((callbacks) => user.setDeviceStatusRemembered(callbacks))
        await outcome((callbacks) => user.setDeviceStatusNotRemembered(callbacks))
        const { Device } = await outcome<{ Device: { DeviceKey: string } }>((callbacks) =>
          user.getDevice(callbacks as never),
        )
        assert.equal(Device.DeviceKey, key)
        assert.equal(await deviceKeyIn(await signInByCode(userAt(place, 'once', browser))), key)
      })

      test('one that its user forgets', async () => {
        const { browser, user, key } = await onNewDevice('forgetting')
        await outcome((callbacks) => user.setDeviceStatusRemembered(callbacks))
        assert.equal(await outcome((callbacks) => user.forgetDevice(callbacks)), 'SUCCESS')
        assert.notEqual(await deviceKeyIn(await signInByCode(userAt(place, 'forgetting', browser))), key)
      })

      test('one that was forgotten elsewhere, and still names itself', async () => {
        const { browser, user, key } = await onNewDevice('forgotten')
        await outcome((callbacks) => user.setDeviceStatusRemembered(callbacks))
        await service().client.send(
          new AdminForgetDeviceCommand({
            UserPoolId: place.UserPoolId,
            Username: 'forgotten',
            DeviceKey: String(key),
          }),
        )
        assert.notEqual(await deviceKeyIn(await signInByCode(userAt(place, 'forgotten', browser))), key)
      })
    })
  })
})
