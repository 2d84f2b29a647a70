import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserSettingsCommand,
  type CognitoIdentityProviderClient,
  type MFAOptionType,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  attributeList,
  createClient,
  createPool,
  createUser,
  phone,
  refusal,
  signIn,
} from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { codeSent, setPassword, setStatus, showUser, sms } from '../../../test/sign-in.ts'
import { settingsSuite } from '../../../test/suites/user-settings.ts'

const action = 'cognito-idp:AdminSetUserSettings'
const onAnyPool = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/*'
const allow = (Resource: string, Action = action) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})
const iam = {
  users: [
    { name: 'setter', accessKeys: [{ id: 'AKIASETTER', secret: 'setter' }], policies: [allow(onAnyPool)] },
    {
      name: 'elsewhere',
      accessKeys: [{ id: 'AKIAELSEWHERE', secret: 'elsewhere' }],
      policies: [allow(`${onAnyPool.slice(0, -1)}us-east-1_Elsewhere`)],
    },
    {
      name: 'reader',
      accessKeys: [{ id: 'AKIAREADER', secret: 'reader' }],
      policies: [allow('*', 'cognito-idp:AdminGetUser')],
    },
  ],
}

describe('AdminSetUserSettings', () => {
  settingsSuite('AdminSetUserSettings')

  onEachStore(
    (server) => {
      let UserPoolId: string
      let ClientId: string
      before(async () => {
        UserPoolId = await createPool(server(), { AliasAttributes: ['email', 'phone_number'] })
        const PreventUserExistenceErrors = 'ENABLED'
        ClientId = (await createClient(server(), UserPoolId, { PreventUserExistenceErrors })).ClientId
      })
      const set = (
        Username: string,
        MFAOptions: MFAOptionType[] = sms,
        client: CognitoIdentityProviderClient = server().client,
      ) => client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions }))
      const options = async (name: string) => (await showUser(server(), UserPoolId, name)).MFAOptions

      describe('who may call', () => {
        const arn = () => `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}`
        const denied = (user: string) =>
          refusal(
            'AccessDeniedException',
            `User: arn:aws:iam::123456789012:user/${user} is not authorized to perform: ${action} on resource: ${arn()} because no identity-based policy allows the ${action} action`,
          )

        test('1.2: nobody without a signature', async () => {
          const body = JSON.stringify({ UserPoolId, Username: 'x', MFAOptions: [] })
          const answer = await callRaw(server(), 'AdminSetUserSettings', body)
          assert.equal(answer.status, 400)
          assert.deepEqual(JSON.parse(answer.body), {
            __type: 'MissingAuthenticationTokenException',
            message: 'Missing Authentication Token',
          })
        })

        test('1.2: who is allowed the action on this pool, and nobody else', async () => {
          await createUser(server(), UserPoolId, 'guarded')
          await assert.rejects(set('guarded', sms, server().as('AKIAREADER', 'reader')), denied('reader'))
          await assert.rejects(
            set('guarded', sms, server().as('AKIAELSEWHERE', 'elsewhere')),
            denied('elsewhere'),
          )
          assert.equal(await options('guarded'), undefined)
          await set('guarded', sms, server().as('AKIASETTER', 'setter'))
          assert.deepEqual(await options('guarded'), sms)
        })

        test('1.2: a denial comes before any look-up, so it tells nothing of who exists', async () => {
          await assert.rejects(set('nobody', sms, server().as('AKIAREADER', 'reader')), denied('reader'))
          await assert.rejects(
            set('nobody', sms, server().as('AKIASETTER', 'setter')),
            refusal('UserNotFoundException', 'User does not exist.'),
          )
        })
      })

      test('1.3, 1.13: every violation of a request at once, before any look-up, with nothing sensitive in it', async () => {
        const body = JSON.stringify({
          UserPoolId: 'none',
          Username: '',
          MFAOptions: [{ DeliveryMedium: 'PIGEON', AttributeName: '' }],
        })
        await assert.rejects(
          server().client.send(new AdminSetUserSettingsCommand(JSON.parse(body))),
          refusal(
            'InvalidParameterException',
            [
              "6 validation errors detected: Value 'none' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+",
              "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
              "Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
              "Value 'PIGEON' at 'mFAOptions.1.member.deliveryMedium' failed to satisfy constraint: Member must satisfy enum value set: [SMS, EMAIL]",
              "Value '' at 'mFAOptions.1.member.attributeName' failed to satisfy constraint: Member must have length greater than or equal to 1",
              "Value '' at 'mFAOptions.1.member.attributeName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+",
            ].join('; '),
          ),
        )
        await assert.rejects(
          server().client.send(new AdminSetUserSettingsCommand(JSON.parse('{}'))),
          refusal(
            'InvalidParameterException',
            [
              "3 validation errors detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
              "Value at 'username' failed to satisfy constraint: Member must not be null",
              "Value null at 'mFAOptions' failed to satisfy constraint: Member must not be null",
            ].join('; '),
          ),
        )
      })

      test('1.13: a pool id of at most 55 characters, a username of at most 128', async () => {
        const long = { UserPoolId: `us-east-1_${'x'.repeat(46)}`, Username: 'y'.repeat(129), MFAOptions: [] }
        await assert.rejects(
          server().client.send(new AdminSetUserSettingsCommand(long)),
          refusal(
            'InvalidParameterException',
            `2 validation errors detected: Value '${long.UserPoolId}' at 'userPoolId' failed to satisfy constraint: Member must have length less than or equal to 55; Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128`,
          ),
        )
      })

      test('1.6: works on users who cannot sign in yet or any more', async () => {
        const UserAttributes = attributeList({ phone_number: phone })
        const invite = { UserPoolId, UserAttributes, MessageAction: 'SUPPRESS' as const }
        await server().client.send(new AdminCreateUserCommand({ ...invite, Username: 'invited' }))
        for (const name of ['unconfirmed', 'reset', 'disabled']) await createUser(server(), UserPoolId, name)
        await setStatus(server(), UserPoolId, 'unconfirmed', 'UNCONFIRMED')
        await setStatus(server(), UserPoolId, 'reset', 'RESET_REQUIRED')
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
        for (const name of ['invited', 'unconfirmed', 'reset', 'disabled']) {
          const { UserStatus, Enabled } = await showUser(server(), UserPoolId, name)
          await set(name)
          const after = await showUser(server(), UserPoolId, name)
          assert.deepEqual([after.MFAOptions, after.UserStatus, after.Enabled], [sms, UserStatus, Enabled])
        }
      })

      test('1.19: a pool or a user that is not there, told also where clients hide who exists', async () => {
        await assert.rejects(set('nobody'), refusal('UserNotFoundException', 'User does not exist.'))
        await assert.rejects(
          server().client.send(
            new AdminSetUserSettingsCommand({
              UserPoolId: 'us-east-1_Absent123',
              Username: 'x',
              MFAOptions: [],
            }),
          ),
          refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
        )
      })

      test('2.4: in a pool that requires MFA the setting is enforced like any factor', async () => {
        const required = await createPool(server(), { MfaConfiguration: 'ON' })
        const client = (await createClient(server(), required)).ClientId
        await createUser(server(), required, 'required')
        const shown = () => showUser(server(), required, 'required')
        const before = await shown()
        assert.ok(!('MFAOptions' in before) && !('UserMFASettingList' in before))
        assert.equal((await signIn(server(), required, client, 'required')).ChallengeName, 'SMS_MFA')
        await codeSent(server())
        const MFAOptions = sms
        await server().client.send(
          new AdminSetUserSettingsCommand({ UserPoolId: required, Username: 'required', MFAOptions }),
        )
        assert.deepEqual((await shown()).MFAOptions, sms)
        assert.equal((await signIn(server(), required, client, 'required')).ChallengeName, 'SMS_MFA')
        await codeSent(server())
      })

      test('2.4: a temporary password is replaced first', async () => {
        await createUser(server(), UserPoolId, 'temporary')
        await set('temporary')
        await setPassword(server(), UserPoolId, 'temporary', 'Correct-horse-9', false)
        const challenge = await signIn(server(), UserPoolId, ClientId, 'temporary')
        assert.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED')
        assert.deepEqual(await server().sent(), [])
      })

      describe('whom a name finds', () => {
        test('2.13: the username, a verified alias, the sub', async () => {
          await createUser(server(), UserPoolId, 'named', {
            phone_number: '+15555550188',
            phone_number_verified: 'true',
            email: 'named@example.com',
            email_verified: 'true',
          })
          const { sub = '' } = (await showUser(server(), UserPoolId, 'named')).attributes
          for (const name of ['named', 'named@example.com', '+15555550188', sub]) {
            await set(name)
            assert.deepEqual(await options('named'), sms, name)
            await set(name, [])
          }
        })

        test('2.13: an alias that is not verified finds nobody, nor does the name in other letters', async () => {
          const email = 'unverified@example.com'
          await createUser(server(), UserPoolId, 'unverified', { phone_number: phone, email })
          for (const name of [email, 'Unverified', 'UNVERIFIED']) {
            await assert.rejects(set(name), refusal('UserNotFoundException', 'User does not exist.'))
          }
        })

        test('2.13: in a pool whose usernames are attributes, the email address and the UUID', async () => {
          const pool = await createPool(server(), { UsernameAttributes: ['email'] })
          await createUser(server(), pool, 'address@example.com', { phone_number: phone })
          const { Username: uuid = '' } = await showUser(server(), pool, 'address@example.com')
          for (const [name, MFAOptions] of [
            ['address@example.com', sms],
            [uuid, []],
          ] as const) {
            await server().client.send(
              new AdminSetUserSettingsCommand({
                UserPoolId: pool,
                Username: name,
                MFAOptions: [...MFAOptions],
              }),
            )
            const shown = (await showUser(server(), pool, uuid)).MFAOptions
            assert.deepEqual(shown ?? [], MFAOptions)
          }
        })

        test('2.13: in a pool that is not case-sensitive, any spelling', async () => {
          const UsernameConfiguration = { CaseSensitive: false }
          const AliasAttributes = ['email' as const]
          const pool = await createPool(server(), { UsernameConfiguration, AliasAttributes })
          const email = 'Mixed@Example.com'
          await createUser(server(), pool, 'Mixed', { phone_number: phone, email, email_verified: 'true' })
          for (const Username of ['mixed', 'MIXED', 'mixed@example.COM']) {
            const setting = { UserPoolId: pool, Username, MFAOptions: sms }
            await server().client.send(new AdminSetUserSettingsCommand(setting))
          }
          const { Username, MFAOptions } = await showUser(server(), pool, 'mixed')
          assert.deepEqual([Username, MFAOptions], ['mixed', sms])
        })

        test('2.13: a federated user by the name that their provider gave them', async () => {
          await createUser(server(), UserPoolId, 'Google_42')
          await setStatus(server(), UserPoolId, 'Google_42', 'EXTERNAL_PROVIDER')
          await set('Google_42')
          assert.deepEqual(await options('Google_42'), sms)
        })
      })
    },
    { iam },
  )
})
