import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  type ConfirmForgotPasswordCommandInput,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  clientOf,
  codeSent,
  createPlace,
  hides,
  otherThan,
  outcomes,
  type Place,
  secretHash,
  showUser,
  signUp,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, password, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const fresh = 'Another-horse-8'
const mailed = { email: 'who@example.com', email_verified: 'true' }
const mismatch = refusal('CodeMismatchException', texts.mismatch)
const expired = refusal('ExpiredCodeException', texts.expired)
const limited = refusal('LimitExceededException', texts.limit)
const incorrect = refusal('NotAuthorizedException', 'Incorrect username or password.')

describe('ConfirmForgotPassword', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const set = (
      Username: string,
      ConfirmationCode: string,
      Password = fresh,
      at = place,
      input: Partial<ConfirmForgotPasswordCommandInput> = {},
    ) =>
      server().client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: at.ClientId,
          Username,
          ConfirmationCode,
          Password,
          ...input,
        }),
      )
    const ask = (Username: string, at: Place) =>
      server().client.send(new ForgotPasswordCommand({ ClientId: at.ClientId, Username }))
    async function forget(Username: string, at = place) {
      await ask(Username, at)
      return codeSent(server())
    }
    async function forgetful(name: string, at = place) {
      await createUser(server(), at.UserPoolId, name, mailed)
      return forget(name, at)
    }

    test('sets the new password in place of the old one, and sends nothing', async () => {
      const code = await forgetful('forgetful')
      const { $metadata: _, ...answer } = await set('forgetful', code)
      assert.deepEqual(answer, {})
      assert.deepEqual(await server().sent(), [])
      await tokensOf(server(), place, 'forgetful', fresh)
      await assert.rejects(tokensOf(server(), place, 'forgetful'), incorrect)
    })

    test('whoever must set a new one is confirmed again', async () => {
      await createUser(server(), place.UserPoolId, 'reset', mailed)
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      const code = await codeSent(server())
      assert.equal((await showUser(server(), place, 'reset')).UserStatus, 'RESET_REQUIRED')
      await set('reset', code)
      assert.equal((await showUser(server(), place, 'reset')).UserStatus, 'CONFIRMED')
      await tokensOf(server(), place, 'reset', fresh)
    })

    test('a code works for an hour and once, and no code is an expired one', async () => {
      await createUser(server(), place.UserPoolId, 'codeless', mailed)
      await assert.rejects(set('codeless', '123456'), expired)
      const late = await forgetful('late')
      const timely = await forgetful('timely')
      server().clock.now += hours(1) - 1
      await set('timely', timely)
      await assert.rejects(set('timely', timely), expired)
      server().clock.now += 1
      await assert.rejects(set('late', late), expired)
    })

    test('no code of an address that is given up, nor from before another password', async () => {
      const { UserPoolId } = place
      const code = await forgetful('moved')
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username: 'moved',
          UserAttributes: attributeList({ email: 'moved@example.com', email_verified: 'true' }),
        }),
      )
      await assert.rejects(set('moved', code), expired)
      const other = await forgetful('changed')
      await server().client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId,
          Username: 'changed',
          Password: fresh,
          Permanent: true,
        }),
      )
      await assert.rejects(set('changed', other), expired)
    })

    test('a wrong code spoils nothing, a new one invalidates the one before', async () => {
      const first = await forgetful('renewed')
      await assert.rejects(set('renewed', otherThan(first)), mismatch)
      const second = await forget('renewed')
      await assert.rejects(set('renewed', first), mismatch)
      await set('renewed', second)
    })

    test('of fifty who redeem a code at once one succeeds', async () => {
      const code = await forgetful('raced')
      const calls = Array.from({ length: 50 }, (_, place) => set('raced', code, `${fresh}${place}`))
      const { done, refused } = await outcomes(calls)
      assert.equal(done, 1)
      assert.deepEqual(
        refused.filter((name) => name !== 'ExpiredCodeException' && name !== 'LimitExceededException'),
        [],
      )
    })

    test('twenty attempts an hour, together with those to forget', async () => {
      const code = await forgetful('guessed')
      for (let guess = 0; guess < 19; guess += 1)
        await assert.rejects(set('guessed', otherThan(code)), mismatch)
      await assert.rejects(set('guessed', code), limited)
      await assert.rejects(forget('guessed'), limited)
    })

    test('a password that the policy refuses leaves the code', async () => {
      const code = await forgetful('weak')
      for (const [weak, rule] of [
        ['aA1!', 'Password not long enough'],
        ['Correct-horse', 'Password must have numeric characters'],
      ] as const) {
        await assert.rejects(
          set('weak', code, weak),
          refusal('InvalidPasswordException', `Password did not conform with policy: ${rule}`),
        )
      }
      await set('weak', code)
    })

    test('so does one that was used before, and only the right code tells', async () => {
      const here = await createPlace(server(), {
        Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } },
      })
      const code = await forgetful('repeating', here)
      await assert.rejects(set('repeating', otherThan(code), password, here), mismatch)
      await assert.rejects(
        set('repeating', code, password, here),
        refusal('PasswordHistoryPolicyViolationException', 'Password has previously been used'),
      )
      await set('repeating', code, fresh, here)
    })

    test('nobody is locked out of what was just reset', async () => {
      const code = await forgetful('locked')
      for (let wrong = 0; wrong < 5; wrong += 1)
        await assert.rejects(tokensOf(server(), place, 'locked', 'wrong'), incorrect)
      await assert.rejects(
        tokensOf(server(), place, 'locked'),
        refusal('NotAuthorizedException', 'Password attempts exceeded'),
      )
      await set('locked', code)
      await tokensOf(server(), place, 'locked', fresh)
    })

    test('a sign-up is confirmed first', async () => {
      await signUp(server(), place, 'unconfirmed', { email: 'unconfirmed@example.com' })
      await codeSent(server())
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: place.UserPoolId,
          Username: 'unconfirmed',
          UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
        }),
      )
      const code = await forget('unconfirmed')
      await assert.rejects(set('unconfirmed', code), refusal('UserNotConfirmedException', texts.notConfirmed))
      await server().client.send(
        new AdminConfirmSignUpCommand({ UserPoolId: place.UserPoolId, Username: 'unconfirmed' }),
      )
      await set('unconfirmed', code)
    })

    describe('whom nobody knows', () => {
      let hiding: Place
      before(async () => {
        hiding = await clientOf(server(), place.UserPoolId, hides)
      })

      test('a client that does not hide them says so', async () => {
        await assert.rejects(set('nobody', '123456'), refusal('UserNotFoundException', texts.unknown))
      })

      test('a client that hides them answers as if a code had been sent that is wrong, and in an hour expired', async () => {
        const code = await forgetful('known')
        await assert.rejects(set('known', otherThan(code), fresh, hiding), mismatch)
        await assert.rejects(set('nobody', '123456', fresh, hiding), expired)
        await ask('nobody', hiding)
        await assert.rejects(set('nobody', '123456', fresh, hiding), mismatch)
        await server().client.send(
          new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: 'known' }),
        )
        await ask('known', hiding)
        await assert.rejects(set('known', code, fresh, hiding), mismatch)
        await assert.rejects(set('known', code), refusal('NotAuthorizedException', texts.disabled))
        server().clock.now += hours(1)
        for (const name of ['known', 'nobody'])
          await assert.rejects(set(name, '123456', fresh, hiding), expired)
        assert.deepEqual(await server().sent(), [])
      })

      test('whoever has no address and asked for a code all the same cannot guess it', async () => {
        await createUser(server(), hiding.UserPoolId, 'addressless', {})
        await assert.rejects(set('addressless', '123456', fresh, hiding), expired)
        await ask('addressless', hiding)
        await assert.rejects(set('addressless', '123456', fresh, hiding), mismatch)
        assert.deepEqual(await server().sent(), [])
      })

      test('a weak password of nobody is as weak, and nobody is limited like anybody', async () => {
        await assert.rejects(set('nobody', '123456', 'weak', hiding), {
          name: 'InvalidPasswordException',
        })
        for (let guess = 0; guess < 20; guess += 1)
          await assert.rejects(set('guessed-nobody', '123456', fresh, hiding), expired)
        await assert.rejects(set('guessed-nobody', '123456', fresh, hiding), limited)
      })
    })

    test('a client with a secret proves it', async () => {
      const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      const code = await forgetful('hashed')
      await assert.rejects(
        set('hashed', code, fresh, secret),
        refusal('NotAuthorizedException', texts.hashMissing(secret.ClientId)),
      )
      await assert.rejects(
        set('hashed', code, fresh, secret, { SecretHash: secretHash(secret, 'other') }),
        refusal('NotAuthorizedException', texts.hashWrong(secret.ClientId)),
      )
      await set('hashed', code, fresh, secret, { SecretHash: secretHash(secret, 'hashed') })
    })
  })
})
