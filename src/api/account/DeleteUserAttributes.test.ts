import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserAttributesCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  DeleteUserAttributesCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  changeUser,
  clientOf,
  codeSent,
  createPlace,
  type Place,
  showUser,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const verified = { email: 'who@example.com', email_verified: 'true' }
const unauthorized = refusal('NotAuthorizedException', texts.unauthorized)

describe('DeleteUserAttributes', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), {
        AliasAttributes: ['email'],
        Schema: [
          { Name: 'given_name', Required: true },
          { Name: 'born', AttributeDataType: 'String', Mutable: false },
        ],
      })
    })
    const remove = (AccessToken: string, ...UserAttributeNames: string[]) =>
      server().client.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }))
    async function tokenOf(name: string, attributes: Record<string, string> = verified) {
      await createUser(server(), place.UserPoolId, name, attributes)
      return (await tokensOf(server(), place, name)).AccessToken
    }

    test('takes them away, an address with its flag and alias', async () => {
      const token = await tokenOf('removing', { ...verified, nickname: 'N', name: 'Name' })
      const { $metadata: _, ...answer } = await remove(token, 'nickname', 'email', 'address')
      assert.deepEqual(answer, {})
      const { sub: __, ...attributes } = (await showUser(server(), place, 'removing')).attributes
      assert.deepEqual(attributes, { name: 'Name' })
      await assert.rejects(showUser(server(), place, verified.email), {
        name: 'UserNotFoundException',
      })
      assert.deepEqual(await server().sent(), [])
    })

    for (const by of ['the user', 'an administrator']) {
      test(`a code for an address that ${by} has taken away is void`, async () => {
        const strict = await createPlace(server(), {
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
        await createUser(server(), strict.UserPoolId, 'waiting', verified)
        const { AccessToken } = await tokensOf(server(), strict, 'waiting')
        await server().client.send(
          new UpdateUserAttributesCommand({
            AccessToken,
            UserAttributes: attributeList({ email: 'next@example.com' }),
          }),
        )
        const Code = await codeSent(server())
        if (by === 'the user') await remove(AccessToken, 'email')
        else {
          await server().client.send(
            new AdminDeleteUserAttributesCommand({
              UserPoolId: strict.UserPoolId,
              Username: 'waiting',
              UserAttributeNames: ['email'],
            }),
          )
        }
        await assert.rejects(
          server().client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })),
          refusal('ExpiredCodeException', texts.expired),
        )
      })
    }

    for (const name of ['sub', 'email_verified']) {
      test(`not ${name}`, async () => {
        await assert.rejects(remove(await tokenOf(`own-${name}`, {}), name), unauthorized)
      })
    }

    test('what the client may write, and no more', async () => {
      const WriteAttributes = ['given_name', 'nickname']
      const narrow = await clientOf(server(), place.UserPoolId, { WriteAttributes })
      await createUser(server(), place.UserPoolId, 'narrow', { nickname: 'N', name: 'Name' })
      const { AccessToken } = await tokensOf(server(), narrow, 'narrow')
      await assert.rejects(remove(AccessToken, 'nickname', 'name'), unauthorized)
      await remove(AccessToken, 'nickname')
      assert.equal((await showUser(server(), place, 'narrow')).attributes.name, 'Name')
    })

    for (const [name, message] of [
      ['custom:none', 'user.custom:none: Attribute does not exist in the schema.'],
      ['given_name', 'user.given_name: Required attribute cannot be deleted.'],
      ['custom:born', 'user.custom:born: Attribute cannot be updated.'],
    ] as const) {
      test(`not ${name}: ${message}`, async () => {
        const token = await tokenOf(`kept-${name.replace(':', '-')}`, { given_name: 'G' })
        await assert.rejects(remove(token, name), refusal('InvalidParameterException', message))
      })
    }

    test('not the number of a second factor', async () => {
      const token = await tokenOf('guarded', { phone_number: phone })
      await server().client.send(
        new AdminSetUserSettingsCommand({
          UserPoolId: place.UserPoolId,
          Username: 'guarded',
          MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }],
        }),
      )
      await assert.rejects(
        remove(token, 'phone_number'),
        refusal(
          'InvalidParameterException',
          'Cannot delete phone_number while SMS_MFA is enabled for the user.',
        ),
      )
    })

    test('not by whoever must reset a password or is not confirmed', async () => {
      const token = await tokenOf('reset', { ...verified, email: 'reset@example.com' })
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      await codeSent(server())
      await assert.rejects(
        remove(token, 'name'),
        refusal('PasswordResetRequiredException', texts.resetRequired),
      )
      const other = await tokenOf('unconfirmed', {})
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(remove(other, 'name'), refusal('UserNotConfirmedException', texts.notConfirmed))
    })
  })
})
