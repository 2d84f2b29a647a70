import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { showUser, tokensOf } from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminDisableUser', () => {
  onUserSuite('AdminDisableUser', (client, UserPoolId, Username) =>
    client.send(new AdminDisableUserCommand({ UserPoolId, Username })),
  )

  onEachStore((server) => {
    test('keeps the user from signing in, revokes their tokens and nobody else’s, and still lists them', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      for (const name of ['switched', 'other']) await createUser(server(), UserPoolId, name)
      const { AccessToken } = await tokensOf(server(), { UserPoolId, ClientId }, 'switched')
      const other = await tokensOf(server(), { UserPoolId, ClientId }, 'other')
      for (const _ of ['once', 'again']) {
        const command = new AdminDisableUserCommand({ UserPoolId, Username: 'switched' })
        const { $metadata, ...output } = await server().client.send(command)
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
        const { Enabled, UserStatus } = await showUser(server(), UserPoolId, 'switched')
        assert.deepEqual([Enabled, UserStatus], [false, 'CONFIRMED'])
      }
      await assert.rejects(
        signIn(server(), UserPoolId, ClientId, 'switched'),
        refusal('NotAuthorizedException', 'User is disabled.'),
      )
      await assert.rejects(
        server().client.send(new GetUserCommand({ AccessToken })),
        refusal('NotAuthorizedException', 'Access Token has been revoked'),
      )
      assert.ok(await server().client.send(new GetUserCommand({ AccessToken: other.AccessToken })))
      const { Users } = await server().client.send(new ListUsersCommand({ UserPoolId }))
      assert.deepEqual(
        Users?.map(({ Username, Enabled }) => [Username, Enabled]),
        [
          ['other', true],
          ['switched', false],
        ],
      )
    })
  })
})
