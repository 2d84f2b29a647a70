import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DeleteUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, password, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { tokensOf } from '../../../test/sign-in.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'

describe('DeleteUserPoolClient', () => {
  onEachStore((server) => {
    const remove = (UserPoolId: string, ClientId: string) =>
      server().client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))

    test('answers nothing, and nobody signs in or refreshes there any more', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'user')
      const { RefreshToken } = await tokensOf(server(), { UserPoolId, ClientId }, 'user')
      const { $metadata, ...output } = await remove(UserPoolId, ClientId)
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})

      const gone = refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`)
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'user'), gone)
      for (const [AuthFlow, AuthParameters] of [
        ['USER_PASSWORD_AUTH', { USERNAME: 'user', PASSWORD: password }],
        ['REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken }],
      ] as const) {
        await assert.rejects(
          server().client.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters })),
          gone,
        )
      }
    })

    test('leaves other clients as they are', async () => {
      const UserPoolId = await createPool(server())
      const [one, other] = [
        await createClient(server(), UserPoolId),
        await createClient(server(), UserPoolId),
      ]
      await createUser(server(), UserPoolId, 'user')
      await remove(UserPoolId, one.ClientId)
      const { UserPoolClients } = await server().client.send(
        new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 }),
      )
      assert.deepEqual(
        UserPoolClients?.map(({ ClientId }) => ClientId),
        [other.ClientId],
      )
      assert.ok((await signIn(server(), UserPoolId, other.ClientId, 'user')).AuthenticationResult)
    })

    clientMustExist(server, remove)
  })
})
