import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DeleteUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { ClientId as Id, UserPoolId as PoolId, Username } from '../../../src/domain/ids.ts'
import { createClient, createPool, createUser, password, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, showPool } from '../../../test/pools.ts'
import { tokensOf } from '../../../test/sign-in.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DeleteUserPool', () => {
  onEachStore((server) => {
    const remove = (UserPoolId: string) => server().client.send(new DeleteUserPoolCommand({ UserPoolId }))

    test('answers nothing, and the pool is listed no more', async () => {
      const UserPoolId = await createPool(server())
      const { $metadata, ...output } = await remove(UserPoolId)
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})
      const { UserPools } = await server().client.send(new ListUserPoolsCommand({ MaxResults: 60 }))
      assert.ok(!UserPools?.some(({ Id }) => Id === UserPoolId))
    })

    test('takes keys, clients, users and their tokens along', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'gone')
      const { AccessToken, RefreshToken } = await tokensOf(server(), { UserPoolId, ClientId }, 'gone')
      await remove(UserPoolId)

      assert.equal((await server().web(`/${UserPoolId}/.well-known/jwks.json`)).status, 404)
      const noClient = refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`)
      for (const [AuthFlow, AuthParameters] of [
        ['USER_PASSWORD_AUTH', { USERNAME: 'gone', PASSWORD: password }],
        ['REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken }],
      ] as const) {
        await assert.rejects(
          server().client.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters })),
          noClient,
        )
      }
      await assert.rejects(
        server().client.send(new GetUserCommand({ AccessToken })),
        refusal('NotAuthorizedException', 'Invalid Access Token'),
      )

      const { pools, clients, users, messages } = server().app.store
      const id = UserPoolId as PoolId
      assert.deepEqual(
        await Promise.all([
          pools.keys(id),
          clients.poolOf(ClientId as Id),
          users.find(id, 'gone' as Username),
          users.count(id),
          messages.list({ poolId: id, limit: 1 }),
        ]),
        [[], undefined, undefined, 0, []],
      )
    })

    test('leaves other pools as they are', async () => {
      const [one, other] = [await createPool(server()), await createPool(server())]
      const { ClientId } = await createClient(server(), other)
      await createUser(server(), other, 'here')
      const before = await showPool(server(), other)
      await remove(one)
      assert.deepEqual(await showPool(server(), other), before)
      assert.ok((await signIn(server(), other, ClientId, 'here')).AuthenticationResult)
    })

    test('refuses a pool that is protected, until it is so no more', async () => {
      const UserPoolId = await createPool(server(), { DeletionProtection: 'ACTIVE' })
      await assert.rejects(
        remove(UserPoolId),
        invalid(
          'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
        ),
      )
      assert.equal((await showPool(server(), UserPoolId)).DeletionProtection, 'ACTIVE')
      await server().client.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }))
      await remove(UserPoolId)
    })

    poolMustExist(server, remove)
  })
})
