import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DeleteUserPoolCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, password, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { startingSuite } from '../../../test/suites/starting.ts'

describe('InitiateAuth', () => {
  startingSuite('InitiateAuth')

  onEachStore((server) => {
    test('asks for no signature and minds none', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'unsigned')
      const input = {
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH' as const,
        AuthParameters: { USERNAME: 'unsigned', PASSWORD: password },
      }
      const { status, body } = await callRaw(server(), 'InitiateAuth', JSON.stringify(input))
      assert.equal(status, 200)
      const { ChallengeParameters, AuthenticationResult, ...others } = JSON.parse(body)
      assert.deepEqual([ChallengeParameters, others], [{}, {}])
      assert.equal(AuthenticationResult.TokenType, 'Bearer')
      const stranger = server().as('AKIAUNKNOWN', 'secret')
      assert.ok((await stranger.send(new InitiateAuthCommand(input))).AuthenticationResult)
    })

    test('violations are told before any look-up, and parameters are never echoed', async () => {
      const body = {
        ClientId: '',
        AuthFlow: 'NONE',
        AuthParameters: { PASSWORD: 'secret' },
        Session: 'short',
      }
      const { body: answer } = await callRaw(server(), 'InitiateAuth', JSON.stringify(body))
      const { __type, message } = JSON.parse(answer)
      assert.equal(__type, 'InvalidParameterException')
      assert.match(message, /^4 validation errors detected: /)
      assert.doesNotMatch(message, /secret|short/)
    })

    test('a client of a pool that was deleted', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await server().client.send(new DeleteUserPoolCommand({ UserPoolId }))
      await assert.rejects(
        server().client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH' })),
        refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`),
      )
    })
  })
})
