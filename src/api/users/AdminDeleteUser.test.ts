import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { setLegacySms, showUser, tokensOf } from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminDeleteUser', () => {
  onUserSuite('AdminDeleteUser', (client, UserPoolId, Username) =>
    client.send(new AdminDeleteUserCommand({ UserPoolId, Username })),
  )

  onEachStore((server) => {
    const unknown = refusal('UserNotFoundException', 'User does not exist.')

    test('leaves nothing of the user: not the name, not the alias, not the tokens', async () => {
      const UserPoolId = await createPool(server(), { AliasAttributes: ['email'] })
      const { ClientId } = await createClient(server(), UserPoolId)
      const verified = { email: 'leaving@example.com', email_verified: 'true', phone_number: '+15555550167' }
      await createUser(server(), UserPoolId, 'leaving', verified)
      const before = (await showUser(server(), UserPoolId, 'leaving')).attributes.sub
      const { AccessToken } = await tokensOf(server(), { UserPoolId, ClientId }, 'leaving')
      await setLegacySms(server(), UserPoolId, 'leaving')
      const command = new AdminDeleteUserCommand({ UserPoolId, Username: 'leaving' })
      const { $metadata, ...output } = await server().client.send(command)
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])

      for (const name of ['leaving', 'leaving@example.com', before ?? ''])
        await assert.rejects(showUser(server(), UserPoolId, name), unknown)
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'leaving'), unknown)
      await assert.rejects(server().client.send(new GetUserCommand({ AccessToken })), unknown)
      const { Users } = await server().client.send(new ListUsersCommand({ UserPoolId }))
      assert.deepEqual(Users, [])
      await assert.rejects(server().client.send(command), unknown)

      await createUser(server(), UserPoolId, 'leaving', verified)
      const { attributes, MFAOptions } = await showUser(server(), UserPoolId, 'leaving@example.com')
      assert.notEqual(attributes.sub, before)
      assert.equal(MFAOptions, undefined)
    })

    test('whoever gets the name next is not locked out by what was tried before', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'locked')
      const AuthParameters = { USERNAME: 'locked', PASSWORD: 'Wrong-horse-9' }
      const command = { UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters } as const
      const guess = () => server().client.send(new AdminInitiateAuthCommand(command))
      for (let count = 0; count < 5; count += 1)
        await assert.rejects(guess(), refusal('NotAuthorizedException', 'Incorrect username or password.'))
      const attempts = refusal('NotAuthorizedException', 'Password attempts exceeded')
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'locked'), attempts)
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'locked' }))
      await createUser(server(), UserPoolId, 'locked')
      assert.ok((await signIn(server(), UserPoolId, ClientId, 'locked')).AuthenticationResult)
    })

    test('of two who delete at once, one finds nobody', async () => {
      const UserPoolId = await createPool(server())
      await createUser(server(), UserPoolId, 'twice')
      const remove = () => server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'twice' }))
      const outcomes = await Promise.allSettled([remove(), remove()])
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const outcome of outcomes) if (outcome.status === 'rejected') unknown(outcome.reason)
    })
  })
})
