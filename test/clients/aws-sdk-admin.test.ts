/** The AWS SDK on a server of somebody's own, which signs people in with its IAM credentials. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  type AdminRespondToAuthChallengeResponse,
  AdminSetUserMFAPreferenceCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  type AuthFlowType,
  type ChallengeNameType,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createFactorPool, emailFactor, firstFactors, smsFactor, tokenFactor } from '../factors.ts'
import { attributesIn, createClient, createUser, password, phone, refusal } from '../fixtures.ts'
import { onEachService, type Place } from './service.ts'

type Texts = Readonly<Record<string, string>>
type Asked = AdminRespondToAuthChallengeResponse

const newPassword = 'Correct-horse-10'
const mailOf = (name: string) => `${name}@example.com`

describe('the AWS SDK, as an administrator', () => {
  onEachService((service) => {
    const start = (place: Place, AuthFlow: AuthFlowType, AuthParameters: Texts): Promise<Asked> =>
      service().client.send(new AdminInitiateAuthCommand({ ...place, AuthFlow, AuthParameters }))
    const signIn = (place: Place, USERNAME: string, PASSWORD = password) =>
      start(place, 'ADMIN_USER_PASSWORD_AUTH', { USERNAME, PASSWORD })
    const respond = (
      place: Place,
      { ChallengeName, Session }: Asked,
      ChallengeResponses: Texts,
    ): Promise<Asked> =>
      service().client.send(
        new AdminRespondToAuthChallengeCommand({ ...place, ChallengeName, Session, ChallengeResponses }),
      )
    /** The answer asks for this. */
    function asks(asked: Asked, name: ChallengeNameType): Asked & { readonly parameters: Texts } {
      assert.equal(asked.ChallengeName, name)
      assert.equal(asked.AuthenticationResult, undefined)
      return { ...asked, parameters: asked.ChallengeParameters ?? {} }
    }
    /** Nothing more is asked for, and the tokens are good. */
    async function signedIn(place: Place, { ChallengeName, AuthenticationResult }: Asked) {
      assert.equal(ChallengeName, undefined)
      const { AccessToken, IdToken, RefreshToken = '' } = AuthenticationResult ?? {}
      const claims = await service().verified(place, { AccessToken, IdToken })
      return { ...claims, AccessToken, RefreshToken }
    }

    describe('with a password', () => {
      let place: Place
      before(async () => {
        place = await createFactorPool(service(), { MfaConfiguration: 'OFF' })
      })

      test('by either name of the flow, and a client of either kind', async () => {
        await createUser(service(), place.UserPoolId, 'ada', {})
        const { ClientId } = await createClient(service(), place.UserPoolId, {
          ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'],
        })
        for (const here of [place, { ...place, ClientId }]) {
          for (const AuthFlow of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const) {
            const parameters = { USERNAME: 'ada', PASSWORD: password }
            const { access } = await signedIn(here, await start(here, AuthFlow, parameters))
            assert.equal(access.username, 'ada')
            await assert.rejects(
              start(here, AuthFlow, { ...parameters, PASSWORD: newPassword }),
              refusal('NotAuthorizedException', 'Incorrect username or password.'),
            )
          }
        }
      })

      test('refreshes, until everybody is signed out', async () => {
        await createUser(service(), place.UserPoolId, 'leaving', {})
        const [one, other] = [await signIn(place, 'leaving'), await signIn(place, 'leaving')]
        const first = await signedIn(place, one)
        const refresh = (REFRESH_TOKEN = '') => start(place, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN })
        const refreshed = await signedIn(place, await refresh(first.RefreshToken))
        assert.equal(refreshed.access.origin_jti, first.access.origin_jti)
        assert.equal(refreshed.RefreshToken, '')
        const { ClientId, UserPoolId } = place
        const { AuthenticationResult } = await service().client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: first.RefreshToken }),
        )
        await signedIn(place, { AuthenticationResult })
        await service().client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: 'leaving' }))
        for (const { AccessToken, RefreshToken } of [first, await signedIn(place, other)]) {
          await assert.rejects(
            service().client.send(new GetUserCommand({ AccessToken })),
            refusal('NotAuthorizedException', 'Access Token has been revoked'),
          )
          await assert.rejects(
            refresh(RefreshToken),
            refusal('NotAuthorizedException', 'Refresh Token has been revoked'),
          )
        }
        const back = await signedIn(place, await signIn(place, 'leaving'))
        const { Username } = await service().client.send(
          new GetUserCommand({ AccessToken: back.AccessToken }),
        )
        assert.equal(Username, 'leaving')
      })

      test('refreshes with a new refresh token each time', async () => {
        const { UserPoolId } = place
        const { ClientId } = await createClient(service(), UserPoolId, {
          ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
          RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
        })
        const here = { UserPoolId, ClientId }
        await createUser(service(), UserPoolId, 'rotating', {})
        const first = await signedIn(here, await signIn(here, 'rotating'))
        const refresh = (RefreshToken: string) =>
          service().client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))
        const second = await signedIn(here, await refresh(first.RefreshToken))
        assert.notEqual(second.RefreshToken, first.RefreshToken)
        await assert.rejects(refresh(first.RefreshToken), { name: 'RefreshTokenReuseException' })
        await signedIn(here, await refresh(second.RefreshToken))
      })
    })

    describe('with every challenge', () => {
      let optional: Place
      let required: Place
      before(async () => {
        const factors = { ...smsFactor, ...emailFactor, ...tokenFactor }
        optional = await createFactorPool(service(), { MfaConfiguration: 'OPTIONAL', ...factors })
        // An address that recovers the account cannot be its second factor too.
        required = await createFactorPool(
          service(),
          { MfaConfiguration: 'ON', ...emailFactor, ...tokenFactor },
          {
            AccountRecoverySetting: {
              RecoveryMechanisms: [{ Priority: 1, Name: 'verified_phone_number' }],
            },
          },
        )
      })
      const create = (Username: string) =>
        createUser(service(), optional.UserPoolId, Username, { phone_number: phone, email: mailOf(Username) })
      const prefer = (Username: string, factors: Partial<AdminSetUserMFAPreferenceCommand['input']>) =>
        service().client.send(
          new AdminSetUserMFAPreferenceCommand({ UserPoolId: optional.UserPoolId, Username, ...factors }),
        )
      const on = { Enabled: true }
      /** Gives somebody an authenticator app, and returns its secret. */
      async function enrol(place: Place, Username: string): Promise<string> {
        const { AccessToken } = await signedIn(place, await signIn(place, Username))
        const { SecretCode } = await service().client.send(new AssociateSoftwareTokenCommand({ AccessToken }))
        const UserCode = await service().appCode(SecretCode)
        await service().client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))
        return SecretCode ?? assert.fail()
      }
      const answerBySms = async (USERNAME: string, asked: Asked) => {
        const { parameters } = asks(asked, 'SMS_MFA')
        assert.equal(parameters.CODE_DELIVERY_DESTINATION, '+*******0123')
        const SMS_MFA_CODE = await service().codeTo(optional, phone)
        const wrong = SMS_MFA_CODE === '000000' ? '000001' : '000000'
        await assert.rejects(
          respond(optional, asked, { USERNAME, SMS_MFA_CODE: wrong }),
          refusal('CodeMismatchException', 'Invalid code or auth state for the user.'),
        )
        return signedIn(optional, await respond(optional, asked, { USERNAME, SMS_MFA_CODE }))
      }
      const answerByMail = async (place: Place, USERNAME: string, asked: Asked) => {
        asks(asked, 'EMAIL_OTP')
        const EMAIL_OTP_CODE = await service().codeTo(place, mailOf(USERNAME))
        return signedIn(place, await respond(place, asked, { USERNAME, EMAIL_OTP_CODE }))
      }
      const answerByApp = async (place: Place, USERNAME: string, asked: Asked, secret?: string) => {
        asks(asked, 'SOFTWARE_TOKEN_MFA')
        const SOFTWARE_TOKEN_MFA_CODE = await service().appCode(secret)
        return signedIn(place, await respond(place, asked, { USERNAME, SOFTWARE_TOKEN_MFA_CODE }))
      }

      test('NEW_PASSWORD_REQUIRED, and SMS_MFA after it', async () => {
        const USERNAME = 'invited'
        await service().client.send(
          new AdminCreateUserCommand({
            UserPoolId: optional.UserPoolId,
            Username: USERNAME,
            TemporaryPassword: password,
            UserAttributes: [{ Name: 'phone_number', Value: phone }],
            MessageAction: 'SUPPRESS',
          }),
        )
        const asked = asks(await signIn(optional, USERNAME), 'NEW_PASSWORD_REQUIRED')
        assert.equal(asked.parameters.requiredAttributes, '[]')
        const { id, AccessToken } = await signedIn(
          optional,
          await respond(optional, asked, {
            USERNAME,
            NEW_PASSWORD: newPassword,
            'userAttributes.name': 'Ada',
          }),
        )
        assert.equal(id.name, 'Ada')
        await prefer(USERNAME, { SMSMfaSettings: on })
        await answerBySms(USERNAME, await signIn(optional, USERNAME, newPassword))
        const { UserMFASettingList } = await service().client.send(new GetUserCommand({ AccessToken }))
        assert.deepEqual(UserMFASettingList, ['SMS_MFA'])
      })

      test('EMAIL_OTP', async () => {
        await create('mailed')
        await prefer('mailed', { EmailMfaSettings: on })
        await answerByMail(optional, 'mailed', await signIn(optional, 'mailed'))
      })

      test('SOFTWARE_TOKEN_MFA, and SELECT_MFA_TYPE between all', async () => {
        const USERNAME = 'selecting'
        await create(USERNAME)
        const secret = await enrol(optional, USERNAME)
        await prefer(USERNAME, { SoftwareTokenMfaSettings: on })
        await answerByApp(optional, USERNAME, await signIn(optional, USERNAME), secret)
        await prefer(USERNAME, { SMSMfaSettings: on, EmailMfaSettings: on })
        const select = async (ANSWER: string) => {
          const asked = asks(await signIn(optional, USERNAME), 'SELECT_MFA_TYPE')
          const offered = JSON.parse(asked.parameters.MFAS_CAN_CHOOSE ?? '')
          assert.deepEqual(offered.sort(), ['EMAIL_OTP', 'SMS_MFA', 'SOFTWARE_TOKEN_MFA'])
          return respond(optional, asked, { USERNAME, ANSWER })
        }
        await answerBySms(USERNAME, await select('SMS_MFA'))
        await answerByMail(optional, USERNAME, await select('EMAIL_OTP'))
        await answerByApp(optional, USERNAME, await select('SOFTWARE_TOKEN_MFA'), secret)
      })

      test('MFA_SETUP, of an authenticator app', async () => {
        const USERNAME = 'setting-up-app'
        await createUser(service(), required.UserPoolId, USERNAME, {})
        const asked = asks(await signIn(required, USERNAME), 'MFA_SETUP')
        assert.deepEqual(JSON.parse(asked.parameters.MFAS_CAN_SETUP ?? '').sort(), [
          'EMAIL_OTP',
          'SOFTWARE_TOKEN_MFA',
        ])
        const associated = await service().client.send(
          new AssociateSoftwareTokenCommand({ Session: asked.Session }),
        )
        const { Session, Status } = await service().client.send(
          new VerifySoftwareTokenCommand({
            Session: associated.Session,
            UserCode: await service().appCode(associated.SecretCode),
          }),
        )
        assert.equal(Status, 'SUCCESS')
        await signedIn(
          required,
          await respond(required, { ChallengeName: 'MFA_SETUP', Session }, { USERNAME }),
        )
        await answerByApp(required, USERNAME, await signIn(required, USERNAME), associated.SecretCode)
      })

      test('MFA_SETUP, of an email address', async () => {
        const USERNAME = 'setting-up-mail'
        await createUser(service(), required.UserPoolId, USERNAME, {})
        const asked = asks(await signIn(required, USERNAME), 'MFA_SETUP')
        const EMAIL = mailOf(USERNAME)
        const { AccessToken } = await answerByMail(
          required,
          USERNAME,
          await respond(required, asked, { USERNAME, EMAIL }),
        )
        const { UserAttributes } = await service().client.send(new GetUserCommand({ AccessToken }))
        const { email, email_verified } = attributesIn(UserAttributes)
        assert.deepEqual([email, email_verified], [EMAIL, 'true'])
        await answerByMail(required, USERNAME, await signIn(required, USERNAME))
      })

      test('SELECT_CHALLENGE, and what is selected', async () => {
        const place = await createFactorPool(
          service(),
          { MfaConfiguration: 'OFF' },
          firstFactors('EMAIL_OTP', 'SMS_OTP'),
        )
        const USERNAME = 'choosing'
        await createUser(service(), place.UserPoolId, USERNAME, {
          email: mailOf(USERNAME),
          phone_number: phone,
        })
        const select = async (ANSWER: string, more: Texts = {}) => {
          const asked = asks(await start(place, 'USER_AUTH', { USERNAME }), 'SELECT_CHALLENGE')
          return respond(place, asked, { USERNAME, ANSWER, ...more })
        }
        await answerByMail(place, USERNAME, await select('EMAIL_OTP'))
        const asked = asks(await select('SMS_OTP'), 'SMS_OTP')
        const SMS_OTP_CODE = await service().codeTo(place, phone)
        await signedIn(place, await respond(place, asked, { USERNAME, SMS_OTP_CODE }))
        await signedIn(place, await select('PASSWORD', { PASSWORD: password }))
      })
    })
  })
})
