import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminResetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  changeUser,
  codeSent,
  createPlace,
  flowsWithChoice,
  outcomes,
  type Place,
  signUp,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { createUser, password, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const fresh = 'Another-horse-8'
const incorrect = refusal('NotAuthorizedException', 'Incorrect username or password.')
const used = refusal('PasswordHistoryPolicyViolationException', 'Password has previously been used')

describe('ChangePassword', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const change = (
      AccessToken: string,
      PreviousPassword: string | undefined = password,
      ProposedPassword = fresh,
    ) => server().client.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }))
    async function tokenOf(name: string, at = place, attributes: Record<string, string> = {}) {
      await createUser(server(), at.UserPoolId, name, attributes)
      return (await tokensOf(server(), at, name)).AccessToken
    }

    test('replaces the password, ends no session and sends nothing', async () => {
      const token = await tokenOf('changing')
      const { $metadata: _, ...answer } = await change(token)
      assert.deepEqual(answer, {})
      assert.deepEqual(await server().sent(), [])
      await assert.rejects(tokensOf(server(), place, 'changing'), incorrect)
      await tokensOf(server(), place, 'changing', fresh)
      await change(token, fresh, password)
    })

    test('whoever does not know the present one changes nothing', async () => {
      const token = await tokenOf('guessing')
      await assert.rejects(change(token, 'Wrong-horse-7'), incorrect)
      await assert.rejects(
        server().client.send(new ChangePasswordCommand({ AccessToken: token, ProposedPassword: fresh })),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
        ),
      )
      await tokensOf(server(), place, 'guessing')
    })

    test('the new one follows the policy', async () => {
      await assert.rejects(
        change(await tokenOf('weak'), password, 'short'),
        refusal('InvalidPasswordException', 'Password did not conform with policy: Password not long enough'),
      )
    })

    test('five attempts an hour', async () => {
      const token = await tokenOf('hasty')
      for (let guess = 0; guess < 5; guess += 1)
        await assert.rejects(change(token, 'Wrong-horse-7'), incorrect)
      await assert.rejects(change(token), refusal('LimitExceededException', texts.limit))
      server().clock.now += hours(1) - 1
      const { AccessToken } = await tokensOf(server(), place, 'hasty')
      server().clock.now += 1
      await change(AccessToken)
    })

    test('of many who change it at once one succeeds', async () => {
      const token = await tokenOf('raced')
      const calls = Array.from({ length: 5 }, (_, place) => change(token, password, `${fresh}${place}`))
      const { done } = await outcomes(calls)
      assert.equal(done, 1)
    })

    for (const size of [0, 1, 3, 24]) {
      test(`a history of ${size}`, async () => {
        const here = await createPlace(server(), {
          Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: size } },
        })
        const name = `history-${size}`
        let token = await tokenOf(name, here)
        const passwords = [password]
        /** Each in an hour of its own: five an hour is all there is. */
        async function replace(wanted: string) {
          server().clock.now += hours(1)
          const present = passwords.at(-1) ?? ''
          token = (await tokensOf(server(), here, name, present)).AccessToken
          await change(token, present, wanted)
          passwords.push(wanted)
        }
        const rounds = Math.min(size + 1, 5)
        for (let round = 1; round <= rounds; round += 1) await replace(`Horse-number-${round}`)
        const counted = size === 0 ? [] : passwords.slice(-size)
        for (const former of counted) await assert.rejects(replace(former), used)
        if (passwords.length > size) await replace(passwords.at(-size - 1) ?? password)
      })
    }

    describe('without a password', () => {
      let passwordless: Place
      before(async () => {
        passwordless = await createPlace(
          server(),
          { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
          { ExplicitAuthFlows: [...flowsWithChoice] },
        )
      })
      async function tokenByCode(name: string): Promise<string> {
        const { ClientId } = passwordless
        const { Session } = await signUp(
          server(),
          passwordless,
          name,
          { email: `${name}@example.com` },
          { Password: undefined },
        )
        const code = await codeSent(server())
        const confirmed = await server().client.send(
          new ConfirmSignUpCommand({ ClientId, Username: name, ConfirmationCode: code, Session }),
        )
        const { AuthenticationResult } = await server().client.send(
          new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', Session: confirmed.Session }),
        )
        assert.ok(AuthenticationResult?.AccessToken)
        return AuthenticationResult.AccessToken
      }

      test('the present one may be left out, and is not made up', async () => {
        const token = await tokenByCode('bare')
        await assert.rejects(change(token, 'Wrong-horse-7'), incorrect)
        await server().client.send(new ChangePasswordCommand({ AccessToken: token, ProposedPassword: fresh }))
        await tokensOf(server(), passwordless, 'bare', fresh)
        await assert.rejects(
          server().client.send(new ChangePasswordCommand({ AccessToken: token, ProposedPassword: password })),
          { name: 'InvalidParameterException' },
        )
      })
    })

    test('not by whoever must reset it or is not confirmed', async () => {
      const token = await tokenOf('reset', place, { email: 'a@example.com', email_verified: 'true' })
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      await codeSent(server())
      await assert.rejects(change(token), refusal('PasswordResetRequiredException', texts.resetRequired))
      const other = await tokenOf('unconfirmed')
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(change(other), refusal('UserNotConfirmedException', texts.notConfirmed))
    })
  })
})
