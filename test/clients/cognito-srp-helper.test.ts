/** SRP by somebody else's hand, beside the SDK and with a client that has a secret: users and devices. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  type AuthenticationResultType,
  type AuthFlowType,
  type ChallengeNameType,
  ConfirmDeviceCommand,
  type CreateUserPoolCommandInput,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  createDeviceVerifier,
  createPasswordHash,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from 'cognito-srp-helper'
import { createClient, createPool, createUser, password, phone, refusal } from '../fixtures.ts'
import { createVerified, onEachService, type Place } from './service.ts'

const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')

interface SecretPlace extends Place {
  readonly ClientSecret: string
}

type SrpSession = ReturnType<typeof createSrpSession>
type SrpSessionSigned = ReturnType<typeof signSrpSession>
type Texts = Readonly<Record<string, string>>

/** The device of a browser: what its confirmation has left there. */
interface Device {
  readonly key: string
  readonly groupKey: string
  readonly password: string
}

describe('cognito-srp-helper', () => {
  onEachService(
    (service) => {
      async function createPlace(input: Partial<CreateUserPoolCommandInput> = {}): Promise<SecretPlace> {
        const UserPoolId = await createPool(service(), input)
        const { ClientId, ClientSecret } = await createClient(service(), UserPoolId, {
          GenerateSecret: true,
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        })
        assert.ok(ClientSecret)
        return { UserPoolId, ClientId, ClientSecret }
      }
      const named = ({ ClientId, ClientSecret }: SecretPlace, USERNAME: string): Record<string, string> => ({
        USERNAME,
        SECRET_HASH: createSecretHash(USERNAME, ClientId, ClientSecret),
      })
      const start = (place: SecretPlace, session: SrpSession, more: Texts = {}, AuthFlow?: AuthFlowType) =>
        service().client.send(
          new InitiateAuthCommand(
            wrapInitiateAuth(session, {
              ClientId: place.ClientId,
              AuthFlow: AuthFlow ?? 'USER_SRP_AUTH',
              AuthParameters: { CHALLENGE_NAME: 'SRP_A', ...named(place, session.username), ...more },
            }),
          ),
        )
      const respond = (
        place: SecretPlace,
        session: SrpSessionSigned,
        ChallengeName: ChallengeNameType,
        { Session }: InitiateAuthResponse,
        more: Texts = {},
      ) =>
        service().client.send(
          new RespondToAuthChallengeCommand(
            wrapAuthChallenge(session, {
              ClientId: place.ClientId,
              ChallengeName,
              Session,
              ChallengeResponses: { ...named(place, session.username), ...more },
            }),
          ),
        )
      /** Both steps in which a user proves the password. */
      async function prove(
        place: SecretPlace,
        session: SrpSession,
        more: Texts = {},
        AuthFlow?: AuthFlowType,
      ) {
        const asked = await start(place, session, more, AuthFlow)
        assert.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
        const signed = sign(session, asked)
        return { signed, answered: await respond(place, signed, 'PASSWORD_VERIFIER', asked, more) }
      }
      /** The helper's types want a response without what is undefined. */
      const sign = (session: SrpSession, { ChallengeParameters }: InitiateAuthResponse) =>
        signSrpSession(session, { ChallengeParameters })
      async function signedIn(place: Place, result: AuthenticationResultType | undefined) {
        assert.ok(result)
        const { access } = await service().verified(place, result)
        return { access, result }
      }

      describe('a user', () => {
        let place: SecretPlace
        before(async () => {
          place = await createPlace({ MfaConfiguration: 'OFF', SmsConfiguration: undefined })
          await createUser(service(), place.UserPoolId, 'ada', {})
        })
        const session = (given = password) => createSrpSession('ada', given, place.UserPoolId, false)

        test('with the password, its hash, and a wrong one', async () => {
          const { answered } = await prove(place, session())
          const { access, result } = await signedIn(place, answered.AuthenticationResult)
          assert.equal(access.username, 'ada')
          const { UserPoolId, ClientSecret, ClientId } = place
          const hash = createPasswordHash('ada', password, UserPoolId)
          const hashed = await prove(place, createSrpSession('ada', hash, UserPoolId))
          await signedIn(place, hashed.answered.AuthenticationResult)
          await assert.rejects(prove(place, session('Wrong-horse-9')), wrong)
          const refreshed = await service().client.send(
            new GetTokensFromRefreshTokenCommand({
              ClientId,
              ClientSecret,
              RefreshToken: result.RefreshToken,
            }),
          )
          await signedIn(place, refreshed.AuthenticationResult)
        })

        test('as the factor of choice', async () => {
          const { answered } = await prove(
            place,
            session(),
            { PREFERRED_CHALLENGE: 'PASSWORD_SRP' },
            'USER_AUTH',
          )
          await signedIn(place, answered.AuthenticationResult)
        })

        test('through an administrator', async () => {
          const { UserPoolId, ClientId } = place
          const begun = session()
          const asked = await service().client.send(
            new AdminInitiateAuthCommand(
              wrapInitiateAuth(begun, {
                UserPoolId,
                ClientId,
                AuthFlow: 'USER_SRP_AUTH' as const,
                AuthParameters: named(place, 'ada'),
              }),
            ),
          )
          const { AuthenticationResult } = await service().client.send(
            new AdminRespondToAuthChallengeCommand(
              wrapAuthChallenge(sign(begun, asked), {
                UserPoolId,
                ClientId,
                ChallengeName: 'PASSWORD_VERIFIER' as const,
                ChallengeResponses: named(place, 'ada'),
              }),
            ),
          )
          await signedIn(place, AuthenticationResult)
        })

        test('without the secret, or with another', async () => {
          const texts = {
            missing: `Client ${place.ClientId} is configured with secret but SECRET_HASH was not received`,
            wrong: `Unable to verify secret hash for client ${place.ClientId}`,
          }
          const other = createSecretHash('ada', place.ClientId, 'x'.repeat(52))
          await assert.rejects(
            start(place, session(), { SECRET_HASH: other }),
            refusal('NotAuthorizedException', texts.wrong),
          )
          const begun = session()
          await assert.rejects(
            service().client.send(
              new InitiateAuthCommand(
                wrapInitiateAuth(begun, {
                  ClientId: place.ClientId,
                  AuthFlow: 'USER_SRP_AUTH' as const,
                  AuthParameters: { USERNAME: 'ada' },
                }),
              ),
            ),
            refusal('NotAuthorizedException', texts.missing),
          )
          const signed = sign(begun, await start(place, begun))
          await assert.rejects(
            respond(place, signed, 'PASSWORD_VERIFIER', {}, { SECRET_HASH: other }),
            refusal('NotAuthorizedException', texts.wrong),
          )
        })

        test('whose name is an address', async () => {
          const mailed = await createPlace({
            MfaConfiguration: 'OFF',
            SmsConfiguration: undefined,
            UsernameAttributes: ['email'],
          })
          const email = 'ada@example.com'
          await createVerified(service(), mailed, email, { email })
          const { answered } = await prove(
            mailed,
            createSrpSession(email, password, mailed.UserPoolId, false),
          )
          const { access } = await signedIn(mailed, answered.AuthenticationResult)
          assert.equal(access.username, access.sub)
        })
      })

      test('a device', async () => {
        const place = await createPlace({ DeviceConfiguration: { ChallengeRequiredOnNewDevice: true } })
        const { UserPoolId } = place
        await createUser(service(), UserPoolId, 'ada')
        await service().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId,
            Username: 'ada',
            SMSMfaSettings: { Enabled: true },
          }),
        )
        const session = () => createSrpSession('ada', password, UserPoolId, false)
        const { signed, answered } = await prove(place, session())
        assert.equal(answered.ChallengeName, 'SMS_MFA')
        const SMS_MFA_CODE = await service().codeTo(place, phone)
        const { AuthenticationResult } = await service().client.send(
          new RespondToAuthChallengeCommand({
            ClientId: place.ClientId,
            ChallengeName: 'SMS_MFA',
            Session: answered.Session,
            ChallengeResponses: { ...named(place, signed.username), SMS_MFA_CODE },
          }),
        )
        const { result } = await signedIn(place, AuthenticationResult)
        const device = await confirm(result)

        /** All four steps, the last two of them the device's. */
        const signInOn = async ({ key, groupKey, password }: Device) => {
          const DEVICE_KEY = key
          const begun = session()
          const { signed, answered } = await prove(place, begun, { DEVICE_KEY })
          assert.equal(answered.ChallengeName, 'DEVICE_SRP_AUTH')
          const asked = await respond(place, signed, 'DEVICE_SRP_AUTH', answered, { DEVICE_KEY })
          const { ChallengeName, ChallengeParameters } = asked
          assert.equal(ChallengeName, 'DEVICE_PASSWORD_VERIFIER')
          const proof = signSrpSessionWithDevice(begun, { ChallengeParameters }, groupKey, password)
          return respond(place, proof, 'DEVICE_PASSWORD_VERIFIER', asked, { DEVICE_KEY })
        }
        const again = await signInOn(device)
        const { access } = await signedIn(place, again.AuthenticationResult)
        assert.equal(access.device_key, device.key)
        await assert.rejects(signInOn({ ...device, password: 'another' }), wrong)
      })

      async function confirm({ AccessToken, NewDeviceMetadata }: AuthenticationResultType): Promise<Device> {
        const { DeviceKey = '', DeviceGroupKey = '' } = NewDeviceMetadata ?? {}
        const verifier = createDeviceVerifier(DeviceKey, DeviceGroupKey)
        const { UserConfirmationNecessary } = await service().client.send(
          new ConfirmDeviceCommand({
            AccessToken,
            DeviceKey,
            DeviceName: 'a laptop',
            DeviceSecretVerifierConfig: verifier.DeviceSecretVerifierConfig,
          }),
        )
        assert.equal(UserConfirmationNecessary, false)
        return { key: DeviceKey, groupKey: DeviceGroupKey, password: verifier.DeviceRandomPassword }
      }
    },
    ['sqlite'],
  )
})
