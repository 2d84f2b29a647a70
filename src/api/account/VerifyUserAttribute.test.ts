import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  changeUser,
  codeSent,
  confirmedUser,
  createPlace,
  otherThan,
  outcomes,
  type Place,
  showUser,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const email = 'who@example.com'
const mismatch = refusal('CodeMismatchException', texts.mismatch)
const expired = refusal('ExpiredCodeException', texts.expired)
const exists = refusal('AliasExistsException', 'An account with the email already exists.')

describe('VerifyUserAttribute', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const verify = (AccessToken: string, Code: string, AttributeName = 'email') =>
      server().client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }))
    const update = (AccessToken: string, attributes: Record<string, string>) =>
      server().client.send(
        new UpdateUserAttributesCommand({ AccessToken, UserAttributes: attributeList(attributes) }),
      )
    async function tokenOf(name: string, attributes: Record<string, string> = { email }, at = place) {
      await createUser(server(), at.UserPoolId, name, attributes)
      return (await tokensOf(server(), at, name)).AccessToken
    }
    /** Somebody with an address and a code for it. */
    async function asked(name: string, AttributeName = 'email', at = place) {
      const token = await tokenOf(name, { email, phone_number: phone }, at)
      await server().client.send(
        new GetUserAttributeVerificationCodeCommand({ AccessToken: token, AttributeName }),
      )
      return { token, code: await codeSent(server()) }
    }
    const flag = async (name: string, attribute = 'email') =>
      (await showUser(server(), place, name)).attributes[`${attribute}_verified`]

    for (const attribute of ['email', 'phone_number']) {
      test(`verifies ${attribute}`, async () => {
        const { token, code } = await asked(`whole-${attribute}`, attribute)
        const { $metadata: _, ...answer } = await verify(token, code, attribute)
        assert.deepEqual(answer, {})
        assert.equal(await flag(`whole-${attribute}`, attribute), 'true')
        assert.deepEqual(await server().sent(), [])
      })
    }

    test('a wrong code, one of the other address, one that was used, none', async () => {
      const { token, code } = await asked('wrong')
      await assert.rejects(verify(token, otherThan(code)), mismatch)
      await assert.rejects(verify(token, code, 'phone_number'), expired)
      assert.equal(await flag('wrong'), undefined)
      await verify(token, code)
      await assert.rejects(verify(token, code), expired)
    })

    test('a code works for a day', async () => {
      const late = await asked('late')
      const timely = await asked('timely')
      server().clock.now += hours(24) - 1
      const fresh = (await tokensOf(server(), place, 'timely')).AccessToken
      await verify(fresh, timely.code)
      server().clock.now += 1
      await assert.rejects(verify((await tokensOf(server(), place, 'late')).AccessToken, late.code), expired)
    })

    test('of fifty who redeem a code at once one succeeds', async () => {
      const { token, code } = await asked('raced')
      const calls = Array.from({ length: 50 }, () => verify(token, code))
      const { done, refused } = await outcomes(calls)
      assert.equal(done, 1)
      assert.deepEqual(
        refused.filter((name) => name !== 'ExpiredCodeException' && name !== 'LimitExceededException'),
        [],
      )
    })

    test('fifteen attempts an hour', async () => {
      const { token, code } = await asked('guessed')
      for (let guess = 0; guess < 15; guess += 1)
        await assert.rejects(verify(token, otherThan(code)), mismatch)
      await assert.rejects(verify(token, code), refusal('LimitExceededException', texts.limit))
      server().clock.now += hours(1)
      await verify((await tokensOf(server(), place, 'guessed')).AccessToken, code)
    })

    test('a code for an address that is meanwhile another proves nothing', async () => {
      const { token, code } = await asked('moved')
      const moved = { email: 'moved@example.com' }
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: place.UserPoolId,
          Username: 'moved',
          UserAttributes: attributeList({ ...moved, email_verified: 'true' }),
        }),
      )
      await assert.rejects(verify(token, code), expired)
      await update(token, { email: '' })
      await assert.rejects(verify(token, code), expired)
    })

    describe('where an address is verified before it changes', () => {
      let strict: Place
      before(async () => {
        strict = await createPlace(server(), {
          AliasAttributes: ['email'],
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
      })

      test('the new one, and the alias, are of the user from then on', async () => {
        await confirmedUser(server(), strict, 'changing')
        const { AccessToken } = await tokensOf(server(), strict, 'changing')
        await update(AccessToken, { email: 'changed@example.com' })
        const code = await codeSent(server())
        await assert.rejects(showUser(server(), strict, 'changed@example.com'), {
          name: 'UserNotFoundException',
        })
        assert.equal((await showUser(server(), strict, 'changing@example.com')).Username, 'changing')
        await verify(AccessToken, code)
        const user = await showUser(server(), strict, 'changed@example.com')
        assert.deepEqual(
          [user.Username, user.attributes.email, user.attributes.email_verified],
          ['changing', 'changed@example.com', 'true'],
        )
        await assert.rejects(showUser(server(), strict, 'changing@example.com'), {
          name: 'UserNotFoundException',
        })
      })

      test('unless somebody else has verified it meanwhile', async () => {
        const wanted = 'wanted@example.com'
        await confirmedUser(server(), strict, 'slow')
        const { AccessToken } = await tokensOf(server(), strict, 'slow')
        await update(AccessToken, { email: wanted })
        const code = await codeSent(server())
        await confirmedUser(server(), strict, 'quick', { email: wanted })
        await assert.rejects(verify(AccessToken, code), exists)
        await assert.rejects(verify(AccessToken, code), exists)
        assert.equal((await showUser(server(), strict, 'slow')).attributes.email, 'slow@example.com')
        assert.equal((await showUser(server(), strict, wanted)).Username, 'quick')
      })

      test('not when the old one was asked for again', async () => {
        await confirmedUser(server(), strict, 'undecided')
        const { AccessToken } = await tokensOf(server(), strict, 'undecided')
        await update(AccessToken, { email: 'passing@example.com' })
        const code = await codeSent(server())
        await update(AccessToken, { email: 'undecided@example.com' })
        assert.deepEqual(await server().sent(), [])
        await assert.rejects(verify(AccessToken, code), expired)
      })
    })

    test('only an address can be verified', async () => {
      const token = await tokenOf('named', { name: 'N' })
      await assert.rejects(
        verify(token, '123456', 'name'),
        refusal(
          'InvalidParameterException',
          'Invalid attribute name. Only phone_number and email can be verified.',
        ),
      )
    })

    test('not by whoever must reset a password or is not confirmed', async () => {
      const token = await tokenOf('reset', { email, email_verified: 'true' })
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      await codeSent(server())
      await assert.rejects(
        verify(token, '123456'),
        refusal('PasswordResetRequiredException', texts.resetRequired),
      )
      const other = await tokenOf('unconfirmed')
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(verify(other, '123456'), refusal('UserNotConfirmedException', texts.notConfirmed))
    })
  })
})
