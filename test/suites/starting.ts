/** What InitiateAuth and AdminInitiateAuth must both do. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  type AuthFlowType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { UserPoolId as PoolId } from '../../src/domain/ids.ts'
import { days, hours } from '../../src/lib/instant.ts'
import { createClient, createPool, createUser, password, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import {
  changeUser,
  claimsOf,
  createMfaPool,
  emailFactor,
  enableFactors,
  lambda,
  notRun,
  type Place,
  type Starter,
  secretHash,
  setLegacySms,
  setPassword,
  setStatus,
  showUser,
  smsFactor,
  start,
  tokenFactor,
  tokensOf,
} from '../sign-in.ts'
import { newSrp } from '../srp-client.ts'

const wrong = 'Wrong-horse-9'
const incorrect = refusal('NotAuthorizedException', 'Incorrect username or password.')
const unknown = refusal('UserNotFoundException', 'User does not exist.')
const disabled = refusal('NotAuthorizedException', 'User is disabled.')
const unconfirmed = refusal('UserNotConfirmedException', 'User is not confirmed.')
const mustReset = refusal('PasswordResetRequiredException', 'Password reset required for the user')

export function startingSuite(operation: Starter): void {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createPool(server())
      place = { UserPoolId, ClientId: (await createClient(server(), UserPoolId)).ClientId }
    })

    /** Another client, of the same pool unless said otherwise. */
    async function another(
      input: Parameters<typeof createClient>[2] = {},
      UserPoolId = place.UserPoolId,
    ): Promise<Place & { ClientSecret: string | undefined }> {
      return { UserPoolId, ...(await createClient(server(), UserPoolId, input)) }
    }
    const signIn = (at: Place, USERNAME: string, more: Record<string, string> = {}) =>
      start(server(), operation, at, { USERNAME, PASSWORD: password, ...more })
    const refresh = (at: Place, REFRESH_TOKEN: string, more: Record<string, string> = {}) =>
      start(server(), operation, at, { REFRESH_TOKEN, ...more }, 'REFRESH_TOKEN_AUTH')

    test('a right password signs in', async () => {
      await createUser(server(), place.UserPoolId, 'right')
      const { ChallengeName, Session, ...answer } = await signIn(place, 'right')
      assert.deepEqual([ChallengeName, Session], [undefined, undefined])
      assert.deepEqual(answer.ChallengeParameters, {})
      const { AccessToken, IdToken, RefreshToken, ...rest } = answer.AuthenticationResult ?? {}
      assert.deepEqual(rest, { ExpiresIn: 3600, TokenType: 'Bearer' })
      assert.equal(claimsOf(AccessToken).token_use, 'access')
      assert.equal(claimsOf(IdToken).token_use, 'id')
      assert.match(RefreshToken ?? '', /^eyJjdHkiOiJKV1Qi[\w-]+(\.[\w-]+){4}$/)
      assert.deepEqual(await server().sent(), [])
    })

    test('a user signs in by username, verified alias and sub', async () => {
      const at = await another({}, await createPool(server(), { AliasAttributes: ['email', 'phone_number'] }))
      await createUser(server(), at.UserPoolId, 'called', {
        email: 'called@example.com',
        email_verified: 'true',
        phone_number: '+15555550144',
      })
      const { sub = '' } = (await showUser(server(), at.UserPoolId, 'called')).attributes
      for (const name of ['called', 'called@example.com', sub]) {
        const { AuthenticationResult } = await signIn(at, name)
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, 'called', name)
      }
      await assert.rejects(signIn(at, '+15555550144'), unknown)
      await assert.rejects(signIn(at, 'Called'), unknown)
    })

    test('in a pool whose usernames are attributes, challenges and tokens name the UUID', async () => {
      const at = await another({}, await createPool(server(), { UsernameAttributes: ['email'] }))
      await createUser(server(), at.UserPoolId, 'uuid@example.com', { phone_number: '+15555550145' })
      const { Username, attributes } = await showUser(server(), at.UserPoolId, 'uuid@example.com')
      const { AuthenticationResult } = await signIn(at, 'uuid@example.com')
      assert.equal(Username, attributes.sub)
      assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, attributes.sub)
      assert.equal(claimsOf(AuthenticationResult?.IdToken)['cognito:username'], attributes.sub)
      await setLegacySms(server(), at.UserPoolId, 'uuid@example.com')
      const { ChallengeParameters } = await signIn(at, 'uuid@example.com')
      assert.equal(ChallengeParameters?.USER_ID_FOR_SRP, attributes.sub)
      await server().sent()
    })

    test('the order of checks: what is wrong first is told first', async () => {
      const { UserPoolId } = place
      const closed = await another({ GenerateSecret: true, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] })
      const open = await another({ GenerateSecret: true })
      const SECRET_HASH = secretHash(open.ClientSecret, 'ordered', open.ClientId)
      const attempt = (PASSWORD: string) => signIn(open, 'ordered', { SECRET_HASH, PASSWORD })

      await assert.rejects(
        signIn(closed, 'ordered'),
        refusal(
          'InvalidParameterException',
          operation === 'InitiateAuth'
            ? 'USER_PASSWORD_AUTH flow not enabled for this client'
            : 'Auth flow not enabled for this client',
        ),
      )
      await assert.rejects(
        signIn(open, 'ordered', { SECRET_HASH: 'x', PASSWORD: wrong }),
        refusal('NotAuthorizedException', `Unable to verify secret hash for client ${open.ClientId}`),
      )
      await assert.rejects(attempt(wrong), unknown)
      await createUser(server(), UserPoolId, 'ordered')
      await changeUser(server(), UserPoolId, 'ordered', (user) => ({
        ...user,
        enabled: false,
        status: 'UNCONFIRMED',
      }))
      await assert.rejects(attempt(wrong), disabled)
      await changeUser(server(), UserPoolId, 'ordered', (user) => ({ ...user, enabled: true }))
      await assert.rejects(attempt(wrong), unconfirmed)
      await setStatus(server(), UserPoolId, 'ordered', 'RESET_REQUIRED')
      await assert.rejects(attempt(wrong), mustReset)
      await setPassword(server(), UserPoolId, 'ordered', password, false)
      await setLegacySms(server(), UserPoolId, 'ordered')
      server().clock.now += days(8)
      await assert.rejects(attempt(wrong), incorrect)
      await assert.rejects(
        attempt(password),
        refusal(
          'NotAuthorizedException',
          'Temporary password has expired and must be reset by an administrator.',
        ),
      )
      await setPassword(server(), UserPoolId, 'ordered', password, false)
      assert.equal((await attempt(password)).ChallengeName, 'NEW_PASSWORD_REQUIRED')
      assert.deepEqual(await server().sent(), [])
      await setPassword(server(), UserPoolId, 'ordered', password, true)
      assert.equal((await attempt(password)).ChallengeName, 'SMS_MFA')
      assert.equal((await server().sent()).length, 1)
    })

    describe('who exists', () => {
      const rows = [
        ['nobody', wrong, unknown, incorrect],
        ['plain', wrong, incorrect, incorrect],
        ['disabled', wrong, disabled, incorrect],
        ['disabled', password, disabled, incorrect],
        ['disabled-unconfirmed', password, disabled, incorrect],
        ['unconfirmed', wrong, unconfirmed, unconfirmed],
        ['unconfirmed', password, unconfirmed, unconfirmed],
        ['reset', wrong, mustReset, incorrect],
        ['reset', password, mustReset, mustReset],
        ['imported', password, mustReset, incorrect],
        ['passwordless', password, incorrect, incorrect],
      ] as const
      before(async () => {
        const { UserPoolId } = place
        for (const name of new Set(rows.map(([name]) => name))) {
          if (name !== 'nobody') await createUser(server(), UserPoolId, name)
        }
        for (const Username of ['disabled', 'disabled-unconfirmed'])
          await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username }))
        for (const name of ['unconfirmed', 'disabled-unconfirmed'])
          await setStatus(server(), UserPoolId, name, 'UNCONFIRMED')
        for (const name of ['reset', 'imported'])
          await setStatus(server(), UserPoolId, name, 'RESET_REQUIRED')
        for (const name of ['imported', 'passwordless'])
          await changeUser(server(), UserPoolId, name, ({ password: _, ...user }) => user)
      })
      for (const [index, setting] of [undefined, 'LEGACY', 'ENABLED'].entries()) {
        const PreventUserExistenceErrors = setting as 'LEGACY' | 'ENABLED' | undefined
        test(`is ${index === 2 ? 'hidden' : 'told'} by a client with ${setting ?? 'no setting'}`, async () => {
          const at = await another({ PreventUserExistenceErrors })
          for (const [name, PASSWORD, legacy, enabled] of rows) {
            await assert.rejects(signIn(at, name, { PASSWORD }), index === 2 ? enabled : legacy)
          }
        })
      }
    })

    describe('what a request lacks', () => {
      const missing = (name: string) =>
        refusal('InvalidParameterException', `Missing required parameter ${name}`)
      test('USERNAME, PASSWORD, REFRESH_TOKEN', async () => {
        const rows = [
          [undefined, undefined, 'USERNAME'],
          [{}, undefined, 'USERNAME'],
          [{ USERNAME: '', PASSWORD: password }, undefined, 'USERNAME'],
          [{ USERNAME: 'right' }, undefined, 'PASSWORD'],
          [{ USERNAME: 'right', PASSWORD: '' }, undefined, 'PASSWORD'],
          [{}, 'REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'],
          [{}, 'REFRESH_TOKEN', 'REFRESH_TOKEN'],
        ] as const
        for (const [parameters, flow, name] of rows) {
          await assert.rejects(start(server(), operation, place, parameters, flow), missing(name))
        }
      })

      test('a client', async () => {
        await assert.rejects(
          signIn({ ...place, ClientId: 'absent' }, 'right'),
          refusal('ResourceNotFoundException', 'User pool client absent does not exist.'),
        )
      })
    })

    describe('flows', () => {
      const texts: Partial<Record<AuthFlowType, string>> = {
        USER_PASSWORD_AUTH: 'USER_PASSWORD_AUTH flow not enabled for this client',
        ADMIN_USER_PASSWORD_AUTH: 'Auth flow not enabled for this client',
        ADMIN_NO_SRP_AUTH: 'Auth flow not enabled for this client',
        REFRESH_TOKEN_AUTH: 'Refresh Token flow not enabled for this client',
        REFRESH_TOKEN: 'Refresh Token flow not enabled for this client',
        USER_SRP_AUTH: 'USER_SRP_AUTH is not enabled for the client.',
        CUSTOM_AUTH: 'CUSTOM_AUTH is not enabled for the client.',
        USER_AUTH: 'USER_AUTH is not enabled for the client.',
      }
      const isForAdministrators = (flow: string) =>
        flow === 'ADMIN_USER_PASSWORD_AUTH' || flow === 'ADMIN_NO_SRP_AUTH'
      for (const [flow, text] of Object.entries(texts) as [AuthFlowType, string][]) {
        const unsupported = operation === 'InitiateAuth' && isForAdministrators(flow)
        test(`${flow} where ${unsupported ? 'nobody may start it' : 'the client does not allow it'}`, async () => {
          const at = await another({
            ExplicitAuthFlows:
              flow === 'USER_SRP_AUTH' ? ['ALLOW_REFRESH_TOKEN_AUTH'] : ['ALLOW_USER_SRP_AUTH'],
          })
          await assert.rejects(
            start(server(), operation, unsupported ? place : at, {}, flow),
            refusal('InvalidParameterException', unsupported ? 'Initiate Auth method not supported.' : text),
          )
        })
      }

      test('a client that names no flows allows SRP, custom authentication and refresh', async () => {
        const at = await another({ ExplicitAuthFlows: undefined })
        const parameters = { USERNAME: 'right', SRP_A: newSrp().A }
        const asked = await start(server(), operation, at, parameters, 'USER_SRP_AUTH')
        assert.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
        await assert.rejects(
          start(server(), operation, at, {}, 'CUSTOM_AUTH'),
          refusal('InvalidParameterException', 'Missing required parameter USERNAME'),
        )
        await assert.rejects(
          refresh(at, 'garbage'),
          refusal('NotAuthorizedException', 'Invalid Refresh Token'),
        )
        await assert.rejects(signIn(at, 'right'), { name: 'InvalidParameterException' })
      })

      test('the older names of flows and of settings', async () => {
        const settings =
          operation === 'InitiateAuth' ? (['USER_PASSWORD_AUTH'] as const) : (['ADMIN_NO_SRP_AUTH'] as const)
        const at = await another({ ExplicitAuthFlows: [...settings] })
        await createUser(server(), place.UserPoolId, 'older')
        const flow = operation === 'InitiateAuth' ? 'USER_PASSWORD_AUTH' : 'ADMIN_NO_SRP_AUTH'
        const parameters = { USERNAME: 'older', PASSWORD: password }
        const { AuthenticationResult } = await start(server(), operation, at, parameters, flow)
        const { RefreshToken: REFRESH_TOKEN = '' } = AuthenticationResult ?? {}
        const refreshed = await start(server(), operation, at, { REFRESH_TOKEN }, 'REFRESH_TOKEN')
        assert.ok(refreshed.AuthenticationResult?.AccessToken)
      })
    })

    describe('SECRET_HASH', () => {
      let secret: Awaited<ReturnType<typeof another>>
      before(async () => {
        secret = await another({ GenerateSecret: true })
        await createUser(server(), place.UserPoolId, 'hashed')
      })
      const hash = (name: string) => ({ SECRET_HASH: secretHash(secret.ClientSecret, name, secret.ClientId) })
      const unverified = (id: string) =>
        refusal('NotAuthorizedException', `Unable to verify secret hash for client ${id}`)
      const notReceived = () =>
        refusal(
          'NotAuthorizedException',
          `Client ${secret.ClientId} is configured with secret but SECRET_HASH was not received`,
        )

      test('missing, wrong, right', async () => {
        await assert.rejects(signIn(secret, 'hashed'), notReceived())
        for (const hashOf of [
          hash('other'),
          { SECRET_HASH: '' },
          { SECRET_HASH: secret.ClientSecret ?? '' },
        ]) {
          await assert.rejects(signIn(secret, 'hashed', hashOf), unverified(secret.ClientId))
        }
        assert.ok((await signIn(secret, 'hashed', hash('hashed'))).AuthenticationResult)
      })

      test('is over the name as it was sent', async () => {
        const { sub = '' } = (await showUser(server(), place.UserPoolId, 'hashed')).attributes
        assert.ok((await signIn(secret, sub, hash(sub))).AuthenticationResult)
        await assert.rejects(signIn(secret, sub, hash('hashed')), unverified(secret.ClientId))
      })

      test('is refused by a client without a secret', async () => {
        await assert.rejects(signIn(place, 'hashed', hash('hashed')), unverified(place.ClientId))
      })

      test('of a refresh: over the username or the sub, with a text of its own', async () => {
        const { sub = '' } = (await showUser(server(), place.UserPoolId, 'hashed')).attributes
        const { AuthenticationResult } = await signIn(secret, 'hashed', hash('hashed'))
        const { RefreshToken = '' } = AuthenticationResult ?? {}
        for (const name of ['hashed', sub]) {
          const again = await refresh(secret, RefreshToken, hash(name))
          assert.ok(again.AuthenticationResult?.AccessToken, name)
        }
        await assert.rejects(refresh(secret, RefreshToken), notReceived())
        await assert.rejects(refresh(secret, 'garbage'), notReceived())
        await assert.rejects(
          refresh(secret, RefreshToken, hash('other')),
          refusal('NotAuthorizedException', `SecretHash does not match for the client: ${secret.ClientId}`),
        )
        const open = await tokensOf(server(), place, 'hashed')
        await assert.rejects(
          refresh(place, open.RefreshToken, hash('hashed')),
          refusal('NotAuthorizedException', `SecretHash does not match for the client: ${place.ClientId}`),
        )
      })
    })

    describe('temporary passwords', () => {
      const expired = refusal(
        'NotAuthorizedException',
        'Temporary password has expired and must be reset by an administrator.',
      )
      for (const [what, policy, lifetime] of [
        ['by default', {}, days(7)],
        ['as the policy says', { TemporaryPasswordValidityDays: 2 }, days(2)],
      ] as const) {
        test(`live ${lifetime / days(1)} days ${what}`, async () => {
          const Policies = { PasswordPolicy: { MinimumLength: 8, ...policy } }
          const at = await another({}, await createPool(server(), { Policies }))
          await createUser(server(), at.UserPoolId, 'temporary')
          await setPassword(server(), at.UserPoolId, 'temporary', password, false)
          server().clock.now += lifetime - 1
          assert.equal((await signIn(at, 'temporary')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
          server().clock.now += 1
          await assert.rejects(signIn(at, 'temporary'), expired)
          await setPassword(server(), at.UserPoolId, 'temporary', password, true)
          server().clock.now += days(365)
          assert.ok((await signIn(at, 'temporary')).AuthenticationResult)
        })
      }
    })

    describe('second factors', () => {
      test('a code goes to the phone or the mailbox that the user prefers, and nowhere else', async () => {
        const at = await another(
          {},
          await createMfaPool(server(), {
            MfaConfiguration: 'OPTIONAL',
            SmsMfaConfiguration: {
              ...smsFactor.SmsMfaConfiguration,
              SmsAuthenticationMessage: 'SMS says {####}',
            },
            EmailMfaConfiguration: { Message: 'Mail says {####}', Subject: 'Sign in' },
          }),
        )
        await createUser(server(), at.UserPoolId, 'reached', {
          email: 'reached@example.com',
          phone_number: '+15555550146',
        })
        await enableFactors(server(), at.UserPoolId, 'reached', 'EMAIL')
        const byMail = await signIn(at, 'reached')
        assert.equal(byMail.ChallengeName, 'EMAIL_OTP')
        assert.deepEqual(byMail.ChallengeParameters, {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
          CODE_DELIVERY_DESTINATION: 'r***@e***',
        })
        assert.ok((byMail.Session?.length ?? 0) >= 20)
        const mails = await server().sent()
        assert.deepEqual(mails, [
          {
            medium: 'EMAIL',
            to: 'reached@example.com',
            subject: 'Sign in',
            body: `Mail says ${mails[0]?.code}`,
            code: mails[0]?.code,
          },
        ])
        await enableFactors(server(), at.UserPoolId, 'reached', 'SMS')
        const byPhone = await signIn(at, 'reached')
        assert.equal(byPhone.ChallengeName, 'SMS_MFA')
        assert.deepEqual(byPhone.ChallengeParameters, {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
          CODE_DELIVERY_DESTINATION: '+*******0146',
          USER_ID_FOR_SRP: 'reached',
        })
        const messages = await server().sent()
        assert.deepEqual(messages, [
          {
            medium: 'SMS',
            to: '+15555550146',
            body: `SMS says ${messages[0]?.code}`,
            code: messages[0]?.code,
          },
        ])
      })

      test('several factors and no preference: the user chooses, and nothing is sent before', async () => {
        const at = await another(
          {},
          await createMfaPool(server(), { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...emailFactor }),
        )
        await createUser(server(), at.UserPoolId, 'choosing', {
          email: 'choosing@example.com',
          phone_number: '+15555550147',
        })
        await enableFactors(server(), at.UserPoolId, 'choosing', 'SMS', 'EMAIL')
        const { ChallengeName, ChallengeParameters } = await signIn(at, 'choosing')
        assert.equal(ChallengeName, 'SELECT_MFA_TYPE')
        assert.deepEqual(ChallengeParameters, { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]' })
        assert.deepEqual(await server().sent(), [])
      })

      test('a pool that requires MFA asks who has none to set one up', async () => {
        const at = await another(
          {},
          await createMfaPool(server(), { MfaConfiguration: 'ON', ...smsFactor, ...tokenFactor }),
        )
        await createUser(server(), at.UserPoolId, 'bare', {})
        const { ChallengeName, ChallengeParameters } = await signIn(at, 'bare')
        assert.equal(ChallengeName, 'MFA_SETUP')
        assert.deepEqual(ChallengeParameters, { MFAS_CAN_SETUP: '["SMS_MFA","SOFTWARE_TOKEN_MFA"]' })
      })

      test('a pool that requires MFA refuses who can have none', async () => {
        const at = await another({}, await createPool(server(), { MfaConfiguration: 'ON' }))
        await createUser(server(), at.UserPoolId, 'factorless', {})
        await assert.rejects(
          signIn(at, 'factorless'),
          refusal('MFAMethodNotFoundException', 'No MFA mechanism registerd in the account.'),
        )
      })

      test('a pool that cannot send an SMS', async () => {
        const at = await another(
          {},
          await createMfaPool(
            server(),
            { MfaConfiguration: 'OPTIONAL', ...tokenFactor },
            { SmsConfiguration: undefined },
          ),
        )
        await createUser(server(), at.UserPoolId, 'undelivered')
        await setLegacySms(server(), at.UserPoolId, 'undelivered')
        await assert.rejects(
          signIn(at, 'undelivered'),
          refusal(
            'InvalidParameterException',
            'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
          ),
        )
        assert.deepEqual(await server().sent(), [])
      })
    })

    describe('a function that is to write messages and is not there', () => {
      test('is missed once there is a message', async () => {
        const LambdaConfig = { CustomMessage: lambda }
        const at = await another({}, await createPool(server(), { LambdaConfig }))
        await createUser(server(), at.UserPoolId, 'written-to')
        assert.ok((await signIn(at, 'written-to')).AuthenticationResult)
        await setLegacySms(server(), at.UserPoolId, 'written-to')
        await assert.rejects(signIn(at, 'written-to'), notRun('CustomMessage'))
        assert.deepEqual(await server().sent(), [])
      })
    })

    describe('a refresh', () => {
      const invalid = refusal('NotAuthorizedException', 'Invalid Refresh Token')
      const revoked = refusal('NotAuthorizedException', 'Refresh Token has been revoked')

      test('answers new tokens and no refresh token', async () => {
        await createUser(server(), place.UserPoolId, 'refreshing')
        const first = await tokensOf(server(), place, 'refreshing')
        for (const flow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'] as const) {
          const parameters = { REFRESH_TOKEN: first.RefreshToken }
          const { AuthenticationResult, ...rest } = await start(server(), operation, place, parameters, flow)
          const { AccessToken, IdToken, ...others } = AuthenticationResult ?? {}
          assert.ok(AccessToken && IdToken)
          assert.notEqual(AccessToken, first.AccessToken)
          assert.deepEqual(others, { ExpiresIn: 3600, TokenType: 'Bearer' })
          assert.deepEqual(rest.ChallengeParameters, {})
        }
      })

      test('of a token that is none, or of another client', async () => {
        await createUser(server(), place.UserPoolId, 'lending')
        const { RefreshToken, AccessToken } = await tokensOf(server(), place, 'lending')
        for (const text of ['garbage', AccessToken, `${RefreshToken}x`]) {
          await assert.rejects(refresh(place, text), invalid)
        }
        await assert.rejects(refresh(await another(), RefreshToken), invalid)
      })

      test('until the token expires', async () => {
        const at = await another({
          RefreshTokenValidity: 2,
          TokenValidityUnits: { RefreshToken: 'hours' },
        })
        await createUser(server(), place.UserPoolId, 'outlasting')
        const { RefreshToken } = await tokensOf(server(), at, 'outlasting')
        server().clock.now += hours(2) - 1
        assert.ok((await refresh(at, RefreshToken)).AuthenticationResult)
        server().clock.now += 1
        await assert.rejects(
          refresh(at, RefreshToken),
          refusal('NotAuthorizedException', 'Refresh Token has expired'),
        )
      })

      test('of a disabled user, and of one who was disabled in between', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'switched')
        const { RefreshToken } = await tokensOf(server(), place, 'switched')
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'switched' }))
        await assert.rejects(refresh(place, RefreshToken), disabled)
        await server().client.send(new AdminEnableUserCommand({ UserPoolId, Username: 'switched' }))
        await assert.rejects(refresh(place, RefreshToken), revoked)
      })

      test('of a deleted user, also when the name is given again', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'leaving')
        const { RefreshToken } = await tokensOf(server(), place, 'leaving')
        const { tokenSessions } = server().app.store
        const digest = createHash('sha256').update(RefreshToken).digest('hex')
        const session = await tokenSessions.findByRefreshToken(UserPoolId as PoolId, digest)
        assert.ok(session)
        await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'leaving' }))
        await assert.rejects(refresh(place, RefreshToken), invalid)
        server().clock.now += 1
        await createUser(server(), UserPoolId, 'leaving')
        await assert.rejects(refresh(place, RefreshToken), invalid)
        // As a sign-in leaves it that was under way when the user was deleted.
        await tokenSessions.create(session)
        await assert.rejects(refresh(place, RefreshToken), invalid)
      })
    })
  })
}
