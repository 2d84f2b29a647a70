import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminResetUserPasswordCommand,
  DeleteUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  changeUser,
  codeSent,
  confirmedUser,
  createPlace,
  outcomes,
  type Place,
  showUser,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const absent = refusal('UserNotFoundException', 'User does not exist.')

describe('DeleteUser', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), { AliasAttributes: ['email'] })
    })
    const remove = (AccessToken: string) => server().client.send(new DeleteUserCommand({ AccessToken }))

    test('deletes the user, every session and the alias', async () => {
      await confirmedUser(server(), place, 'leaving')
      const [first, second] = [
        await tokensOf(server(), place, 'leaving'),
        await tokensOf(server(), place, 'leaving'),
      ]
      const { $metadata: _, ...answer } = await remove(first.AccessToken)
      assert.deepEqual(answer, {})
      assert.deepEqual(await server().sent(), [])
      for (const { AccessToken, RefreshToken } of [first, second]) {
        await assert.rejects(server().client.send(new GetUserCommand({ AccessToken })), absent)
        await assert.rejects(
          server().client.send(
            new InitiateAuthCommand({
              ClientId: place.ClientId,
              AuthFlow: 'REFRESH_TOKEN_AUTH',
              AuthParameters: { REFRESH_TOKEN: RefreshToken },
            }),
          ),
          refusal('NotAuthorizedException', 'Invalid Refresh Token'),
        )
      }
      await assert.rejects(tokensOf(server(), place, 'leaving'), absent)
      await assert.rejects(showUser(server(), place, 'leaving@example.com'), absent)
      await assert.rejects(remove(first.AccessToken), absent)
    })

    test('the name is free again, and its tokens are not', async () => {
      await confirmedUser(server(), place, 'returning')
      const { AccessToken } = await tokensOf(server(), place, 'returning')
      await remove(AccessToken)
      await confirmedUser(server(), place, 'returning')
      await tokensOf(server(), place, 'returning')
      await assert.rejects(server().client.send(new GetUserCommand({ AccessToken })), absent)
    })

    test('of many at once one deletes', async () => {
      await confirmedUser(server(), place, 'raced')
      const { AccessToken } = await tokensOf(server(), place, 'raced')
      const calls = Array.from({ length: 10 }, () => remove(AccessToken))
      const { done, refused } = await outcomes(calls)
      assert.equal(done, 1)
      assert.deepEqual(
        refused.filter((name) => name !== 'UserNotFoundException' && name !== 'NotAuthorizedException'),
        [],
      )
    })

    test('not by whoever must reset a password or is not confirmed', async () => {
      await confirmedUser(server(), place, 'reset')
      const { AccessToken } = await tokensOf(server(), place, 'reset')
      await server().client.send(
        new AdminResetUserPasswordCommand({ UserPoolId: place.UserPoolId, Username: 'reset' }),
      )
      await codeSent(server())
      await assert.rejects(
        remove(AccessToken),
        refusal('PasswordResetRequiredException', texts.resetRequired),
      )
      await createUser(server(), place.UserPoolId, 'unconfirmed', {})
      const other = await tokensOf(server(), place, 'unconfirmed')
      await changeUser(server(), place, 'unconfirmed', (user) => ({ ...user, status: 'UNCONFIRMED' }))
      await assert.rejects(
        remove(other.AccessToken),
        refusal('UserNotConfirmedException', texts.notConfirmed),
      )
    })
  })
})
