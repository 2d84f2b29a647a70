import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  type ConfirmSignUpCommandInput,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  clientOf,
  codeSent,
  confirm,
  confirmedUser,
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
import { createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const mismatch = refusal('CodeMismatchException', texts.mismatch)
const expired = refusal('ExpiredCodeException', texts.expired)
const limited = refusal('LimitExceededException', texts.limit)

describe('ConfirmSignUp', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), { AliasAttributes: ['email', 'phone_number'] })
    })
    const attempt = (input: Partial<ConfirmSignUpCommandInput>, at = place) =>
      server().client.send(
        new ConfirmSignUpCommand({
          ClientId: at.ClientId,
          Username: undefined,
          ConfirmationCode: '000000',
          ...input,
        }),
      )
    const resend = (Username: string, { ClientId }: Place) =>
      server().client.send(new ResendConfirmationCodeCommand({ ClientId, Username }))
    async function pending(name: string, at = place, attributes = { email: `${name}@example.com` }) {
      await signUp(server(), at, name, attributes)
      return codeSent(server())
    }

    test('confirms the user, verifies the address and makes it an alias', async () => {
      const code = await pending('whole')
      const { $metadata: _, ...answer } = await confirm(server(), place, 'whole', code)
      assert.deepEqual(answer, {})
      assert.deepEqual(await server().sent(), [])
      const user = await showUser(server(), place, 'whole@example.com')
      assert.deepEqual([user.Username, user.UserStatus], ['whole', 'CONFIRMED'])
      assert.equal(user.attributes.email_verified, 'true')
      await tokensOf(server(), place, 'whole@example.com')
    })

    test('a phone number too, and of two addresses only the one that the code went to', async () => {
      const here = await createPlace(server(), { AutoVerifiedAttributes: ['email', 'phone_number'] })
      await signUp(server(), here, 'two', { email: 'two@example.com', phone_number: phone })
      await confirm(server(), here, 'two', await codeSent(server()))
      const { attributes } = await showUser(server(), here, 'two')
      assert.deepEqual([attributes.phone_number_verified, attributes.email_verified], ['true', 'false'])
    })

    test('nobody signs in before, and a wrong code spoils nothing', async () => {
      const code = await pending('patient')
      await assert.rejects(
        tokensOf(server(), place, 'patient'),
        refusal('UserNotConfirmedException', texts.notConfirmed),
      )
      await assert.rejects(confirm(server(), place, 'patient', otherThan(code)), mismatch)
      await assert.rejects(confirm(server(), place, 'patient', 'letters'), mismatch)
      await confirm(server(), place, 'patient', code)
      await assert.rejects(
        confirm(server(), place, 'patient', code),
        refusal('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
      )
    })

    test('whoever is not unconfirmed', async () => {
      await createUser(server(), place.UserPoolId, 'made', {})
      await assert.rejects(
        confirm(server(), place, 'made', '123456'),
        refusal('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
      )
    })

    test('a code works for a day, and no code is an expired one', async () => {
      const late = await pending('late')
      const timely = await pending('timely')
      server().clock.now += hours(24) - 1
      await confirm(server(), place, 'timely', timely)
      server().clock.now += 1
      await assert.rejects(confirm(server(), place, 'late', late), expired)
      const codeless = await createPlace(server(), { AutoVerifiedAttributes: [] })
      await signUp(server(), codeless, 'codeless', { email: 'codeless@example.com' })
      await assert.rejects(confirm(server(), codeless, 'codeless', '123456'), expired)
    })

    test('a new code invalidates the one before', async () => {
      const first = await pending('renewed')
      await server().client.send(
        new ResendConfirmationCodeCommand({ ClientId: place.ClientId, Username: 'renewed' }),
      )
      const second = await codeSent(server())
      assert.notEqual(first, second)
      await assert.rejects(confirm(server(), place, 'renewed', first), mismatch)
      await confirm(server(), place, 'renewed', second)
    })

    test('of fifty who redeem a code at once one succeeds', async () => {
      const code = await pending('raced')
      const calls = Array.from({ length: 50 }, () => confirm(server(), place, 'raced', code))
      const { done, refused } = await outcomes(calls)
      assert.equal(done, 1)
      const possible = ['ExpiredCodeException', 'LimitExceededException', 'NotAuthorizedException']
      assert.deepEqual(
        refused.filter((name) => !possible.includes(name)),
        [],
      )
      assert.equal((await showUser(server(), place, 'raced')).UserStatus, 'CONFIRMED')
    })

    test('fifteen attempts an hour, whatever they come to', async () => {
      const code = await pending('guessed')
      for (let guess = 0; guess < 15; guess += 1)
        await assert.rejects(confirm(server(), place, 'guessed', otherThan(code)), mismatch)
      await assert.rejects(confirm(server(), place, 'guessed', code), limited)
      server().clock.now += hours(1)
      await confirm(server(), place, 'guessed', code)
    })

    test('an address that is meanwhile another is not verified by the code', async () => {
      const code = await pending('moved')
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: place.UserPoolId,
          Username: 'moved',
          UserAttributes: [{ Name: 'email', Value: 'elsewhere@example.com' }],
        }),
      )
      assert.equal((await server().sent()).length, 1)
      await confirm(server(), place, 'moved', code)
      const user = await showUser(server(), place, 'moved')
      assert.deepEqual([user.UserStatus, user.attributes.email_verified], ['CONFIRMED', 'false'])
    })

    describe('an alias that another user has', () => {
      const shared = { email: 'shared@example.com' }
      const exists = refusal('AliasExistsException', 'An account with the email already exists.')
      before(async () => {
        await confirmedUser(server(), place, 'holder', shared)
      })

      test('stays theirs, and the code can be used again', async () => {
        const code = await pending('rival', place, shared)
        for (const ForceAliasCreation of [undefined, false, undefined]) {
          await assert.rejects(
            attempt({ Username: 'rival', ConfirmationCode: code, ForceAliasCreation }),
            exists,
          )
        }
        assert.equal((await showUser(server(), place, 'rival')).UserStatus, 'UNCONFIRMED')
        assert.equal((await showUser(server(), place, shared.email)).Username, 'holder')
      })

      test('moves with ForceAliasCreation, and the loser keeps an address that is not verified', async () => {
        await tokensOf(server(), place, shared.email)
        const code = await pending('winner', place, shared)
        await attempt({ Username: 'winner', ConfirmationCode: code, ForceAliasCreation: true })
        assert.equal((await showUser(server(), place, shared.email)).Username, 'winner')
        const { attributes } = await showUser(server(), place, 'holder')
        assert.deepEqual([attributes.email, attributes.email_verified], [shared.email, 'false'])
        await tokensOf(server(), place, 'holder')
      })
    })

    describe('whom nobody knows', () => {
      let hiding: Place
      before(async () => {
        hiding = await clientOf(server(), place.UserPoolId, hides)
      })

      test('a client that does not hide them says so', async () => {
        await assert.rejects(
          confirm(server(), place, 'nobody', '123456'),
          refusal('UserNotFoundException', texts.unknown),
        )
      })

      test('a client that hides them answers as if a code had been sent that is wrong, also for a disabled user', async () => {
        const code = await pending('known')
        await assert.rejects(confirm(server(), hiding, 'known', otherThan(code)), mismatch)
        await assert.rejects(confirm(server(), hiding, 'nobody', '123456'), expired)
        await resend('nobody', hiding)
        await assert.rejects(confirm(server(), hiding, 'nobody', '123456'), mismatch)
        await server().client.send(
          new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: 'known' }),
        )
        await resend('known', hiding)
        await assert.rejects(confirm(server(), hiding, 'known', code), mismatch)
        assert.deepEqual(await server().sent(), [])
        await assert.rejects(
          confirm(server(), place, 'known', code),
          refusal('NotAuthorizedException', texts.disabled),
        )
      })

      test('and limits them alike', async () => {
        for (let guess = 0; guess < 15; guess += 1)
          await assert.rejects(confirm(server(), hiding, 'Guessed-Nobody', '123456'), expired)
        await assert.rejects(confirm(server(), hiding, 'Guessed-Nobody', '123456'), limited)
        await assert.rejects(confirm(server(), hiding, 'other-nobody', '123456'), expired)
      })
    })

    test('a client with a secret proves it', async () => {
      const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      const ConfirmationCode = await pending('hashed')
      const given = { Username: 'hashed', ConfirmationCode }
      await assert.rejects(
        attempt(given, secret),
        refusal('NotAuthorizedException', texts.hashMissing(secret.ClientId)),
      )
      await assert.rejects(
        attempt({ ...given, SecretHash: secretHash(secret, 'other') }, secret),
        refusal('NotAuthorizedException', texts.hashWrong(secret.ClientId)),
      )
      await attempt({ ...given, SecretHash: secretHash(secret, 'hashed') }, secret)
    })

    test('codes and guesses are checked for form', async () => {
      await assert.rejects(
        attempt({ Username: 'x', ConfirmationCode: 'a b' }),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value 'a b' at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
        ),
      )
    })

    test('a session that SignUp did not hand out, or to another, confirms nobody', async () => {
      const code = await pending('sessioned')
      const Session = 'x'.repeat(40)
      await assert.rejects(
        attempt({ Username: 'sessioned', ConfirmationCode: code, Session }),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
      assert.equal((await showUser(server(), place, 'sessioned')).UserStatus, 'UNCONFIRMED')
    })

    test('an administrator needs no code, and leaves none to redeem', async () => {
      const code = await pending('waved')
      await server().client.send(
        new AdminConfirmSignUpCommand({ UserPoolId: place.UserPoolId, Username: 'waved' }),
      )
      await assert.rejects(confirm(server(), place, 'waved', code), { name: 'NotAuthorizedException' })
      assert.equal((await showUser(server(), place, 'waved')).attributes.email_verified, 'false')
      await server().client.send(
        new InitiateAuthCommand({
          ClientId: place.ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'waved', PASSWORD: 'Correct-horse-9' },
        }),
      )
    })
  })
})
