import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributeList, createPool, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  codeSent,
  createMfaPool,
  emailFactor,
  enableFactors,
  setLegacySms,
  setStatus,
  showUser,
  smsFactor,
} from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

type Attributes = Readonly<Record<string, string>>

describe('AdminUpdateUserAttributes', () => {
  onUserSuite('AdminUpdateUserAttributes', (client, UserPoolId, Username) =>
    client.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: [] })),
  )

  onEachStore((server) => {
    let UserPoolId: string
    before(async () => {
      UserPoolId = await newPool({ AliasAttributes: ['email', 'phone_number', 'preferred_username'] })
    })
    const newPool = (input: Partial<CreateUserPoolCommandInput> = {}) =>
      createPool(server(), {
        ...input,
        Schema: [
          { Name: 'given_name', AttributeDataType: 'String', Required: true, Mutable: true },
          { Name: 'role', AttributeDataType: 'String', Mutable: false },
          {
            Name: 'level',
            AttributeDataType: 'Number',
            Mutable: true,
            NumberAttributeConstraints: { MaxValue: '10' },
          },
          {
            Name: 'code',
            AttributeDataType: 'String',
            Mutable: true,
            StringAttributeConstraints: { MinLength: '2', MaxLength: '3' },
          },
          { Name: 'since', AttributeDataType: 'DateTime', Mutable: true },
          { Name: 'member', AttributeDataType: 'Boolean', Mutable: true },
          { Name: 'note', AttributeDataType: 'String', Mutable: true, DeveloperOnlyAttribute: true },
        ],
      })
    const update = (Username: string, attributes: Attributes, pool = UserPoolId) =>
      server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: pool,
          Username,
          UserAttributes: attributeList(attributes),
        }),
      )
    const attributesOf = async (name: string, pool = UserPoolId) => {
      const { sub: _, ...attributes } = (await showUser(server(), pool, name)).attributes
      return attributes
    }

    test('changes what is named, leaves the rest, and answers an empty structure', async () => {
      await createUser(server(), UserPoolId, 'changed', { name: 'Ada', nickname: 'A' })
      const { sub } = (await showUser(server(), UserPoolId, 'changed')).attributes
      server().clock.now += 1000
      const { $metadata, ...output } = await update('changed', { name: 'Grace', 'custom:level': '7' })
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      assert.deepEqual(await attributesOf('changed'), { name: 'Grace', nickname: 'A', 'custom:level': '7' })
      const after = await showUser(server(), UserPoolId, 'changed')
      assert.equal(after.attributes.sub, sub)
      assert.equal(after.UserLastModifiedDate?.getTime(), server().clock.now)
      assert.deepEqual(await server().sent(), [])
    })

    test('removes what has no value; a flag goes with its address, and nothing else goes', async () => {
      await createUser(server(), UserPoolId, 'removed', {
        name: 'Ada',
        email: 'removed@example.com',
        email_verified: 'true',
        phone_number: phone,
        phone_number_verified: 'false',
      })
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username: 'removed',
          UserAttributes: [{ Name: 'name' }, { Name: 'email', Value: '' }, { Name: 'nickname', Value: '' }],
        }),
      )
      assert.deepEqual(await attributesOf('removed'), {
        phone_number: phone,
        phone_number_verified: 'false',
      })
      await assert.rejects(showUser(server(), UserPoolId, 'removed@example.com'), {
        name: 'UserNotFoundException',
      })
    })

    test('the last of a name that is given twice wins', async () => {
      await createUser(server(), UserPoolId, 'twice', {})
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username: 'twice',
          UserAttributes: [
            { Name: 'name', Value: 'first' },
            { Name: 'name', Value: 'second' },
          ],
        }),
      )
      assert.deepEqual(await attributesOf('twice'), { name: 'second' })
    })

    describe('an address', () => {
      for (const [name, one, two] of [
        ['email', 'one@example.com', 'two@example.com'],
        ['phone_number', '+15555550170', '+15555550171'],
      ] as const) {
        const flag = `${name}_verified`
        test(`${name} that changes is no longer verified, unless the same request says so`, async () => {
          const user = `moving-${name}`
          await createUser(server(), UserPoolId, user, { [name]: one, [flag]: 'true' })
          await update(user, { [name]: one })
          assert.deepEqual(await attributesOf(user), { [name]: one, [flag]: 'true' })
          await update(user, { [name]: two })
          assert.deepEqual(await attributesOf(user), { [name]: two, [flag]: 'false' })
          await assert.rejects(showUser(server(), UserPoolId, two), { name: 'UserNotFoundException' })
          await update(user, { [name]: one, [flag]: 'true' })
          assert.equal((await showUser(server(), UserPoolId, one)).Username, user)
          await update(user, { [flag]: 'false' })
          await assert.rejects(showUser(server(), UserPoolId, one), { name: 'UserNotFoundException' })
        })
      }

      test('that somebody else signs in with cannot be verified a second time', async () => {
        const taken = { email: 'taken@example.com', email_verified: 'true' }
        await createUser(server(), UserPoolId, 'holder', taken)
        await createUser(server(), UserPoolId, 'rival', { name: 'Before' })
        await assert.rejects(
          update('rival', { ...taken, name: 'After' }),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
        assert.deepEqual(await attributesOf('rival'), { name: 'Before' })
        await update('rival', { email: 'taken@example.com' })
        await assert.rejects(
          update('rival', { email_verified: 'true' }),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
        assert.equal((await showUser(server(), UserPoolId, 'taken@example.com')).Username, 'holder')
      })

      test('that is the username moves with the attribute, and is taken once', async () => {
        const pool = await newPool({ UsernameAttributes: ['email'] })
        for (const name of ['first@example.com', 'second@example.com'])
          await createUser(server(), pool, name, {})
        const { Username } = await showUser(server(), pool, 'first@example.com')
        await update('first@example.com', { email: 'moved@example.com' }, pool)
        assert.equal((await showUser(server(), pool, 'moved@example.com')).Username, Username)
        await assert.rejects(showUser(server(), pool, 'first@example.com'), { name: 'UserNotFoundException' })
        await assert.rejects(
          update('second@example.com', { email: 'moved@example.com' }, pool),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
        await assert.rejects(
          update('second@example.com', { email: '' }, pool),
          refusal('InvalidParameterException', 'Cannot delete the attribute that is the username: email.'),
        )
      })

      test('that must be verified before it changes waits, where nobody vouches for it', async () => {
        const pool = await newPool({
          AutoVerifiedAttributes: ['email'],
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        })
        await createUser(server(), pool, 'held', { email: 'held@example.com', email_verified: 'true' })
        for (const flag of [{}, { email_verified: 'false' }] as Attributes[]) {
          await update('held', { email: 'next@example.com', ...flag }, pool)
          assert.deepEqual(await attributesOf('held', pool), {
            email: 'held@example.com',
            email_verified: 'true',
          })
          await codeSent(server())
        }
        await update('held', { email: 'held@example.com', phone_number: phone, name: 'Ada' }, pool)
        await update('held', { email: 'next@example.com', email_verified: 'true' }, pool)
        assert.equal((await attributesOf('held', pool)).email, 'next@example.com')
        assert.deepEqual(await server().sent(), [])
      })

      test('that a second factor needs cannot be removed', async () => {
        const config = { MfaConfiguration: 'OPTIONAL' as const, ...smsFactor, ...emailFactor }
        const pool = await createMfaPool(server(), config)
        const reachable = { email: 'reached@example.com', phone_number: phone }
        for (const name of ['legacy', 'enabled', 'mailed']) await createUser(server(), pool, name, reachable)
        await setLegacySms(server(), pool, 'legacy')
        await enableFactors(server(), pool, 'enabled', 'SMS')
        await enableFactors(server(), pool, 'mailed', 'EMAIL')
        for (const [user, attribute, factor] of [
          ['legacy', 'phone_number', 'SMS_MFA'],
          ['enabled', 'phone_number', 'SMS_MFA'],
          ['mailed', 'email', 'EMAIL_OTP'],
        ] as const) {
          await assert.rejects(
            update(user, { [attribute]: '' }, pool),
            refusal(
              'InvalidParameterException',
              `Cannot delete ${attribute} while ${factor} is enabled for the user.`,
            ),
          )
        }
        await update('legacy', { email: '' }, pool)
        await update('mailed', { phone_number: '' }, pool)
      })
    })

    test('a preferred username, which is an alias, waits until the user is confirmed', async () => {
      await createUser(server(), UserPoolId, 'unconfirmed', {})
      await setStatus(server(), UserPoolId, 'unconfirmed', 'UNCONFIRMED')
      await assert.rejects(
        update('unconfirmed', { preferred_username: 'early' }),
        refusal(
          'InvalidParameterException',
          'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
        ),
      )
      await update('unconfirmed', { name: 'Ada', preferred_username: '' })
      await setStatus(server(), UserPoolId, 'unconfirmed', 'CONFIRMED')
      await update('unconfirmed', { preferred_username: 'early' })
      assert.equal((await showUser(server(), UserPoolId, 'early')).Username, 'unconfirmed')
    })

    describe('what does not fit is refused, and nothing changes', () => {
      const schema = (text: string) => `Attributes did not conform to the schema: ${text}`
      for (const [what, attributes, text] of [
        [
          'an unknown attribute',
          { 'custom:unknown': 'x' },
          schema('Type for attribute {custom:unknown} could not be determined'),
        ],
        ['the sub', { sub: 'x' }, 'user.sub: Attribute cannot be updated.'],
        ['identities', { identities: '[]' }, 'user.identities: Attribute cannot be updated.'],
        ['an immutable attribute', { 'custom:role': 'x' }, 'user.custom:role: Attribute cannot be updated.'],
        [
          'removing an immutable attribute',
          { 'custom:role': '' },
          'user.custom:role: Attribute cannot be updated.',
        ],
        [
          'removing a required attribute',
          { given_name: '' },
          'user.given_name: Required attribute cannot be deleted.',
        ],
        [
          'text that is too short',
          { 'custom:code': 'x' },
          schema('custom:code: String must be longer than or equal to 2 characters'),
        ],
        [
          'text that is too long',
          { 'custom:code': 'long' },
          schema('custom:code: String must be no longer than 3 characters'),
        ],
        ['no number', { 'custom:level': 'x' }, schema('custom:level: Attribute value is not a number')],
        [
          'too great a number',
          { 'custom:level': '11' },
          schema('custom:level: Number must be less than or equal to 10'),
        ],
        ['no flag', { email_verified: 'yes' }, schema('email_verified: Attribute value is not a boolean')],
        ['no date', { 'custom:since': 'soon' }, schema('custom:since: Attribute value is not a date')],
        [
          'several at once',
          { 'custom:level': 'x', 'custom:code': 'x' },
          schema(
            'custom:level: Attribute value is not a number\ncustom:code: String must be longer than or equal to 2 characters',
          ),
        ],
        ['no email address', { email: 'nobody' }, 'Invalid email address format.'],
        ['no phone number', { phone_number: '5555550123' }, 'Invalid phone number format.'],
      ] as const satisfies [string, Attributes, string][]) {
        test(what, async () => {
          const name = `unfit-${what.replaceAll(' ', '-')}`
          await createUser(server(), UserPoolId, name, { given_name: 'Ada', 'custom:role': 'red' })
          await assert.rejects(
            update(name, { nickname: 'A', ...attributes }),
            refusal('InvalidParameterException', text),
          )
          assert.deepEqual(await attributesOf(name), { given_name: 'Ada', 'custom:role': 'red' })
        })
      }
    })

    test('an attribute for developers only is written here and read back', async () => {
      await createUser(server(), UserPoolId, 'noted', {})
      await update('noted', { 'dev:custom:note': 'careful' })
      assert.deepEqual(await attributesOf('noted'), { 'dev:custom:note': 'careful' })
    })

    test('works on disabled users, and says nothing of the values in a violation', async () => {
      await createUser(server(), UserPoolId, 'disabled', {})
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
      await update('disabled', { name: 'Ada' })
      assert.deepEqual(await attributesOf('disabled'), { name: 'Ada' })
      await assert.rejects(
        update('disabled', { name: 'x'.repeat(2049) }),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048",
        ),
      )
    })
  })
})
