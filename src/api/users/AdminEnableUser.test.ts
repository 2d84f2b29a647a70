import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AdminDisableUserCommand, AdminEnableUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { showUser } from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminEnableUser', () => {
  onUserSuite('AdminEnableUser', (client, UserPoolId, Username) =>
    client.send(new AdminEnableUserCommand({ UserPoolId, Username })),
  )

  onEachStore((server) => {
    test('lets a disabled user sign in again, and an enabled one be', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      const Username = 'switched'
      await createUser(server(), UserPoolId, Username)
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username }))
      await assert.rejects(
        signIn(server(), UserPoolId, ClientId, Username),
        refusal('NotAuthorizedException', 'User is disabled.'),
      )
      for (const _ of ['again', 'and again']) {
        server().clock.now += 1000
        const command = new AdminEnableUserCommand({ UserPoolId, Username })
        const { $metadata, ...output } = await server().client.send(command)
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
        const { Enabled, UserStatus, UserLastModifiedDate } = await showUser(server(), UserPoolId, Username)
        assert.deepEqual([Enabled, UserStatus], [true, 'CONFIRMED'])
        assert.equal(UserLastModifiedDate?.getTime(), server().clock.now)
      }
      assert.ok((await signIn(server(), UserPoolId, ClientId, Username)).AuthenticationResult)
    })
  })
})
