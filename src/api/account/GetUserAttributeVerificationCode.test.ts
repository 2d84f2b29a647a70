import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminResetUserPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  byEmail,
  bySms,
  changeUser,
  codeSent,
  createPlace,
  emailTo,
  lambda,
  messageSent,
  otherThan,
  type Place,
  showUser,
  smsTo,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const email = 'who@example.com'
const mismatch = refusal('CodeMismatchException', texts.mismatch)

describe('GetUserAttributeVerificationCode', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), { AutoVerifiedAttributes: [] })
    })
    const get = (AccessToken: string, AttributeName = 'email') =>
      server().client.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName }))
    const verify = (AccessToken: string, Code: string, AttributeName = 'email') =>
      server().client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }))
    async function tokenOf(name: string, attributes: Record<string, string> = { email }, at = place) {
      await createUser(server(), at.UserPoolId, name, attributes)
      return (await tokensOf(server(), at, name)).AccessToken
    }

    test('sends a code to the address, also where nothing is verified by itself', async () => {
      const token = await tokenOf('asking', { email, phone_number: phone })
      const { $metadata: _, ...answer } = await get(token)
      assert.deepEqual(answer, { CodeDeliveryDetails: byEmail('w***@e***') })
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo(email, message.code))
      assert.deepEqual((await get(token, 'phone_number')).CodeDeliveryDetails, bySms('+*******0123'))
      const text = await messageSent(server())
      assert.deepEqual(text, smsTo(phone, text.code))
      await verify(token, message.code)
      await verify(token, text.code, 'phone_number')
    })

    test('an address that is verified can be verified again, and stays verified meanwhile', async () => {
      const token = await tokenOf('again', { email, email_verified: 'true' })
      for (let time = 0; time < 2; time += 1) {
        await get(token)
        assert.equal((await showUser(server(), place, 'again')).attributes.email_verified, 'true')
        await verify(token, await codeSent(server()))
      }
    })

    test('a new code invalidates the one before', async () => {
      const token = await tokenOf('renewed')
      await get(token)
      const first = await codeSent(server())
      await get(token)
      const second = await codeSent(server())
      await assert.rejects(verify(token, first), mismatch)
      await assert.rejects(verify(token, otherThan(second)), mismatch)
      await verify(token, second)
    })

    test('goes to the address that waits to be verified', async () => {
      const here = await createPlace(server(), {
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      })
      const token = await tokenOf('waiting', { email, email_verified: 'true' }, here)
      const UserAttributes = attributeList({ email: 'next@example.com' })
      await server().client.send(new UpdateUserAttributesCommand({ AccessToken: token, UserAttributes }))
      await codeSent(server())
      assert.deepEqual((await get(token)).CodeDeliveryDetails, byEmail('n***@e***'))
      await verify(token, await codeSent(server()))
      assert.equal((await showUser(server(), here, 'waiting')).attributes.email, 'next@example.com')
      assert.deepEqual((await get(token)).CodeDeliveryDetails, byEmail('n***@e***'))
      await messageSent(server())
    })

    test('only an address can be verified, and only one that there is', async () => {
      const token = await tokenOf('named', { name: 'N' })
      for (const name of ['name', 'preferred_username', 'custom:none']) {
        await assert.rejects(
          get(token, name),
          refusal(
            'InvalidParameterException',
            'Invalid attribute name. Only phone_number and email can be verified.',
          ),
        )
      }
      await assert.rejects(
        get(token, 'phone_number'),
        refusal('InvalidParameterException', 'User does not have a valid registered phone number'),
      )
      await assert.rejects(
        get(token, 'email'),
        refusal('InvalidParameterException', 'User does not have a valid registered email'),
      )
    })

    test('five an hour', async () => {
      const token = await tokenOf('hasty')
      for (let time = 0; time < 5; time += 1) await get(token)
      await assert.rejects(get(token), refusal('LimitExceededException', texts.limit))
      assert.equal((await server().sent()).length, 5)
      server().clock.now += hours(1)
      await get((await tokensOf(server(), place, 'hasty')).AccessToken)
      await messageSent(server())
    })

    test('what cannot be sent', async () => {
      const mute = await createPlace(server(), {
        AutoVerifiedAttributes: [],
        SmsConfiguration: undefined,
        LambdaConfig: { CustomMessage: lambda },
      })
      const token = await tokenOf('unheard', { email, phone_number: phone }, mute)
      await assert.rejects(
        get(token, 'phone_number'),
        refusal('InvalidParameterException', texts.undeliverable),
      )
      await assert.rejects(get(token), refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')))
    })

    test('not by whoever must reset a password or is not confirmed', async () => {
      const token = await tokenOf('reset', { email, email_verified: 'true' })
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      await codeSent(server())
      await assert.rejects(get(token), refusal('PasswordResetRequiredException', texts.resetRequired))
      const other = await tokenOf('unconfirmed')
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(get(other), refusal('UserNotConfirmedException', texts.notConfirmed))
    })
  })
})
