import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  DeleteUserPoolClientCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  byEmail,
  bySms,
  changeUser,
  clientOf,
  codeSent,
  confirmedUser,
  createPlace,
  emailTo,
  lambda,
  messageSent,
  type Place,
  showUser,
  smsTo,
  takeSmsAway,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const email = 'old@example.com'
const verified = { email, email_verified: 'true' }
const unauthorized = refusal('NotAuthorizedException', texts.unauthorized)

describe('UpdateUserAttributes', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), {
        Schema: [
          { Name: 'role', AttributeDataType: 'String', Mutable: true },
          { Name: 'born', AttributeDataType: 'String', Mutable: false },
          { Name: 'secret', AttributeDataType: 'String', Mutable: true, DeveloperOnlyAttribute: true },
        ],
      })
    })
    const update = (AccessToken: string, attributes: Record<string, string>) =>
      server().client.send(
        new UpdateUserAttributesCommand({ AccessToken, UserAttributes: attributeList(attributes) }),
      )
    async function tokenOf(name: string, attributes: Record<string, string> = verified, at = place) {
      await createUser(server(), at.UserPoolId, name, attributes)
      return (await tokensOf(server(), at, name)).AccessToken
    }
    const shown = async (name: string, at = place) => (await showUser(server(), at, name)).attributes

    test('sets, replaces and removes, and sends nothing for what is no address', async () => {
      const token = await tokenOf('plain', { ...verified, nickname: 'N' })
      const { $metadata: _, ...answer } = await update(token, {
        name: 'Name',
        'custom:role': 'guest',
        nickname: '',
      })
      assert.deepEqual(answer, { CodeDeliveryDetailsList: [] })
      assert.deepEqual(await server().sent(), [])
      const { sub: __, ...attributes } = await shown('plain')
      assert.deepEqual(attributes, { ...verified, name: 'Name', 'custom:role': 'guest' })
      server().clock.now += 1000
      await update(token, { name: 'Other' })
      const user = await showUser(server(), place, 'plain')
      assert.equal(user.UserLastModifiedDate?.getTime(), server().clock.now)
    })

    test('an address changes at once, is no longer verified, and gets a code', async () => {
      const token = await tokenOf('moving')
      const answer = await update(token, { email: 'new@example.com' })
      assert.deepEqual(answer.CodeDeliveryDetailsList, [byEmail('n***@e***')])
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo('new@example.com', message.code))
      const attributes = await shown('moving')
      assert.deepEqual([attributes.email, attributes.email_verified], ['new@example.com', 'false'])
    })

    test('no code where the pool does not verify it by itself, nor for the value there is', async () => {
      const token = await tokenOf('quiet', { ...verified, phone_number: phone })
      assert.deepEqual((await update(token, { email })).CodeDeliveryDetailsList, [])
      assert.equal((await shown('quiet')).email_verified, 'true')
      const other = { phone_number: '+15555550177' }
      assert.deepEqual((await update(token, other)).CodeDeliveryDetailsList, [])
      assert.equal((await shown('quiet')).phone_number_verified, 'false')
      assert.deepEqual(await server().sent(), [])
    })

    test('the value there is leaves a code for it alone', async () => {
      const token = await tokenOf('repeated', {})
      await update(token, { email })
      const Code = await codeSent(server())
      await update(token, { email, name: 'Name' })
      await server().client.send(
        new VerifyUserAttributeCommand({ AccessToken: token, AttributeName: 'email', Code }),
      )
      assert.equal((await shown('repeated')).email_verified, 'true')
    })

    test('both addresses, a code each', async () => {
      const here = await createPlace(server(), { AutoVerifiedAttributes: ['email', 'phone_number'] })
      const token = await tokenOf('both', {}, here)
      const answer = await update(token, { email: 'new@example.com', phone_number: phone })
      assert.deepEqual(answer.CodeDeliveryDetailsList, [byEmail('n***@e***'), bySms('+*******0123')])
      const [first, second, ...others] = await server().sent()
      assert.deepEqual(others, [])
      assert.deepEqual(
        [first, second],
        [emailTo('new@example.com', first?.code ?? ''), smsTo(phone, second?.code ?? '')],
      )
    })

    describe('where an address is verified before it changes', () => {
      let strict: Place
      before(async () => {
        strict = await createPlace(server(), {
          UsernameAttributes: ['email'],
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
      })

      test('the old one stays, with its flag and as a name to sign in with', async () => {
        const token = await tokenOf(email, { email_verified: 'true' }, strict)
        const answer = await update(token, { email: 'waiting@example.com', name: 'Name' })
        assert.deepEqual(answer.CodeDeliveryDetailsList, [byEmail('w***@e***')])
        const message = await messageSent(server())
        assert.equal(message.to, 'waiting@example.com')
        const { email: shownEmail, email_verified, name } = await shown(email, strict)
        assert.deepEqual([shownEmail, email_verified, name], [email, 'true', 'Name'])
        await tokensOf(server(), strict, email)
      })

      test('an address that is the name of another user is refused at once', async () => {
        await createUser(server(), strict.UserPoolId, 'taken@example.com', {})
        const token = await tokenOf('asking@example.com', {}, strict)
        await assert.rejects(
          update(token, { email: 'taken@example.com' }),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
        assert.deepEqual(await server().sent(), [])
      })

      test('one that the user never had waits too', async () => {
        const here = await createPlace(server(), {
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
        const token = await tokenOf('first', {}, here)
        await update(token, { email: 'first@example.com' })
        await messageSent(server())
        assert.deepEqual(Object.keys(await shown('first', here)), ['sub'])
      })
    })

    test('an address that is the username moves at once where nothing else is demanded', async () => {
      const here = await createPlace(server(), { UsernameAttributes: ['email'] })
      const token = await tokenOf('before@example.com', {}, here)
      await createUser(server(), here.UserPoolId, 'other@example.com', {})
      await assert.rejects(
        update(token, { email: 'other@example.com' }),
        refusal('AliasExistsException', 'An account with the email already exists.'),
      )
      await update(token, { email: 'after@example.com' })
      await messageSent(server())
      await tokensOf(server(), here, 'after@example.com')
      await assert.rejects(showUser(server(), here, 'before@example.com'), {
        name: 'UserNotFoundException',
      })
      await assert.rejects(
        update(token, { email: '' }),
        refusal('InvalidParameterException', 'Cannot delete the attribute that is the username: email.'),
      )
    })

    test('an alias that is not verified is no alias, and tells nothing of who has the address', async () => {
      const here = await createPlace(server(), { AliasAttributes: ['email', 'preferred_username'] })
      await confirmedUser(server(), here, 'holder', { email: 'held@example.com' })
      const token = await tokenOf('asking', { email, email_verified: 'true' }, here)
      await update(token, { email: 'held@example.com' })
      await messageSent(server())
      assert.equal((await showUser(server(), here, 'held@example.com')).Username, 'holder')
      await update(token, { preferred_username: 'nick' })
      assert.equal((await showUser(server(), here, 'nick')).Username, 'asking')
      const { AccessToken } = await tokensOf(server(), here, 'holder')
      await assert.rejects(
        update(AccessToken, { preferred_username: 'nick' }),
        refusal('AliasExistsException', 'An account with the preferred_username already exists.'),
      )
    })

    for (const name of ['email_verified', 'phone_number_verified', 'sub', 'dev:custom:secret']) {
      test(`${name} is not for users to write`, async () => {
        await assert.rejects(
          update(await tokenOf(`writing-${name.replaceAll(':', '-')}`), { [name]: 'true' }),
          unauthorized,
        )
      })
    }

    test('a client writes what it was given to write', async () => {
      const narrow = await clientOf(server(), place.UserPoolId, {
        WriteAttributes: ['name'],
        EnableTokenRevocation: false,
      })
      await createUser(server(), place.UserPoolId, 'narrow', verified)
      const { AccessToken } = await tokensOf(server(), narrow, 'narrow')
      await update(AccessToken, { name: 'Name' })
      await assert.rejects(update(AccessToken, { name: 'Other', nickname: 'N' }), unauthorized)
      assert.equal((await shown('narrow')).name, 'Name')
      await server().client.send(new DeleteUserPoolClientCommand(narrow))
      await assert.rejects(
        update(AccessToken, { name: 'Other' }),
        refusal('NotAuthorizedException', 'Invalid Access Token'),
      )
    })

    for (const [what, attributes, message] of [
      [
        'an attribute that nobody knows',
        { 'custom:none': 'x' },
        'Attributes did not conform to the schema: Type for attribute {custom:none} could not be determined',
      ],
      ['one that never changes', { 'custom:born': '1970' }, 'user.custom:born: Attribute cannot be updated.'],
      ['no email address', { email: 'none' }, 'Invalid email address format.'],
    ] as const) {
      test(`refuses ${what}`, async () => {
        await assert.rejects(
          update(await tokenOf(`refused-${what.replaceAll(' ', '-')}`), attributes),
          refusal('InvalidParameterException', message),
        )
      })
    }

    test('a required attribute cannot be taken away', async () => {
      const here = await createPlace(server(), { Schema: [{ Name: 'email', Required: true, Mutable: true }] })
      await assert.rejects(
        update(await tokenOf('required', verified, here), { email: '' }),
        refusal('InvalidParameterException', 'user.email: Required attribute cannot be deleted.'),
      )
    })

    test('what cannot be sent changes nothing', async () => {
      const mute = await createPlace(server(), {
        AutoVerifiedAttributes: ['phone_number', 'email'],
        LambdaConfig: { CustomMessage: lambda },
      })
      const token = await tokenOf('unheard', {}, mute)
      await assert.rejects(
        update(token, { email: 'new@example.com' }),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
      const plain = await createPlace(server(), { AutoVerifiedAttributes: ['phone_number'] })
      await takeSmsAway(server(), plain)
      const other = await tokenOf('unheard', {}, plain)
      await assert.rejects(
        update(other, { phone_number: phone }),
        refusal('InvalidParameterException', texts.undeliverable),
      )
      assert.deepEqual(Object.keys(await shown('unheard', plain)), ['sub'])
      await update(token, { name: 'Name' })
    })

    test('not by whoever must reset a password, is not confirmed or disabled', async () => {
      const { UserPoolId } = place
      const token = await tokenOf('reset')
      await server().client.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: 'reset' }))
      await codeSent(server())
      await assert.rejects(
        update(token, { name: 'N' }),
        refusal('PasswordResetRequiredException', texts.resetRequired),
      )
      const other = await tokenOf('unconfirmed')
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(
        update(other, { name: 'N' }),
        refusal('UserNotConfirmedException', texts.notConfirmed),
      )
      const third = await tokenOf('disabled')
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
      await assert.rejects(
        update(third, { name: 'N' }),
        refusal('NotAuthorizedException', 'Access Token has been revoked'),
      )
    })
  })
})
