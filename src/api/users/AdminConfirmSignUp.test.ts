import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { AdminConfirmSignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { setStatus, showUser } from '../../../test/sign-in.ts'

describe('AdminConfirmSignUp', () => {
  onEachStore((server) => {
    let UserPoolId: string
    let ClientId: string
    before(async () => {
      UserPoolId = await createPool(server())
      ClientId = (await createClient(server(), UserPoolId)).ClientId
    })
    const confirm = (Username: string, pool = UserPoolId) =>
      server().client.send(new AdminConfirmSignUpCommand({ UserPoolId: pool, Username }))
    /** Somebody who signed up and has not been confirmed. */
    async function newcomer(name: string, pool = UserPoolId) {
      const attributes = { email: `${name}@example.com`, phone_number: '+15555550166' }
      await createUser(server(), pool, name, attributes)
      await setStatus(server(), pool, name, 'UNCONFIRMED')
    }

    test('lets a user sign in, and verifies nothing', async () => {
      await newcomer('newcomer')
      await assert.rejects(
        signIn(server(), UserPoolId, ClientId, 'newcomer'),
        refusal('UserNotConfirmedException', 'User is not confirmed.'),
      )
      const { $metadata, ...output } = await confirm('newcomer')
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      const { UserStatus, attributes } = await showUser(server(), UserPoolId, 'newcomer')
      assert.equal(UserStatus, 'CONFIRMED')
      assert.deepEqual(Object.keys(attributes), ['email', 'phone_number', 'sub'])
      assert.ok((await signIn(server(), UserPoolId, ClientId, 'newcomer')).AuthenticationResult)
      assert.deepEqual(await server().sent(), [])
    })

    for (const status of [
      'CONFIRMED',
      'RESET_REQUIRED',
      'FORCE_CHANGE_PASSWORD',
      'EXTERNAL_PROVIDER',
    ] as const) {
      test(`refuses a user who is ${status}`, async () => {
        await createUser(server(), UserPoolId, status)
        await setStatus(server(), UserPoolId, status, status)
        await assert.rejects(
          confirm(status),
          refusal('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`),
        )
      })
    }

    test('makes a preferred username an alias, which it is not before', async () => {
      const pool = await createPool(server(), { AliasAttributes: ['preferred_username'] })
      await createUser(server(), pool, 'preferring', { preferred_username: 'preferred' })
      await setStatus(server(), pool, 'preferring', 'UNCONFIRMED')
      await assert.rejects(
        showUser(server(), pool, 'preferred'),
        refusal('UserNotFoundException', 'User does not exist.'),
      )
      await confirm('preferring', pool)
      assert.equal((await showUser(server(), pool, 'preferred')).Username, 'preferring')
    })

    test('in a pool that requires MFA, the first sign-in asks for it', async () => {
      const pool = await createPool(server(), { MfaConfiguration: 'ON' })
      const client = (await createClient(server(), pool)).ClientId
      await newcomer('required', pool)
      await confirm('required', pool)
      assert.equal((await signIn(server(), pool, client, 'required')).ChallengeName, 'SMS_MFA')
      await server().sent()
    })

    test('a user, a pool that is not there', async () => {
      await assert.rejects(confirm('nobody'), refusal('UserNotFoundException', 'User does not exist.'))
      await assert.rejects(
        confirm('nobody', 'us-east-1_Absent123'),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
    })
  })
})
