import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { brandingAt, type Place } from '../../../test/branding.ts'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'
import { links, termsAt } from '../../../test/terms.ts'

const caller = (name: string, ...statements: [effect: 'Allow' | 'Deny', action: string][]) => ({
  name,
  accessKeys: [{ id: `KEY${name}`, secret: `secret of ${name}` }],
  policies: [
    {
      Version: '2012-10-17',
      Statement: statements.map(([Effect, action]) => ({
        Effect,
        Action: `cognito-idp:${action}`,
        Resource: '*',
      })),
    },
  ],
})

describe('DescribeTermsByClient', () => {
  onEachStore(
    (server) => {
      const { place, beside } = brandingAt(server)
      const { create, ofClient } = termsAt(server)
      let home: Place
      before(async () => {
        home = await place()
        await create(home)
      })

      test("shows the client's own, by name", async () => {
        const there = await beside(home)
        const other = await create(there, 'terms-of-use', {
          Links: { ...links, 'cognito:german': 'https://example.com/de' },
        })
        const privacy = await create(there, 'privacy-policy')
        assert.deepEqual(await ofClient(there, 'terms-of-use'), other)
        assert.deepEqual(await ofClient(there, 'privacy-policy'), privacy)
      })

      test('a name that the client has none of', async () => {
        for (const name of ['privacy-policy', 'Terms-of-use', '']) {
          await assert.rejects(
            ofClient(home, name),
            refusal('ResourceNotFoundException', `Terms ${name} for client ${home.ClientId} do not exist.`),
          )
        }
      })

      test('is allowed and denied as DescribeTerms, which is its action in policies', async () => {
        const as = (name: string) =>
          termsAt(() => ({ client: server().as(`KEY${name}`, `secret of ${name}`) }))
        const denied = (name: string, reason: string) =>
          refusal(
            'AccessDeniedException',
            `User: arn:aws:iam::123456789012:user/${name} is not authorized to perform: cognito-idp:DescribeTerms on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/${home.UserPoolId} ${reason}`,
          )
        const explicit = 'with an explicit deny in an identity-based policy'
        await as('allowed').ofClient(home, 'terms-of-use')
        for (const [name, reason] of [
          ['barred', explicit],
          ['named', 'because no identity-based policy allows the cognito-idp:DescribeTerms action'],
        ] as const) {
          await assert.rejects(as(name).ofClient(home, 'terms-of-use'), denied(name, reason))
        }
      })

      clientMustExist(server, (UserPoolId, ClientId) => ofClient({ UserPoolId, ClientId }, 'terms-of-use'))
    },
    {
      iam: {
        users: [
          caller('allowed', ['Allow', 'DescribeTerms']),
          caller('barred', ['Allow', '*'], ['Deny', 'DescribeTerms']),
          caller('named', ['Allow', 'DescribeTermsByClient']),
        ],
      },
    },
  )
})
