import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { AdminGetUserCommand, ForgotPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  attributesIn,
  createClient,
  createPool,
  createUser,
  refusal,
  signIn,
} from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { account, noProvider, providersAt, wrong } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

const noUser = refusal('UserNotFoundException', 'User does not exist.')

describe('AdminDisableProviderForUser', () => {
  onEachStore((server) => {
    const { create, link, unlink } = providersAt(server)
    let UserPoolId: string
    beforeEach(async () => {
      UserPoolId = await createPool(server())
      await create(UserPoolId, 'Google')
      for (const name of ['ada', 'bob']) await createUser(server(), UserPoolId, name)
    })
    const show = (Username: string) => server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
    const linkedTo = async (name: string) => {
      const { identities } = attributesIn((await show(name)).UserAttributes)
      const list: { userId: string }[] = JSON.parse(identities ?? '[]')
      return list.map(({ userId }) => userId)
    }

    test('takes this account from its user, and no other', async () => {
      for (const subject of ['1', '2', '3']) {
        await link(UserPoolId, account('Cognito', 'ada'), account('Google', subject))
      }
      await link(UserPoolId, account('Cognito', 'bob'), account('Google', '4'))
      const { $metadata, ...output } = await unlink(UserPoolId, account('Google', '2'))
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      assert.deepEqual([await linkedTo('ada'), await linkedTo('bob')], [['1', '3'], ['4']])
      await assert.rejects(unlink(UserPoolId, account('Google', '2')), noUser)
      await link(UserPoolId, account('Cognito', 'bob'), account('Google', '2'))
      for (const subject of ['1', '3']) await unlink(UserPoolId, account('Google', subject))
      assert.equal(attributesIn((await show('ada')).UserAttributes).identities, undefined)
      assert.deepEqual(await server().sent(), [])
    })

    test('of several at once one takes it', async () => {
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '1'))
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () => unlink(UserPoolId, account('Google', '1'))),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers) noUser(reason)
      assert.deepEqual(await linkedTo('ada'), [])
    })

    test('takes the password from a user of the pool, for good', async () => {
      const { ClientId } = await createClient(server(), UserPoolId)
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '1'))
      await signIn(server(), UserPoolId, ClientId, 'ada')
      await unlink(UserPoolId, account('Cognito', 'ada'))
      const incorrect = refusal('NotAuthorizedException', 'Incorrect username or password.')
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'ada'), incorrect)
      await assert.rejects(
        server().client.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' })),
        refusal('NotAuthorizedException', 'User password cannot be reset in the current state.'),
      )
      const { UserStatus, Enabled } = await show('ada')
      assert.deepEqual([UserStatus, Enabled], ['EXTERNAL_PROVIDER', true])
      assert.deepEqual(await linkedTo('ada'), ['1'])
      await signIn(server(), UserPoolId, ClientId, 'bob')
      assert.deepEqual(await server().sent(), [])
    })

    test('refuses what names nobody', async () => {
      for (const [user, refused] of [
        [account('Cognito', 'nobody'), noUser],
        [account('Google', '1'), noUser],
        [account('Facebook', '1'), noProvider('Facebook')],
        [account('Cognito', 'ada', 'sub'), wrong('ProviderAttributeName of User must be Cognito_Subject.')],
        [account('Google', '1', 'email'), wrong('ProviderAttributeName of Google must be Cognito_Subject.')],
        [{}, wrong('User must have a ProviderName, a ProviderAttributeName and a ProviderAttributeValue.')],
        [account('Google', 'x'.repeat(122)), wrong('User is longer than the 128 characters of a username.')],
      ] as const)
        await assert.rejects(unlink(UserPoolId, user), refused)
    })

    poolMustExist(server, (pool) => unlink(pool, account('Google', '42')))
  })
})
