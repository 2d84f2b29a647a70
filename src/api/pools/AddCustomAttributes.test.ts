import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AddCustomAttributesCommand,
  AdminCreateUserCommand,
  type SchemaAttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { freshSchema, invalid, loseEveryRace, lostEveryRace, showPool } from '../../../test/pools.ts'
import { showUser } from '../../../test/sign-in.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('AddCustomAttributes', () => {
  onEachStore((server) => {
    const add = (UserPoolId: string, ...CustomAttributes: SchemaAttributeType[]) =>
      server().client.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }))
    const schemaOf = async (UserPoolId: string) => (await showPool(server(), UserPoolId)).SchemaAttributes
    const many = (prefix: string, count: number): SchemaAttributeType[] =>
      Array.from({ length: count }, (_, index) => ({
        Name: `${prefix}${index}`,
        AttributeDataType: 'String',
      }))

    test('shows what was said, and what was not as it is without', async () => {
      const UserPoolId = await createPool(server())
      const before = await showPool(server(), UserPoolId)
      server().clock.now += 60_000
      const everything = {
        AttributeDataType: 'String',
        StringAttributeConstraints: { MinLength: '2', MaxLength: '5' },
        DeveloperOnlyAttribute: false,
        Mutable: true,
        Required: false,
      } satisfies SchemaAttributeType
      const { $metadata: _, ...output } = await add(
        UserPoolId,
        { Name: 'text', ...everything },
        { Name: 'number', AttributeDataType: 'Number' },
        { Name: 'flag', AttributeDataType: 'Boolean', DeveloperOnlyAttribute: true },
      )
      assert.deepEqual(output, {})
      const plain = { DeveloperOnlyAttribute: false, Mutable: false, Required: false }
      assert.deepEqual(await showPool(server(), UserPoolId), {
        ...before,
        LastModifiedDate: new Date(server().clock.now),
        SchemaAttributes: [
          ...freshSchema,
          { Name: 'custom:text', ...everything },
          { Name: 'custom:number', AttributeDataType: 'Number', NumberAttributeConstraints: {}, ...plain },
          {
            Name: 'dev:custom:flag',
            AttributeDataType: 'Boolean',
            ...plain,
            DeveloperOnlyAttribute: true,
          },
        ],
      })
    })

    test('users have them at once, within their bounds', async () => {
      const UserPoolId = await createPool(server())
      await add(UserPoolId, {
        Name: 'team',
        AttributeDataType: 'String',
        StringAttributeConstraints: { MaxLength: '3' },
      })
      const create = (Username: string, Value: string) =>
        server().client.send(
          new AdminCreateUserCommand({
            UserPoolId,
            Username,
            UserAttributes: [{ Name: 'custom:team', Value }],
            MessageAction: 'SUPPRESS',
          }),
        )
      const { User } = await create('one', 'red')
      assert.equal(attributesIn(User?.Attributes)['custom:team'], 'red')
      assert.equal((await showUser(server(), UserPoolId, 'one')).attributes['custom:team'], 'red')
      await assert.rejects(
        create('two', 'blue'),
        invalid(
          'Attributes did not conform to the schema: custom:team: String must be no longer than 3 characters',
        ),
      )
    })

    test('25 at a time, 50 in a pool', async () => {
      const UserPoolId = await createPool(server())
      await assert.rejects(add(UserPoolId, ...many('x', 26)), (error: Error) => {
        assert.equal(error.name, 'InvalidParameterException')
        assert.match(error.message, /at 'customAttributes' .* less than or equal to 25$/)
        return true
      })
      await add(UserPoolId, ...many('a', 25))
      await add(UserPoolId, ...many('b', 24))
      const full = invalid('A user pool can have at most 50 custom attributes.')
      await assert.rejects(add(UserPoolId, ...many('c', 2)), full)
      await add(UserPoolId, ...many('d', 1))
      await assert.rejects(add(UserPoolId, ...many('e', 1)), full)
      assert.equal((await schemaOf(UserPoolId))?.length, freshSchema.length + 50)
    })

    test('refuses a name that is there, and adds none of the request', async () => {
      const UserPoolId = await createPool(server(), {
        Schema: [{ Name: 'team', AttributeDataType: 'String' }],
      })
      const before = await schemaOf(UserPoolId)
      await assert.rejects(
        add(UserPoolId, ...many('new', 1), { Name: 'team', AttributeDataType: 'Number' }),
        invalid('custom:team: Existing attribute already has name custom:team.'),
      )
      assert.deepEqual(await schemaOf(UserPoolId), before)
    })

    test('a developer’s attribute is another', async () => {
      const UserPoolId = await createPool(server())
      const team = { Name: 'team', AttributeDataType: 'String' } as const
      await add(UserPoolId, team, { ...team, DeveloperOnlyAttribute: true })
      assert.deepEqual(
        (await schemaOf(UserPoolId))?.slice(-2).map(({ Name }) => Name),
        ['custom:team', 'dev:custom:team'],
      )
    })

    test('attributes added at the same time are all there', async () => {
      const UserPoolId = await createPool(server())
      const names = ['a', 'b', 'c', 'd']
      await Promise.all(names.map((Name) => add(UserPoolId, { Name, AttributeDataType: 'String' })))
      const added = (await schemaOf(UserPoolId))?.slice(freshSchema.length).map(({ Name }) => Name)
      assert.deepEqual(
        added?.toSorted(),
        names.map((name) => `custom:${name}`),
      )
    })

    test('one who loses every race is told so', async (t) => {
      const UserPoolId = await createPool(server())
      const { pools } = server().app.store
      loseEveryRace(t, pools, ({ id }) => pools.find(id))
      await assert.rejects(add(UserPoolId, ...many('late', 1)), lostEveryRace)
    })

    poolMustExist(server, (UserPoolId) => add(UserPoolId, ...many('x', 1)))
  })
})
