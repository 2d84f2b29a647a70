import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, password, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { type Place, setStatus, showUser, start, tokensOf } from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminSetUserPassword', () => {
  onUserSuite('AdminSetUserPassword', (client, UserPoolId, Username) =>
    client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password })),
  )

  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createPool(server())
      place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
    })
    const set = (Username: string, Password: string, Permanent?: boolean, UserPoolId = place.UserPoolId) =>
      server().client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId,
          Username,
          Password,
          ...(Permanent !== undefined && { Permanent }),
        }),
      )
    const signIn = (USERNAME: string, PASSWORD: string) =>
      start(server(), 'AdminInitiateAuth', place, { USERNAME, PASSWORD })
    const statusOf = async (name: string) => (await showUser(server(), place.UserPoolId, name)).UserStatus

    test('sets a password for good: it signs in at once, and the one before no more', async () => {
      await createUser(server(), place.UserPoolId, 'good')
      const { $metadata, ...output } = await set('good', 'Other-horse-10', true)
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      assert.equal(await statusOf('good'), 'CONFIRMED')
      assert.ok((await signIn('good', 'Other-horse-10')).AuthenticationResult)
      await assert.rejects(
        signIn('good', password),
        refusal('NotAuthorizedException', 'Incorrect username or password.'),
      )
      assert.deepEqual(await server().sent(), [])
    })

    for (const Permanent of [undefined, false]) {
      test(`sets a password until the next sign-in, when Permanent is ${Permanent}`, async () => {
        const name = `temporary-${Permanent}`
        await createUser(server(), place.UserPoolId, name)
        await set(name, 'Other-horse-10', Permanent)
        assert.equal(await statusOf(name), 'FORCE_CHANGE_PASSWORD')
        assert.equal((await signIn(name, 'Other-horse-10')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
      })
    }

    test('makes users of every status ready to sign in', async () => {
      await server().client.send(
        new AdminCreateUserCommand({ ...place, Username: 'invited', MessageAction: 'SUPPRESS' }),
      )
      for (const status of ['UNCONFIRMED', 'RESET_REQUIRED', 'EXTERNAL_PROVIDER'] as const) {
        await createUser(server(), place.UserPoolId, status)
        await setStatus(server(), place.UserPoolId, status, status)
      }
      for (const name of ['invited', 'UNCONFIRMED', 'RESET_REQUIRED', 'EXTERNAL_PROVIDER']) {
        await set(name, 'Other-horse-10', true)
        assert.equal(await statusOf(name), 'CONFIRMED')
        assert.ok((await signIn(name, 'Other-horse-10')).AuthenticationResult)
      }
    })

    test('revokes no tokens', async () => {
      await createUser(server(), place.UserPoolId, 'signed-in')
      const { RefreshToken: REFRESH_TOKEN } = await tokensOf(server(), place, 'signed-in')
      await set('signed-in', 'Other-horse-10', true)
      const flow = 'REFRESH_TOKEN_AUTH'
      const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, { REFRESH_TOKEN }, flow)
      assert.ok(AuthenticationResult?.AccessToken)
    })

    test('takes a password of any script that fits the policy', async () => {
      await createUser(server(), place.UserPoolId, 'script')
      for (const text of ['Пароль-Aa1', 'P4ssw0rd-😀', `A1-${'a'.repeat(253)}`]) {
        await set('script', text, true)
        assert.ok((await signIn('script', text)).AuthenticationResult, text)
      }
    })

    for (const [text, rule] of [
      ['Short-1', 'Password not long enough'],
      ['lower-case-1', 'Password must have uppercase characters'],
      ['UPPER-CASE-1', 'Password must have lowercase characters'],
      ['No-digit-here', 'Password must have numeric characters'],
      ['NoSymbol1', 'Password must have symbol characters'],
    ] as const) {
      test(`refuses a password that breaks the policy: ${rule}`, async () => {
        await createUser(server(), place.UserPoolId, `breaking-${text}`)
        await assert.rejects(
          set(`breaking-${text}`, text, true),
          refusal('InvalidPasswordException', `Password did not conform with policy: ${rule}`),
        )
        assert.ok((await signIn(`breaking-${text}`, password)).AuthenticationResult)
      })
    }

    test('asks for no more than the policy does', async () => {
      const UserPoolId = await createPool(server(), { Policies: { PasswordPolicy: { MinimumLength: 6 } } })
      await createUser(server(), UserPoolId, 'lax')
      await set('lax', 'simple', true, UserPoolId)
    })

    test('never echoes the password', async () => {
      const body = { UserPoolId: 'x', Username: 'y', Password: 'with secret' }
      const answer = await callRaw(server(), 'AdminSetUserPassword', JSON.stringify(body))
      assert.doesNotMatch(answer.body, /secret/)
      await assert.rejects(
        set('good', `${'long'.repeat(64)}!`),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
        ),
      )
    })
  })
})
