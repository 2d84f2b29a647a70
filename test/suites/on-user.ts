/** What every operation that an administrator runs on one user does before it begins. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { createPool, createUser, refusal } from '../fixtures.ts'
import { callRaw, onEachStore } from '../harness.ts'
import { showUser } from '../sign-in.ts'

type Run = (client: CognitoIdentityProviderClient, UserPoolId: string, Username: string) => Promise<unknown>

export function onUserSuite(operation: string, run: Run): void {
  onEachStore((server) => {
    test('needs a signature', async () => {
      const { body } = await callRaw(server(), operation, '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('finds the user by username, verified alias and sub, and nobody else', async () => {
      const UserPoolId = await createPool(server(), { AliasAttributes: ['email', 'phone_number'] })
      for (const name of ['by-name', 'by-alias', 'by-sub']) {
        await createUser(server(), UserPoolId, name, {
          email: `${name}@example.com`,
          email_verified: 'true',
          phone_number: '+15555550164',
        })
      }
      const { sub = '' } = (await showUser(server(), UserPoolId, 'by-sub')).attributes
      for (const name of ['by-name', 'by-alias@example.com', sub]) {
        await run(server().client, UserPoolId, name)
      }
      for (const name of ['nobody', '+15555550164', 'By-Name', '00000000-0000-4000-8000-000000000000']) {
        await assert.rejects(
          run(server().client, UserPoolId, name),
          refusal('UserNotFoundException', 'User does not exist.'),
          name,
        )
      }
    })

    test('needs a pool', async () => {
      await assert.rejects(
        run(server().client, 'us-east-1_Absent123', 'by-name'),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
    })
  })
}
