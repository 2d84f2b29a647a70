import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AdminInitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, password, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { start } from '../../../test/sign-in.ts'
import { startingSuite } from '../../../test/suites/starting.ts'

describe('AdminInitiateAuth', () => {
  startingSuite('AdminInitiateAuth')

  onEachStore((server) => {
    const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH'

    test('takes the public password flow too', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'public')
      const parameters = { USERNAME: 'public', PASSWORD: password }
      const place = { UserPoolId, ClientId }
      const answer = await start(server(), 'AdminInitiateAuth', place, parameters, 'USER_PASSWORD_AUTH')
      assert.ok(answer.AuthenticationResult)
    })

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'AdminInitiateAuth', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('a pool that is not there, a client of another pool', async () => {
      const [one, other] = [await createPool(server()), await createPool(server())]
      const { ClientId } = await createClient(server(), other)
      await assert.rejects(
        server().client.send(
          new AdminInitiateAuthCommand({ UserPoolId: 'us-east-1_Absent123', ClientId, AuthFlow }),
        ),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      await assert.rejects(
        server().client.send(new AdminInitiateAuthCommand({ UserPoolId: one, ClientId, AuthFlow })),
        refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`),
      )
    })
  })
})
