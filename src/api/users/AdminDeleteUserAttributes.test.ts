import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { AdminDeleteUserAttributesCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPool, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { setLegacySms, showUser } from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminDeleteUserAttributes', () => {
  onUserSuite('AdminDeleteUserAttributes', (client, UserPoolId, Username) =>
    client.send(new AdminDeleteUserAttributesCommand({ UserPoolId, Username, UserAttributeNames: [] })),
  )

  onEachStore((server) => {
    let UserPoolId: string
    before(async () => {
      const text = 'String' as const
      UserPoolId = await createPool(server(), {
        AliasAttributes: ['email'],
        Schema: [
          { Name: 'given_name', AttributeDataType: text, Required: true, Mutable: true },
          { Name: 'role', AttributeDataType: text, Mutable: false },
          { Name: 'check', AttributeDataType: text, Mutable: true },
          { Name: 'check_verified', AttributeDataType: text, Mutable: true },
        ],
      })
    })
    const remove = (Username: string, UserAttributeNames: string[], pool = UserPoolId) =>
      server().client.send(
        new AdminDeleteUserAttributesCommand({ UserPoolId: pool, Username, UserAttributeNames }),
      )
    const namesOf = async (name: string) =>
      Object.keys((await showUser(server(), UserPoolId, name)).attributes).filter((name) => name !== 'sub')

    test('removes what is named, and answers an empty structure', async () => {
      await createUser(server(), UserPoolId, 'removed', {
        name: 'Ada',
        nickname: 'A',
        email: 'removed@example.com',
        email_verified: 'true',
        'custom:check': 'x',
        'custom:check_verified': 'y',
      })
      server().clock.now += 1000
      const { $metadata, ...output } = await remove('removed', ['name', 'email', 'custom:check'])
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      assert.deepEqual(await namesOf('removed'), ['custom:check_verified', 'nickname'])
      const { UserLastModifiedDate } = await showUser(server(), UserPoolId, 'removed')
      assert.equal(UserLastModifiedDate?.getTime(), server().clock.now)
    })

    test('an address that is removed is an alias no more, and free for others', async () => {
      const verified = { email: 'freed@example.com', email_verified: 'true' }
      await createUser(server(), UserPoolId, 'before', verified)
      await remove('before', ['email'])
      await assert.rejects(showUser(server(), UserPoolId, 'freed@example.com'), {
        name: 'UserNotFoundException',
      })
      await createUser(server(), UserPoolId, 'after', verified)
      assert.equal((await showUser(server(), UserPoolId, 'freed@example.com')).Username, 'after')
    })

    test('what the user does not have is no fault', async () => {
      await createUser(server(), UserPoolId, 'bare', { name: 'Ada' })
      await remove('bare', ['nickname', 'nickname', 'custom:check'])
      assert.deepEqual(await namesOf('bare'), ['name'])
    })

    for (const [what, name, text] of [
      [
        'an unknown attribute',
        'custom:unknown',
        'user.custom:unknown: Attribute does not exist in the schema.',
      ],
      ['a required attribute', 'given_name', 'user.given_name: Required attribute cannot be deleted.'],
      ['the sub', 'sub', 'user.sub: Required attribute cannot be deleted.'],
      ['an immutable attribute', 'custom:role', 'user.custom:role: Attribute cannot be updated.'],
      [
        'the phone number of SMS MFA',
        'phone_number',
        'Cannot delete phone_number while SMS_MFA is enabled for the user.',
      ],
    ] as const) {
      test(`${what} cannot be removed, and nothing is`, async () => {
        const user = `keeping-${name.replace(':', '-')}`
        const attributes = { given_name: 'Ada', name: 'A', 'custom:role': 'red', phone_number: phone }
        await createUser(server(), UserPoolId, user, attributes)
        await setLegacySms(server(), UserPoolId, user)
        await assert.rejects(remove(user, ['name', name]), refusal('InvalidParameterException', text))
        assert.deepEqual(await namesOf(user), Object.keys(attributes).toSorted())
      })
    }

    test('nor can the last attribute that is the username', async () => {
      const pool = await createPool(server(), { UsernameAttributes: ['email', 'phone_number'] })
      await createUser(server(), pool, 'both@example.com', { phone_number: phone })
      await remove('both@example.com', ['email'], pool)
      await assert.rejects(
        remove(phone, ['phone_number'], pool),
        refusal(
          'InvalidParameterException',
          'Cannot delete the attribute that is the username: email, phone_number.',
        ),
      )
    })
  })
})
