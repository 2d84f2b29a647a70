import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createPool, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { setLegacySms, setPassword, setStatus, showUser, sms } from '../../../test/sign-in.ts'

describe('ListUsers', () => {
  onEachStore((server) => {
    let UserPoolId: string
    before(async () => {
      UserPoolId = await createPool(server(), {
        Schema: [{ Name: 'role', AttributeDataType: 'String' }],
      })
      const people: Record<string, Record<string, string>> = {
        ada: { given_name: 'Ada', family_name: 'Lovelace', email: 'ada@example.com', phone_number: phone },
        Adam: { given_name: 'Adam', name: 'Adam "Ant" Smith', preferred_username: 'ant' },
        bob: { given_name: 'Bob', name: 'back\\slash', email: 'bob@example.org' },
        carol: { given_name: 'Carol', name: '100% _sure_', email: 'carol@example.com' },
        дмитрий: { given_name: 'Дмитрий', name: '😀 smile' },
      }
      for (const [name, attributes] of Object.entries(people)) {
        await createUser(server(), UserPoolId, name, attributes)
      }
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'bob' }))
      await setPassword(server(), UserPoolId, 'carol', 'Correct-horse-9', false)
      await setStatus(server(), UserPoolId, 'Adam', 'UNCONFIRMED')
    })
    const list = (input: Partial<ListUsersCommandInput> = {}) =>
      server().client.send(new ListUsersCommand({ UserPoolId, ...input }))
    const found = async (Filter: string) => (await list({ Filter })).Users?.map(({ Username }) => Username)
    const everybody = ['Adam', 'ada', 'bob', 'carol', 'дмитрий']

    test('shows every user as they are, in order of name', async () => {
      await setLegacySms(server(), UserPoolId, 'ada')
      const { Users = [], PaginationToken, $metadata: _, ...others } = await list()
      assert.deepEqual([PaginationToken, others], [undefined, {}])
      assert.deepEqual(
        Users.map(({ Username }) => Username),
        everybody,
      )
      const shown = await showUser(server(), UserPoolId, 'ada')
      assert.deepEqual(Users[1], {
        Username: 'ada',
        Attributes: shown.UserAttributes,
        UserCreateDate: shown.UserCreateDate,
        UserLastModifiedDate: shown.UserLastModifiedDate,
        Enabled: true,
        UserStatus: 'CONFIRMED',
        MFAOptions: sms,
      })
      assert.deepEqual(
        Users.map(({ Enabled, UserStatus }) => [Enabled, UserStatus]),
        [
          [true, 'UNCONFIRMED'],
          [true, 'CONFIRMED'],
          [false, 'CONFIRMED'],
          [true, 'FORCE_CHANGE_PASSWORD'],
          [true, 'CONFIRMED'],
        ],
      )
      assert.deepEqual(
        Users.map((user) => 'MFAOptions' in user),
        [false, true, false, false, false],
      )
    })

    test('an empty pool has an empty list', async () => {
      const { Users, PaginationToken } = await list({ UserPoolId: await createPool(server()) })
      assert.deepEqual([Users, PaginationToken], [[], undefined])
    })

    describe('a filter', () => {
      for (const [filter, names] of [
        ['', everybody],
        ['  ', everybody],
        ['username = "ada"', ['ada']],
        ['username = "ADA"', []],
        ['username ^= "a"', ['ada']],
        ['username ^= "A"', ['Adam']],
        ['username ^= ""', everybody],
        ['username ^= "дм"', ['дмитрий']],
        ['email = "bob@example.org"', ['bob']],
        ['email ^= "bob@"', ['bob']],
        ['email ^= "example.com"', []],
        [`phone_number = "${phone}"`, ['ada']],
        ['phone_number ^= "+1555"', ['ada']],
        ['given_name = "Ada"', ['ada']],
        // In order of what begins so, and not of the names of those it belongs to.
        ['given_name ^= "Ada"', ['ada', 'Adam']],
        ['given_name = "ada"', []],
        ['family_name = "Lovelace"', ['ada']],
        ['preferred_username ^= "an"', ['Adam']],
        ['name ^= "100% _"', ['carol']],
        ['name ^= "1%"', []],
        ['name ^= "😀"', ['дмитрий']],
        ['name = "Adam \\"Ant\\" Smith"', ['Adam']],
        ['name ^= "Adam \\""', ['Adam']],
        ['name = "back\\\\slash"', ['bob']],
        ['name = "nobody"', []],
        ['cognito:user_status = "CONFIRMED"', ['ada', 'bob', 'дмитрий']],
        ['cognito:user_status = "confirmed"', ['ada', 'bob', 'дмитрий']],
        ['cognito:user_status = "Force_Change_Password"', ['carol']],
        ['cognito:user_status ^= "un"', ['Adam']],
        ['cognito:user_status = "nothing"', []],
        ['status = "Enabled"', ['Adam', 'ada', 'carol', 'дмитрий']],
        ['status = "Disabled"', ['bob']],
        ['status = "enabled"', []],
        ['status ^= "Dis"', ['bob']],
        ['status ^= ""', everybody],
        ['status = ""', []],
        ['  given_name="Ada"  ', ['ada']],
        ['"given_name" = "Ada"', ['ada']],
      ] as const) {
        test(filter === '' ? 'that is empty' : filter, async () => {
          assert.deepEqual(await found(filter), names)
        })
      }

      test('by sub', async () => {
        const { sub = '' } = (await showUser(server(), UserPoolId, 'carol')).attributes
        assert.deepEqual(await found(`sub = "${sub}"`), ['carol'])
        assert.deepEqual(await found(`sub ^= "${sub.slice(0, 30)}"`), ['carol'])
      })

      for (const filter of [
        'given_name',
        'given_name = Ada',
        'given_name = "Ada',
        'given_name = Ada"',
        "given_name = 'Ada'",
        'given_name == "Ada"',
        'given_name $= "Ada"',
        'given_name = "Ada" and family_name = "Lovelace"',
        'given_name = "A"da"',
        'given_name = "Ada\\"',
        '= "Ada"',
        '"Ada"',
      ]) {
        test(`that cannot be read: ${filter}`, async () => {
          await assert.rejects(
            list({ Filter: filter }),
            refusal('InvalidParameterException', 'Error while parsing filter'),
          )
        })
      }

      for (const name of ['custom:role', 'email_verified', 'nickname', 'Username', 'enabled']) {
        test(`by ${name}, which is not searchable`, async () => {
          await assert.rejects(
            list({ Filter: `${name} = "x"` }),
            refusal('InvalidParameterException', `Invalid search attribute: ${name}`),
          )
        })
      }

      test('of at most 256 characters', async () => {
        const longest = `name = "${'x'.repeat(247)}"`
        assert.deepEqual(await found(longest), [])
        await assert.rejects(
          found(`${longest} `),
          refusal(
            'InvalidParameterException',
            `1 validation error detected: Value '${longest} ' at 'filter' failed to satisfy constraint: Member must have length less than or equal to 256`,
          ),
        )
      })
    })

    describe('pages', () => {
      /** Follows the tokens to the end. */
      async function pages(input: Partial<ListUsersCommandInput>, between = async (_page: number) => {}) {
        const names: (string | undefined)[][] = []
        let PaginationToken: string | undefined
        do {
          const page = await list({ ...input, PaginationToken })
          names.push((page.Users ?? []).map(({ Username }) => Username))
          PaginationToken = page.PaginationToken
          await between(names.length)
        } while (PaginationToken !== undefined)
        return names
      }

      test('of a size, one after the other, each user once', async () => {
        assert.deepEqual(await pages({ Limit: 2 }), [['Adam', 'ada'], ['bob', 'carol'], ['дмитрий']])
        assert.deepEqual(await pages({ Limit: 5 }), [everybody])
        assert.deepEqual(await pages({ Limit: 4 }), [everybody.slice(0, 4), everybody.slice(4)])
        assert.deepEqual(await pages({ Limit: 1, Filter: 'given_name ^= "Ada"' }), [['ada'], ['Adam']])
        assert.deepEqual(await pages({ Limit: 1, Filter: 'email ^= ""' }), [['ada'], ['bob'], ['carol']])
        assert.deepEqual(await pages({ Limit: 2, Filter: 'cognito:user_status ^= "C"' }), [
          ['ada', 'bob'],
          ['дмитрий'],
        ])
        const bySub = await pages({ Limit: 2, Filter: 'sub ^= ""' })
        assert.deepEqual(bySub.flat().toSorted(), everybody)
      })

      test('of sixty where nothing or zero is said', async () => {
        const pool = await createPool(server())
        const names = Array.from({ length: 61 }, (_, index) => `user-${100 + index}`)
        for (const Username of names) {
          const invite = { UserPoolId: pool, Username, MessageAction: 'SUPPRESS' as const }
          await server().client.send(new AdminCreateUserCommand(invite))
        }
        for (const input of [{}, { Limit: 0 }, { Limit: 60 }]) {
          assert.deepEqual(await pages({ UserPoolId: pool, ...input }), [names.slice(0, 60), names.slice(60)])
        }
      })

      test('that go on where they were, whoever comes and goes in between', async () => {
        const pool = await createPool(server())
        for (const name of ['b', 'd', 'f', 'h']) await createUser(server(), pool, name, {})
        const seen = await pages({ UserPoolId: pool, Limit: 2 }, async (page) => {
          if (page > 1) return
          for (const name of ['a', 'e']) await createUser(server(), pool, name, {})
          for (const Username of ['d', 'f'])
            await server().client.send(new AdminDeleteUserCommand({ UserPoolId: pool, Username }))
        })
        assert.deepEqual(seen, [
          ['b', 'd'],
          ['e', 'h'],
        ])
      })

      test('of a prefix, too, though a name changes that they are in order of', async () => {
        const pool = await createPool(server())
        for (const [name, family_name] of ['b', 'd', 'f', 'h'].map((name) => [name, `K${name}`] as const))
          await createUser(server(), pool, name, { family_name })
        const input = { UserPoolId: pool, Limit: 2, Filter: 'family_name ^= "K"' }
        const seen = await pages(input, async (page) => {
          if (page > 1) return
          await createUser(server(), pool, 'first', { family_name: 'Ka' })
          await createUser(server(), pool, 'a', { family_name: 'Ke' })
          await server().client.send(new AdminDeleteUserCommand({ UserPoolId: pool, Username: 'd' }))
          await server().client.send(
            new AdminUpdateUserAttributesCommand({
              UserPoolId: pool,
              Username: 'f',
              UserAttributes: [{ Name: 'family_name', Value: 'Kz' }],
            }),
          )
        })
        assert.deepEqual(seen, [['b', 'd'], ['a', 'h'], ['f']])
      })

      test('whose token is of this pool and this filter only', async () => {
        const other = await createPool(server())
        const { PaginationToken = '' } = await list({ Limit: 1 })
        const filtered = await list({ Limit: 1, Filter: 'given_name ^= "Ada"' })
        const refused = refusal('InvalidParameterException', 'Invalid pagination token.')
        for (const input of [
          { UserPoolId: other, PaginationToken },
          { Filter: 'status = "Enabled"', PaginationToken },
          { PaginationToken: filtered.PaginationToken },
          { Filter: 'given_name ^= "Adam"', PaginationToken: filtered.PaginationToken },
          { PaginationToken: 'ada' },
          { PaginationToken: `${PaginationToken}x` },
        ]) {
          await assert.rejects(list(input), refused)
        }
        assert.deepEqual((await list({ Limit: 2, PaginationToken })).Users?.length, 2)
        assert.ok(!PaginationToken.includes('Adam'))
      })
    })

    describe('AttributesToGet', () => {
      test('shows those and no others', async () => {
        const AttributesToGet = ['given_name', 'sub']
        const { Users = [] } = await list({ AttributesToGet })
        for (const { Attributes, UserStatus, UserCreateDate } of Users) {
          assert.deepEqual(Object.keys(attributesIn(Attributes)), AttributesToGet)
          assert.ok(UserStatus && UserCreateDate)
        }
        assert.equal(Users.length, 5)
        const all = await list({ AttributesToGet: [] })
        assert.deepEqual(Object.keys(attributesIn(all.Users?.[1]?.Attributes)), [
          'email',
          'family_name',
          'given_name',
          'phone_number',
          'sub',
        ])
      })

      test('refuses what some user of the page does not have', async () => {
        const AttributesToGet = ['given_name', 'email']
        const refused = refusal(
          'InvalidParameterException',
          'One or more of the users has no value for an attribute in AttributesToGet.',
        )
        await assert.rejects(list({ AttributesToGet }), refused)
        const { Users = [] } = await list({ AttributesToGet, Filter: 'email ^= ""' })
        assert.deepEqual(
          Users.map(({ Attributes }) => attributesIn(Attributes).email),
          ['ada@example.com', 'bob@example.org', 'carol@example.com'],
        )
      })

      test('refuses what the schema does not know', async () => {
        await assert.rejects(
          list({ AttributesToGet: ['given_name', 'custom:foo', 'bar'] }),
          refusal(
            'InvalidParameterException',
            'Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\nuser.bar: Attribute does not exist in the schema.\n',
          ),
        )
      })
    })

    test('a pool that is not there, a page that is too long, no signature', async () => {
      await assert.rejects(
        list({ UserPoolId: 'us-east-1_Absent123' }),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      await assert.rejects(
        list({ Limit: 61 }),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
        ),
      )
      const { body } = await callRaw(server(), 'ListUsers', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })
  })
})
