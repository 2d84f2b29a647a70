import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminUpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  codeSent,
  createPlace,
  emailTo,
  lambda,
  messageSent,
  type Place,
  showUser,
  signUp,
  takeSmsAway,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const verified = { email: 'old@example.com', email_verified: 'true' }

describe('AdminUpdateUserAttributes and the codes that verify addresses', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), {
        Schema: [
          { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true, Mutable: true },
        ],
      })
    })
    const update = (Username: string, attributes: Record<string, string>, { UserPoolId }: Place = place) =>
      server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username,
          UserAttributes: attributeList(attributes),
        }),
      )
    async function shown(name: string, at = place) {
      const { sub: _, ...attributes } = (await showUser(server(), at, name)).attributes
      return attributes
    }

    test('writes what users cannot, and sends nothing for what is vouched for', async () => {
      await createUser(server(), place.UserPoolId, 'served', { email: 'old@example.com' })
      const changed = { email: 'new@example.com', email_verified: 'true', 'dev:custom:secret': 's' }
      const { $metadata: _, ...answer } = await update('served', changed)
      assert.deepEqual(answer, {})
      assert.deepEqual(await shown('served'), changed)
      await update('served', { email_verified: 'false' })
      assert.equal((await shown('served')).email_verified, 'false')
      assert.deepEqual(await server().sent(), [])
    })

    test('an address that the pool verifies by itself gets a code when it changes', async () => {
      await createUser(server(), place.UserPoolId, 'moved', verified)
      await update('moved', verified)
      await update('moved', { phone_number: phone })
      assert.deepEqual(await server().sent(), [])
      await update('moved', { email: 'new@example.com' })
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo('new@example.com', message.code))
      assert.deepEqual(await shown('moved'), {
        email: 'new@example.com',
        email_verified: 'false',
        phone_number: phone,
        phone_number_verified: 'false',
      })
      const { AccessToken } = await tokensOf(server(), place, 'moved')
      await server().client.send(
        new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code: message.code }),
      )
      assert.equal((await shown('moved')).email_verified, 'true')
    })

    test('a flag that says no does not stand in the way of a code', async () => {
      await createUser(server(), place.UserPoolId, 'doubted', verified)
      await update('doubted', { email: 'new@example.com', email_verified: 'false' })
      await messageSent(server())
      assert.equal((await shown('doubted')).email_verified, 'false')
    })

    describe('where an address is verified before it changes', () => {
      let strict: Place
      before(async () => {
        strict = await createPlace(server(), {
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
      })

      test('the old one stays until its user verifies the new one', async () => {
        await createUser(server(), strict.UserPoolId, 'patient', verified)
        await update('patient', { email: 'new@example.com', email_verified: 'false', name: 'N' }, strict)
        const Code = await codeSent(server())
        assert.deepEqual(await shown('patient', strict), { ...verified, name: 'N' })
        const { AccessToken } = await tokensOf(server(), strict, 'patient')
        await server().client.send(
          new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }),
        )
        assert.equal((await shown('patient', strict)).email, 'new@example.com')
      })

      test('unless the administrator vouches for it, which ends the waiting too', async () => {
        await createUser(server(), strict.UserPoolId, 'vouched', verified)
        await update('vouched', { email: 'waiting@example.com' }, strict)
        const Code = await codeSent(server())
        const vouched = { email: 'new@example.com', email_verified: 'true' }
        await update('vouched', vouched, strict)
        assert.deepEqual(await shown('vouched', strict), vouched)
        const { AccessToken } = await tokensOf(server(), strict, 'vouched')
        await assert.rejects(
          server().client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })),
          refusal('ExpiredCodeException', texts.expired),
        )
        assert.deepEqual(await server().sent(), [])
      })
    })

    test('an alias that is taken', async () => {
      const here = await createPlace(server(), { AliasAttributes: ['email', 'preferred_username'] })
      await createUser(server(), here.UserPoolId, 'holder', verified)
      await createUser(server(), here.UserPoolId, 'rival', {})
      await assert.rejects(
        update('rival', verified, here),
        refusal('AliasExistsException', 'An account with the email already exists.'),
      )
      await signUp(server(), here, 'fresh')
      await assert.rejects(
        update('fresh', { preferred_username: 'nick' }, here),
        refusal(
          'InvalidParameterException',
          'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
        ),
      )
    })

    test('what cannot be sent changes nothing', async () => {
      const mute = await createPlace(server(), { AutoVerifiedAttributes: ['phone_number', 'email'] })
      await takeSmsAway(server(), mute)
      await createUser(server(), mute.UserPoolId, 'unheard', {})
      await assert.rejects(
        update('unheard', { phone_number: phone }, mute),
        refusal('InvalidParameterException', texts.undeliverable),
      )
      const stopped = await createPlace(server(), { LambdaConfig: { CustomMessage: lambda } })
      await createUser(server(), stopped.UserPoolId, 'stopped', {})
      await assert.rejects(
        update('stopped', { email: 'new@example.com' }, stopped),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
      assert.deepEqual(await shown('stopped', stopped), {})
      await update('stopped', { ...verified, name: 'N' }, stopped)
    })
  })
})
