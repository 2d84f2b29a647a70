import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AdminRespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { answeringSuite } from '../../../test/suites/answering.ts'

describe('AdminRespondToAuthChallenge', () => {
  answeringSuite('AdminRespondToAuthChallenge')

  onEachStore((server) => {
    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'AdminRespondToAuthChallenge', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('a pool that is not there, a client of another pool', async () => {
      const [one, other] = [await createPool(server()), await createPool(server())]
      const { ClientId } = await createClient(server(), other)
      const ChallengeName = 'SMS_MFA'
      await assert.rejects(
        server().client.send(
          new AdminRespondToAuthChallengeCommand({
            UserPoolId: 'us-east-1_Absent123',
            ClientId,
            ChallengeName,
          }),
        ),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      await assert.rejects(
        server().client.send(
          new AdminRespondToAuthChallengeCommand({ UserPoolId: one, ClientId, ChallengeName }),
        ),
        refusal('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`),
      )
    })
  })
})
