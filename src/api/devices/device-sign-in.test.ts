import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminUpdateDeviceStatusCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  createDeviceVerifier,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from 'cognito-srp-helper'
import {
  confirm,
  confirmDevice,
  confirmedDevice,
  newDeviceIn,
  proveDevice,
  type TestDevice,
  tracking,
} from '../../../test/devices.ts'
import { createUser, password, refusal, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { claimOf, newSrp } from '../../../test/srp-client.ts'
import {
  claimsOf,
  createPlace,
  type Place,
  poolName,
  refused,
  respond,
  signIn,
  signInBySrp,
  startSrp,
  wholeTokens,
} from '../../../test/tokens.ts'

const invalidKey = refusal('InvalidParameterException', 'Invalid device key given.')
const withSms = { MfaConfiguration: 'ON' as const, SmsConfiguration: smsConfiguration }

/** By the operations that anybody may call, or by those of administrators: all of it is the same. */
for (const admin of [false, true]) {
  describe(`a device at sign-in${admin ? ' by administrators' : ''}`, () => {
    onEachStore((server) => {
      let place: Place
      let strict: Place
      before(async () => {
        place = { ...(await createPlace(server(), {}, tracking)), admin }
        strict = { ...(await createPlace(server(), {}, { ...tracking, ...withSms })), admin }
      })
      const user = async (name: string, at = place) => {
        await createUser(server(), at.UserPoolId, name)
        return name
      }
      const forget = ({ UserPoolId }: Place, Username: string, { key }: TestDevice) =>
        server().client.send(new AdminForgetDeviceCommand({ UserPoolId, Username, DeviceKey: key }))
      const setStatus = (
        { UserPoolId }: Place,
        Username: string,
        { key }: TestDevice,
        DeviceRememberedStatus: 'remembered' | 'not_remembered',
      ) =>
        server().client.send(
          new AdminUpdateDeviceStatusCommand({
            UserPoolId,
            Username,
            DeviceKey: key,
            DeviceRememberedStatus,
          }),
        )
      const codeSent = async () => {
        const [message, ...others] = await server().sent()
        assert.deepEqual(others, [])
        return message?.code ?? assert.fail('no code was sent')
      }
      /** Signs in with a code by SMS, and confirms the device. */
      const enrol = async (name: string, more: Record<string, string> = {}) => {
        const asked = await signIn(server(), strict, name, more)
        assert.equal(asked.ChallengeName, 'SMS_MFA')
        const SMS_MFA_CODE = await codeSent()
        const done = await respond(
          server(),
          strict,
          'SMS_MFA',
          { USERNAME: name, SMS_MFA_CODE },
          asked.Session,
        )
        return confirm(server(), wholeTokens(done.AuthenticationResult))
      }

      test('that was confirmed proves its secret, and is shown to have been used', async () => {
        const name = await user('proving')
        const { device } = await confirmedDevice(server(), place, name)
        server().clock.now += 60_000
        const asked = await signIn(server(), place, name, { DEVICE_KEY: device.key })
        assert.deepEqual([asked.ChallengeName, asked.ChallengeParameters], ['DEVICE_SRP_AUTH', {}])
        const { AuthenticationResult } = await proveDevice(server(), place, name, device, asked.Session)
        assert.equal(AuthenticationResult?.NewDeviceMetadata, undefined)
        const { device_key, amr } = claimsOf(AuthenticationResult?.AccessToken)
        assert.deepEqual([device_key, amr], [device.key, ['pwd']])
        const { Device } = await server().client.send(
          new AdminGetDeviceCommand({ UserPoolId: place.UserPoolId, Username: name, DeviceKey: device.key }),
        )
        assert.equal(Device?.DeviceLastAuthenticatedDate?.getTime(), server().clock.now)
      })

      test('shows salt, B and block in the second step, in a form like a password’s', async () => {
        const name = await user('parameters')
        const { device } = await confirmedDevice(server(), place, name)
        const { Session } = await signIn(server(), place, name, { DEVICE_KEY: device.key })
        const responses = { USERNAME: name, DEVICE_KEY: device.key, SRP_A: newSrp().A }
        const asked = await respond(server(), place, 'DEVICE_SRP_AUTH', responses, Session)
        const { SALT, SRP_B, SECRET_BLOCK, ...names } = asked.ChallengeParameters ?? {}
        assert.deepEqual(names, { DEVICE_KEY: device.key, USERNAME: name })
        assert.ok(SALT && SRP_B && SECRET_BLOCK)
      })

      test('that was never confirmed is given another key', async () => {
        const name = await user('unconfirmed')
        const first = newDeviceIn((await signIn(server(), place, name)).AuthenticationResult)
        const { AuthenticationResult } = await signIn(server(), place, name, { DEVICE_KEY: first.key })
        assert.notEqual(newDeviceIn(AuthenticationResult).key, first.key)
      })

      describe('with a second factor demanded', () => {
        test('stands for the factor when it is remembered: no code is sent', async () => {
          const name = await user('remembered', strict)
          const { device } = await enrol(name)
          const asked = await signIn(server(), strict, name, { DEVICE_KEY: device.key })
          assert.equal(asked.ChallengeName, 'DEVICE_SRP_AUTH')
          const { AuthenticationResult } = await proveDevice(server(), strict, name, device, asked.Session)
          assert.equal(claimsOf(AuthenticationResult?.AccessToken).device_key, device.key)
          assert.deepEqual(await server().sent(), [])
        })

        test('comes after the factor when it is not remembered', async () => {
          const name = await user('not-remembered', strict)
          const { device } = await enrol(name)
          await setStatus(strict, name, device, 'not_remembered')
          const asked = await signIn(server(), strict, name, { DEVICE_KEY: device.key })
          assert.equal(asked.ChallengeName, 'SMS_MFA')
          const SMS_MFA_CODE = await codeSent()
          const then = await respond(
            server(),
            strict,
            'SMS_MFA',
            { USERNAME: name, SMS_MFA_CODE },
            asked.Session,
          )
          assert.equal(then.ChallengeName, 'DEVICE_SRP_AUTH')
          const { AuthenticationResult } = await proveDevice(server(), strict, name, device, then.Session)
          assert.deepEqual(claimsOf(AuthenticationResult?.AccessToken).amr, ['pwd', 'sms', 'mfa'])
        })

        test('comes after the factor where the pool does not take it instead', async () => {
          const DeviceConfiguration = { ChallengeRequiredOnNewDevice: false }
          const at = { ...(await createPlace(server(), {}, { DeviceConfiguration, ...withSms })), admin }
          const name = await user('no-bypass', at)
          const code = async (more: Record<string, string>) => {
            const asked = await signIn(server(), at, name, more)
            assert.equal(asked.ChallengeName, 'SMS_MFA')
            const responses = { USERNAME: name, SMS_MFA_CODE: await codeSent() }
            return respond(server(), at, 'SMS_MFA', responses, asked.Session)
          }
          const { device } = await confirm(server(), wholeTokens((await code({})).AuthenticationResult))
          assert.equal((await code({ DEVICE_KEY: device.key })).ChallengeName, 'DEVICE_SRP_AUTH')
        })

        test('that is no longer remembered when it has proven itself is followed by the factor', async () => {
          const name = await user('demoted', strict)
          const { device } = await enrol(name)
          const asked = await signIn(server(), strict, name, { DEVICE_KEY: device.key })
          await setStatus(strict, name, device, 'not_remembered')
          const then = await proveDevice(server(), strict, name, device, asked.Session)
          assert.equal(then.ChallengeName, 'SMS_MFA')
          const responses = { USERNAME: name, SMS_MFA_CODE: await codeSent() }
          const { AuthenticationResult } = await respond(server(), strict, 'SMS_MFA', responses, then.Session)
          assert.equal(claimsOf(AuthenticationResult?.AccessToken).device_key, device.key)
        })

        test('does not stand in for one that was remembered', async () => {
          const name = await user('swapped', strict)
          const { device } = await enrol(name)
          const { device: other } = await enrol(name)
          await setStatus(strict, name, other, 'not_remembered')
          const { Session } = await signIn(server(), strict, name, { DEVICE_KEY: device.key })
          await assert.rejects(proveDevice(server(), strict, name, other, Session), refused.noDevice)
          const srp = newSrp()
          const base = { USERNAME: name, DEVICE_KEY: device.key }
          const asked = await respond(server(), strict, 'DEVICE_SRP_AUTH', { ...base, SRP_A: srp.A }, Session)
          const claim = claimOf(srp, asked.ChallengeParameters, other.groupKey, other.key, other.password)
          for (const key of [other.key, device.key]) {
            await assert.rejects(
              respond(server(), strict, 'DEVICE_PASSWORD_VERIFIER', { ...base, DEVICE_KEY: key, ...claim }),
              key === device.key ? refused.credentials : refused.noDevice,
            )
          }
        })

        test('may be presented with the code', async () => {
          const name = await user('late', strict)
          const { device } = await enrol(name)
          const asked = await signIn(server(), strict, name)
          const responses = { USERNAME: name, SMS_MFA_CODE: await codeSent(), DEVICE_KEY: device.key }
          const then = await respond(server(), strict, 'SMS_MFA', responses, asked.Session)
          assert.equal(then.ChallengeName, 'DEVICE_SRP_AUTH')
        })
      })

      test('cognito-srp-helper confirms one, and signs in with it by SRP', async () => {
        const { UserPoolId, ClientId } = place
        const USERNAME = await user('helper')
        const { AuthenticationResult } = await signInBySrp(server(), place, USERNAME)
        const { key, groupKey } = newDeviceIn(AuthenticationResult)
        const { DeviceSecretVerifierConfig, DeviceRandomPassword } = createDeviceVerifier(key, groupKey)
        await confirmDevice(server(), AuthenticationResult?.AccessToken ?? '', key, {
          DeviceSecretVerifierConfig,
        })
        const base = { USERNAME, DEVICE_KEY: key }
        const session = createSrpSession(USERNAME, password, UserPoolId, false)
        const { client } = server()
        const started = await client.send(
          new InitiateAuthCommand(
            wrapInitiateAuth(session, { ClientId, AuthFlow: 'USER_SRP_AUTH' as const, AuthParameters: base }),
          ),
        )
        const signed = signSrpSession(session, { ChallengeParameters: started.ChallengeParameters })
        const answer = (
          by: typeof signed,
          ChallengeName: 'PASSWORD_VERIFIER' | 'DEVICE_SRP_AUTH' | 'DEVICE_PASSWORD_VERIFIER',
          Session: string | undefined,
        ) =>
          client.send(
            new RespondToAuthChallengeCommand(
              wrapAuthChallenge(by, { ClientId, ChallengeName, Session, ChallengeResponses: base }),
            ),
          )
        const first = await answer(signed, 'PASSWORD_VERIFIER', started.Session)
        assert.equal(first.ChallengeName, 'DEVICE_SRP_AUTH')
        const second = await answer(signed, 'DEVICE_SRP_AUTH', first.Session)
        const { ChallengeParameters } = second
        const proof = signSrpSessionWithDevice(
          session,
          { ChallengeParameters },
          groupKey,
          DeviceRandomPassword,
        )
        const third = await answer(proof, 'DEVICE_PASSWORD_VERIFIER', second.Session)
        assert.equal(claimsOf(third.AuthenticationResult?.AccessToken).device_key, key)
      })

      describe('that was forgotten, or never was', () => {
        test('is refused with a password', async () => {
          const name = await user('forgotten')
          const { device } = await confirmedDevice(server(), place, name)
          await forget(place, name, device)
          await assert.rejects(signIn(server(), place, name, { DEVICE_KEY: device.key }), refused.noDevice)
          const others = await confirmedDevice(server(), place, await user('owner'))
          await assert.rejects(
            signIn(server(), place, name, { DEVICE_KEY: others.device.key }),
            refused.noDevice,
          )
          const { AuthenticationResult } = await signIn(server(), place, name)
          assert.ok(newDeviceIn(AuthenticationResult))
        })

        test('is refused with the claim of SRP, which may be sent again without it', async () => {
          const name = await user('forgotten-srp')
          const { device } = await confirmedDevice(server(), place, name)
          await forget(place, name, device)
          const srp = newSrp()
          const base = { USERNAME: name, DEVICE_KEY: device.key }
          const { ChallengeParameters } = await startSrp(server(), place, { ...base, SRP_A: srp.A })
          const claim = claimOf(srp, ChallengeParameters, poolName(place), name, password)
          await assert.rejects(
            respond(server(), place, 'PASSWORD_VERIFIER', { ...base, ...claim }),
            refused.noDevice,
          )
          const again = await respond(server(), place, 'PASSWORD_VERIFIER', { USERNAME: name, ...claim })
          assert.notEqual(newDeviceIn(again.AuthenticationResult).key, device.key)
        })

        test('is refused at each step of its own', async () => {
          const name = await user('forgotten-late')
          const { device } = await confirmedDevice(server(), place, name)
          const srp = newSrp()
          const base = { USERNAME: name, DEVICE_KEY: device.key }
          const first = await signIn(server(), place, name, base)
          const second = await signIn(server(), place, name, base)
          const asked = await respond(
            server(),
            place,
            'DEVICE_SRP_AUTH',
            { ...base, SRP_A: srp.A },
            second.Session,
          )
          const claim = claimOf(srp, asked.ChallengeParameters, device.groupKey, device.key, device.password)
          await forget(place, name, device)
          await assert.rejects(
            respond(server(), place, 'DEVICE_SRP_AUTH', { ...base, SRP_A: srp.A }, first.Session),
            refused.noDevice,
          )
          await assert.rejects(
            respond(server(), place, 'DEVICE_PASSWORD_VERIFIER', { ...base, ...claim }),
            refused.noDevice,
          )
        })
      })

      test('with another secret, or a claim that was used, or made for something else', async () => {
        const name = await user('wrong-secret')
        const { device } = await confirmedDevice(server(), place, name)
        const base = { USERNAME: name, DEVICE_KEY: device.key }
        const begin = async () => (await signIn(server(), place, name, base)).Session
        await assert.rejects(
          proveDevice(server(), place, name, { ...device, password: 'another' }, await begin()),
          refused.credentials,
        )
        const srp = newSrp()
        const asked = await respond(
          server(),
          place,
          'DEVICE_SRP_AUTH',
          { ...base, SRP_A: srp.A },
          await begin(),
        )
        const claim = claimOf(srp, asked.ChallengeParameters, device.groupKey, device.key, device.password)
        await assert.rejects(
          respond(server(), place, 'PASSWORD_VERIFIER', { ...base, ...claim }),
          refused.credentials,
        )
        const verify = () => respond(server(), place, 'DEVICE_PASSWORD_VERIFIER', { ...base, ...claim })
        assert.ok((await verify()).AuthenticationResult)
        await assert.rejects(verify(), refused.sessionUsed)
        const { ChallengeParameters } = await startSrp(server(), place, { ...base, SRP_A: srp.A })
        const passwordClaim = claimOf(srp, ChallengeParameters, poolName(place), name, password)
        await assert.rejects(
          respond(server(), place, 'DEVICE_PASSWORD_VERIFIER', { ...base, ...passwordClaim }),
          refused.credentials,
        )
      })

      test('by a key of no such form', async () => {
        const name = await user('odd-key')
        const { Session } = await signIn(server(), strict, await user('odd-key', strict))
        await server().sent()
        for (const DEVICE_KEY of ['x', 'us-east-1_XYZ', `us-east-1_${'a'.repeat(50)}`, 'us-east-1_0\u0000']) {
          await assert.rejects(signIn(server(), place, name, { DEVICE_KEY }), invalidKey)
          const responses = { USERNAME: name, SMS_MFA_CODE: '000000', DEVICE_KEY }
          await assert.rejects(respond(server(), strict, 'SMS_MFA', responses, Session), invalidKey)
        }
        assert.ok((await signIn(server(), place, name, { DEVICE_KEY: '' })).AuthenticationResult)
      })
    })
  })
}
