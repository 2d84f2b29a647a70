import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributeList, createPool, createUser } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  createMfaPool,
  emailFactor,
  enableFactors,
  setLegacySms,
  setStatus,
  sms,
  smsFactor,
} from '../../../test/sign-in.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminGetUser', () => {
  onUserSuite('AdminGetUser', (client, UserPoolId, Username) =>
    client.send(new AdminGetUserCommand({ UserPoolId, Username })),
  )

  onEachStore((server) => {
    let UserPoolId: string
    before(async () => {
      UserPoolId = await createPool(server())
    })
    const get = async (Username: string, pool = UserPoolId) => {
      const input = { UserPoolId: pool, Username }
      const { $metadata: _, ...user } = await server().client.send(new AdminGetUserCommand(input))
      return user
    }

    test('shows the whole user, with nothing that is not set', async () => {
      const created = server().clock.now
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: 'whole',
          UserAttributes: attributeList({ name: 'Ada', email: 'whole@example.com' }),
          MessageAction: 'SUPPRESS',
        }),
      )
      server().clock.now += 1500
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'whole' }))
      const { UserAttributes = [], ...user } = await get('whole')
      const sub = UserAttributes.at(-1)
      assert.deepEqual(UserAttributes.slice(0, -1), [
        { Name: 'email', Value: 'whole@example.com' },
        { Name: 'name', Value: 'Ada' },
      ])
      assert.equal(sub?.Name, 'sub')
      assert.deepEqual(user, {
        Username: 'whole',
        UserCreateDate: new Date(created),
        UserLastModifiedDate: new Date(created + 1500),
        Enabled: false,
        UserStatus: 'FORCE_CHANGE_PASSWORD',
      })
    })

    test('shows every status as it is', async () => {
      await createUser(server(), UserPoolId, 'status')
      for (const status of [
        'UNCONFIRMED',
        'CONFIRMED',
        'RESET_REQUIRED',
        'FORCE_CHANGE_PASSWORD',
        'EXTERNAL_PROVIDER',
      ] as const) {
        await setStatus(server(), UserPoolId, 'status', status)
        assert.equal((await get('status')).UserStatus, status)
      }
    })

    test('shows the second factors: the legacy option, the enabled ones, the preferred one', async () => {
      const config = { MfaConfiguration: 'OPTIONAL' as const, ...smsFactor, ...emailFactor }
      const pool = await createMfaPool(server(), config)
      const name = 'factors'
      await createUser(server(), pool, name, { email: 'f@example.com', phone_number: '+15555550165' })
      const factors = async () => {
        const { MFAOptions, PreferredMfaSetting, UserMFASettingList } = await get(name, pool)
        return [MFAOptions, PreferredMfaSetting, UserMFASettingList]
      }
      assert.deepEqual(await factors(), [undefined, undefined, undefined])
      await setLegacySms(server(), pool, name)
      assert.deepEqual(await factors(), [sms, undefined, undefined])
      await enableFactors(server(), pool, name, 'EMAIL')
      assert.deepEqual(await factors(), [sms, 'EMAIL_OTP', ['EMAIL_OTP']])
      await enableFactors(server(), pool, name, 'SMS')
      assert.deepEqual(await factors(), [sms, 'SMS_MFA', ['SMS_MFA', 'EMAIL_OTP']])
    })
  })
})
