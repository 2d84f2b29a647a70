import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { codeSent, setLegacySms } from '../../../test/sign-in.ts'
import { answeringSuite } from '../../../test/suites/answering.ts'

describe('RespondToAuthChallenge', () => {
  answeringSuite('RespondToAuthChallenge')

  onEachStore((server) => {
    test('asks for no signature', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'unsigned')
      await setLegacySms(server(), UserPoolId, 'unsigned')
      const { Session } = await signIn(server(), UserPoolId, ClientId, 'unsigned')
      const ChallengeResponses = { USERNAME: 'unsigned', SMS_MFA_CODE: await codeSent(server()) }
      const { status, body } = await callRaw(
        server(),
        'RespondToAuthChallenge',
        JSON.stringify({ ClientId, ChallengeName: 'SMS_MFA', Session, ChallengeResponses }),
      )
      assert.equal(status, 200)
      assert.ok(JSON.parse(body).AuthenticationResult.AccessToken)
    })

    test('a client that is not there', async () => {
      await assert.rejects(
        server().client.send(
          new RespondToAuthChallengeCommand({ ClientId: 'absent', ChallengeName: 'SMS_MFA' }),
        ),
        refusal('ResourceNotFoundException', 'User pool client absent does not exist.'),
      )
    })

    test('neither answers nor sessions are echoed in a violation', async () => {
      const body = {
        ClientId: 'x',
        ChallengeName: 'NONE',
        Session: 'short',
        ChallengeResponses: { A: 'secret' },
      }
      const answer = await callRaw(server(), 'RespondToAuthChallenge', JSON.stringify(body))
      assert.match(answer.body, /2 validation errors detected/)
      assert.doesNotMatch(answer.body, /secret|short/)
    })
  })
})
