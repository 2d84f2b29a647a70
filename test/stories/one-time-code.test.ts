import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { minutes } from '../../src/lib/instant.ts'
import {
  type Asked,
  type By,
  changeUser,
  claimsOf,
  createFactorPool,
  everybody,
  firstFactors,
  type Place,
  respond,
  smsFactor,
  startByChoice,
} from '../factors.ts'
import { attributesIn, createUser, password, phone, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'

const wrongCode = refusal('CodeMismatchException', 'Invalid code or auth state for the user.')
const everything = { email: 'ada@example.com', phone_number: phone }
const all = ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP']

/** The two codes, side by side. */
const codes = [
  {
    factor: 'EMAIL_OTP',
    response: 'EMAIL_OTP_CODE',
    parameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'a***@e***' },
    message: { medium: 'EMAIL', to: 'ada@example.com', subject: 'Your authentication code' },
    verified: 'email_verified',
    claims: { acr: 'urn:cognito:loa:2', amr: ['email_otp'] },
  },
  {
    factor: 'SMS_OTP',
    response: 'SMS_OTP_CODE',
    parameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS', CODE_DELIVERY_DESTINATION: '+*******0123' },
    message: { medium: 'SMS', to: phone },
    verified: 'phone_number_verified',
    claims: { acr: 'urn:cognito:loa:2', amr: ['sms'] },
  },
] as const

describe('signing in with a code and no password', () => {
  onEachStore((server) => {
    let place: Place
    let hiding: Place
    before(async () => {
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OPTIONAL', ...smsFactor },
        firstFactors('EMAIL_OTP', 'SMS_OTP'),
      )
      hiding = await createFactorPool(
        server(),
        { MfaConfiguration: 'OPTIONAL', ...smsFactor },
        firstFactors('EMAIL_OTP', 'SMS_OTP'),
        { PreventUserExistenceErrors: 'ENABLED' },
      )
    })
    const person = (name: string, attributes: Record<string, string> = everything, at = place) =>
      createUser(server(), at.UserPoolId, name, attributes)
    const show = async (Username: string) => {
      const user = await server().client.send(
        new AdminGetUserCommand({ UserPoolId: place.UserPoolId, Username }),
      )
      return { status: user.UserStatus, attributes: attributesIn(user.UserAttributes) }
    }
    const select = (asked: Asked, USERNAME: string, ANSWER: string, by: By = 'public', at = place) =>
      respond(server(), at, asked, { USERNAME, ANSWER }, by)

    for (const by of everybody) {
      for (const { factor, response, parameters, message, verified, claims } of codes) {
        test(`${factor} that is preferred comes at once, and verifies the address, by the ${by} operations`, async () => {
          const name = `preferred-${factor}-${by}`
          await person(name)
          const asked = await startByChoice(server(), place, name, factor, by)
          assert.equal(asked.ChallengeName, factor)
          assert.deepEqual(asked.ChallengeParameters, parameters)
          assert.deepEqual(asked.AvailableChallenges, all)
          const [sent, ...others] = await server().sent()
          assert.deepEqual(others, [])
          assert.match(sent?.code ?? '', /^[0-9]{8}$/)
          const body = `Your authentication code is ${sent?.code}.`
          assert.deepEqual(sent, { ...message, body, code: sent?.code })
          assert.notEqual((await show(name)).attributes[verified], 'true')
          const answer = { USERNAME: name, [response]: sent?.code ?? '' }
          const { AuthenticationResult } = await respond(server(), place, asked, answer, by)
          const { acr, amr } = claimsOf(AuthenticationResult?.AccessToken)
          assert.deepEqual({ acr, amr }, claims)
          assert.equal((await show(name)).attributes[verified], 'true')
          assert.deepEqual(await server().sent(), [])
        })

        test(`${factor} can be selected, by the ${by} operations`, async () => {
          const name = `selected-${factor}-${by}`
          await person(name)
          const choice = await startByChoice(server(), place, name, undefined, by)
          assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
          assert.deepEqual(choice.ChallengeParameters, {})
          assert.deepEqual(choice.AvailableChallenges, all)
          assert.deepEqual(await server().sent(), [])
          const asked = await select(choice, name, factor, by)
          assert.equal(asked.ChallengeName, factor)
          assert.deepEqual(asked.ChallengeParameters, parameters)
          const [sent] = await server().sent()
          const answer = { USERNAME: name, [response]: sent?.code ?? '' }
          assert.ok((await respond(server(), place, asked, answer, by)).AuthenticationResult)
        })
      }

      test(`a wrong code leaves the session, until it was guessed at too often, by the ${by} operations`, async () => {
        const name = `guessed-${by}`
        await person(name)
        const guess = (asked: Asked, EMAIL_OTP_CODE: string) =>
          respond(server(), place, asked, { USERNAME: name, EMAIL_OTP_CODE }, by)
        const asked = await startByChoice(server(), place, name, 'EMAIL_OTP', by)
        const [sent] = await server().sent()
        for (let count = 1; count <= 9; count += 1)
          await assert.rejects(guess(asked, `0000000${count}`), wrongCode)
        assert.ok((await guess(asked, sent?.code ?? '')).AuthenticationResult)
        const another = await startByChoice(server(), place, name, 'EMAIL_OTP', by)
        const [right] = await server().sent()
        for (let count = 1; count <= 10; count += 1)
          await assert.rejects(guess(another, '00000000'), wrongCode)
        await assert.rejects(
          guess(another, right?.code ?? ''),
          refusal('NotAuthorizedException', 'Invalid session for the user.'),
        )
        // No lockout: another session signs in at once.
        const last = await startByChoice(server(), place, name, 'EMAIL_OTP', by)
        const [code] = await server().sent()
        assert.ok((await guess(last, code?.code ?? '')).AuthenticationResult)
      })

      test(`a password in the call that selects it, by the ${by} operations`, async () => {
        const name = `password-${by}`
        await person(name)
        const choice = await startByChoice(server(), place, name, undefined, by)
        const answer = { USERNAME: name, ANSWER: 'PASSWORD', PASSWORD: password }
        assert.ok((await respond(server(), place, choice, answer, by)).AuthenticationResult)
      })

      test(`what is not on offer, by the ${by} operations`, async () => {
        const name = `offer-${by}`
        await person(name, { email: 'ada@example.com' })
        const choice = await startByChoice(server(), place, name, 'SMS_OTP', by)
        assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
        assert.deepEqual(choice.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'])
        for (const ANSWER of ['SMS_OTP', 'WEB_AUTHN', 'SMS_MFA', 'nonsense']) {
          await assert.rejects(
            select(choice, name, ANSWER, by),
            refusal('InvalidParameterException', 'The selected challenge is not available.'),
          )
        }
        assert.equal((await select(choice, name, 'EMAIL_OTP', by)).ChallengeName, 'EMAIL_OTP')
        await server().sent()
      })

      test(`no code comes first for who has a second factor, by the ${by} operations`, async () => {
        const name = `second-${by}`
        await person(name)
        await server().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId: place.UserPoolId,
            Username: name,
            SMSMfaSettings: { Enabled: true },
          }),
        )
        const choice = await startByChoice(server(), place, name, 'EMAIL_OTP', by)
        assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
        assert.deepEqual(choice.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
        await assert.rejects(
          select(choice, name, 'EMAIL_OTP', by),
          refusal('InvalidParameterException', 'Password Challenge is Required to SignIn'),
        )
        assert.deepEqual(await server().sent(), [])
      })
    }

    test('no code comes first for who has a temporary password', async () => {
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: place.UserPoolId,
          Username: 'invited',
          TemporaryPassword: password,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: 'invited@example.com' }],
        }),
      )
      const choice = await startByChoice(server(), place, 'invited', 'EMAIL_OTP')
      assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
      assert.deepEqual(choice.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
      await assert.rejects(
        select(choice, 'invited', 'EMAIL_OTP'),
        refusal('InvalidParameterException', 'Password Challenge is Required to SignIn'),
      )
    })

    test('a user without a password has the codes alone, and is confirmed by one', async () => {
      await person('passwordless')
      await changeUser(server(), place.UserPoolId, 'passwordless', ({ password: _, ...user }) => ({
        ...user,
        status: 'UNCONFIRMED',
      }))
      const asked = await startByChoice(server(), place, 'passwordless', 'EMAIL_OTP')
      assert.deepEqual(asked.AvailableChallenges, ['EMAIL_OTP', 'SMS_OTP'])
      const [sent] = await server().sent()
      const answer = { USERNAME: 'passwordless', EMAIL_OTP_CODE: sent?.code ?? '' }
      assert.ok((await respond(server(), place, asked, answer)).AuthenticationResult)
      assert.equal((await show('passwordless')).status, 'CONFIRMED')
    })

    test('a code works once, and for the length of a session', async () => {
      await person('once')
      const asked = await startByChoice(server(), place, 'once', 'EMAIL_OTP')
      const [sent] = await server().sent()
      const answer = { USERNAME: 'once', EMAIL_OTP_CODE: sent?.code ?? '' }
      const answers = await Promise.allSettled([1, 2].map(() => respond(server(), place, asked, answer)))
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      const late = await startByChoice(server(), place, 'once', 'EMAIL_OTP')
      const [code] = await server().sent()
      server().clock.now += minutes(3)
      await assert.rejects(
        respond(server(), place, late, { USERNAME: 'once', EMAIL_OTP_CODE: code?.code ?? '' }),
        refusal('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
      )
    })

    test('an address that is somebody else’s name stays unverified, and the user is signed in', async () => {
      const aliases = await createFactorPool(
        server(),
        { MfaConfiguration: 'OFF' },
        { ...firstFactors('EMAIL_OTP'), AliasAttributes: ['email'] },
      )
      const email = 'held@example.com'
      await person('holder', { email, email_verified: 'true' }, aliases)
      await person('other', { email }, aliases)
      const asked = await startByChoice(server(), aliases, 'other', 'EMAIL_OTP')
      const [sent] = await server().sent()
      const answer = { USERNAME: 'other', EMAIL_OTP_CODE: sent?.code ?? '' }
      assert.ok((await respond(server(), aliases, asked, answer)).AuthenticationResult)
      const { UserPoolId } = aliases
      const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username: 'other' }))
      assert.notEqual(attributesIn(user.UserAttributes).email_verified, 'true')
    })

    for (const by of everybody) {
      test(`whoever is disabled is nobody to a client that hides them, by the ${by} operations`, async () => {
        const name = `disabled-${by}`
        await person(name, everything, hiding)
        await person(name)
        for (const { UserPoolId } of [hiding, place])
          await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: name }))
        await assert.rejects(
          startByChoice(server(), place, name, 'EMAIL_OTP', by),
          refusal('NotAuthorizedException', 'User is disabled.'),
        )
        const asked = await startByChoice(server(), hiding, name, 'EMAIL_OTP', by)
        assert.equal(asked.ChallengeName, 'EMAIL_OTP')
        const code = { USERNAME: name, EMAIL_OTP_CODE: '12345678' }
        await assert.rejects(respond(server(), hiding, asked, code, by), wrongCode)
        const choice = await startByChoice(server(), hiding, name, undefined, by)
        assert.deepEqual(choice.AvailableChallenges, all)
        const chosen = await select(choice, name, 'SMS_OTP', by, hiding)
        const { CODE_DELIVERY_DESTINATION } = chosen.ChallengeParameters ?? {}
        assert.notEqual(CODE_DELIVERY_DESTINATION, '+*******0123')
        assert.deepEqual(await server().sent(), [])
      })
    }

    describe('who is not there', () => {
      test('is told so by a client that hides nobody', async () => {
        await assert.rejects(
          startByChoice(server(), place, 'nobody', 'EMAIL_OTP'),
          refusal('UserNotFoundException', 'User does not exist.'),
        )
      })

      for (const by of everybody) {
        for (const [factor, response, name, destination] of [
          ['EMAIL_OTP', 'EMAIL_OTP_CODE', 'grace@hopper.org', 'g***@h***'],
          ['SMS_OTP', 'SMS_OTP_CODE', '+15555559876', '+*******9876'],
        ] as const) {
          test(`is asked for a ${factor} like anybody, and no code is right, by the ${by} operations`, async () => {
            const known = `known-${factor}-${by}`
            await person(known, everything, hiding)
            const real = await startByChoice(server(), hiding, known, factor, by)
            assert.equal((await server().sent()).length, 1)
            const asked = await startByChoice(server(), hiding, name, factor, by)
            assert.deepEqual(await server().sent(), [])
            assert.deepEqual(Object.keys(asked).toSorted(), Object.keys(real).toSorted())
            assert.deepEqual(
              Object.keys(asked.ChallengeParameters ?? {}),
              Object.keys(real.ChallengeParameters ?? {}),
            )
            assert.equal(asked.ChallengeName, factor)
            assert.deepEqual(asked.AvailableChallenges, real.AvailableChallenges)
            assert.equal(asked.Session?.length, real.Session?.length)
            const where = asked.ChallengeParameters?.CODE_DELIVERY_DESTINATION ?? ''
            assert.equal(where, destination)
            const again = await startByChoice(server(), hiding, name, factor, by)
            assert.deepEqual(again.ChallengeParameters, asked.ChallengeParameters)
            const guess = (USERNAME: string, one: Asked, code: string) =>
              respond(server(), hiding, one, { USERNAME, [response]: code }, by)
            for (let count = 1; count <= 10; count += 1) {
              await assert.rejects(guess(name, asked, '12345678'), wrongCode)
              await assert.rejects(guess(known, real, 'no'), wrongCode)
            }
            const ended = refusal('NotAuthorizedException', 'Invalid session for the user.')
            await assert.rejects(guess(name, asked, '12345678'), ended)
            await assert.rejects(guess(known, real, 'no'), ended)
          })
        }

        test(`may choose like anybody, by the ${by} operations`, async () => {
          const name = 'nobody@example.com'
          const choice = await startByChoice(server(), hiding, name, undefined, by)
          assert.equal(choice.ChallengeName, 'SELECT_CHALLENGE')
          assert.deepEqual(choice.AvailableChallenges, all)
          const asked = await select(choice, name, 'EMAIL_OTP', by, hiding)
          assert.equal(asked.ChallengeName, 'EMAIL_OTP')
          assert.equal(asked.ChallengeParameters?.CODE_DELIVERY_DESTINATION, 'n***@e***')
          await assert.rejects(
            respond(server(), hiding, asked, { USERNAME: name, EMAIL_OTP_CODE: '12345678' }, by),
            wrongCode,
          )
          assert.deepEqual(await server().sent(), [])
        })
      }
    })
  })
})
