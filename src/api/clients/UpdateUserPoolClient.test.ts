import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  UpdateUserPoolClientCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'
import { defaults, everySetting, makeClient, ownSecret, showClient } from '../../../test/clients.ts'
import { createPool, createUser, signIn } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, loseEveryRace, lostEveryRace, unsaid } from '../../../test/pools.ts'
import { clientRules, type Settings } from '../../../test/suites/client-rules.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'
import operation from './UpdateUserPoolClient.ts'

describe('UpdateUserPoolClient', () => {
  onEachStore((server) => {
    let UserPoolId: string
    before(async () => {
      UserPoolId = await createPool(server())
    })
    const update = async (
      ClientId: string,
      input: Settings,
      pool = UserPoolId,
    ): Promise<UserPoolClientType> => {
      const { UserPoolClient, ...rest } = await server().client.send(
        new UpdateUserPoolClientCommand({ UserPoolId: pool, ClientId, ...input }),
      )
      assert.deepEqual(Object.keys(rest), ['$metadata'])
      assert.ok(UserPoolClient)
      return UserPoolClient
    }

    test('everything that can be said is shown as it was said', async () => {
      const before = await makeClient(server(), UserPoolId, { ClientSecret: ownSecret })
      const sent = { ...everySetting, ClientName: 'another name' }
      assert.deepEqual(unsaid(operation.input, { UserPoolId, ClientId: before.ClientId, ...sent }), [
        'AnalyticsConfiguration.ApplicationArn',
      ])
      server().clock.now += 60_000
      const client = await update(before.ClientId, sent)
      assert.deepEqual(client, {
        ...sent,
        UserPoolId,
        ClientId: before.ClientId,
        ClientSecret: ownSecret,
        ClientType: 'REGULAR',
        CreationDate: before.CreationDate,
        LastModifiedDate: new Date(server().clock.now),
      })
      assert.deepEqual(await showClient(server(), UserPoolId, before.ClientId), client)
    })

    test('the same again changes nothing but the date', async () => {
      const { ClientId } = await makeClient(server(), UserPoolId, { ClientSecret: ownSecret })
      const before = await update(ClientId, everySetting)
      server().clock.now += 60_000
      assert.deepEqual(await update(ClientId, everySetting), {
        ...before,
        LastModifiedDate: new Date(server().clock.now),
      })
    })

    test('what is left out returns to its default, and the name and the secret stay', async () => {
      const { ClientId, CreationDate } = await makeClient(server(), UserPoolId, {
        ...everySetting,
        ClientSecret: ownSecret,
      })
      assert.deepEqual(await update(ClientId, {}), {
        ...defaults,
        RefreshTokenRotation: { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 },
        UserPoolId,
        ClientId,
        ClientName: 'the client',
        ClientSecret: ownSecret,
        CreationDate,
        LastModifiedDate: new Date(server().clock.now),
      })
    })

    test('holds from the next sign-in on', async () => {
      await createUser(server(), UserPoolId, 'user')
      const { ClientId } = await makeClient(server(), UserPoolId)
      const flowNotEnabled = invalid('Auth flow not enabled for this client')
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'user'), flowNotEnabled)
      const ExplicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH' as const]
      const expiry = async (settings: Settings) => {
        await update(ClientId, { ExplicitAuthFlows, ...settings })
        return (await signIn(server(), UserPoolId, ClientId, 'user')).AuthenticationResult?.ExpiresIn
      }
      assert.equal(await expiry({}), 3600)
      assert.equal(
        await expiry({ AccessTokenValidity: 7, TokenValidityUnits: { AccessToken: 'minutes' } }),
        420,
      )
      await update(ClientId, {})
      await assert.rejects(signIn(server(), UserPoolId, ClientId, 'user'), flowNotEnabled)
    })

    test('a refused update changes nothing', async () => {
      const client = await makeClient(server(), UserPoolId)
      server().clock.now += 60_000
      await assert.rejects(
        update(client.ClientId, { ClientName: 'another name', AccessTokenValidity: 25 }),
        invalid('Invalid range for token validity.'),
      )
      assert.deepEqual(await showClient(server(), UserPoolId, client.ClientId), client)
    })

    test('of updates at the same time one is the last', async () => {
      const { ClientId } = await makeClient(server(), UserPoolId)
      const names = ['one', 'two', 'three']
      await Promise.all(names.map((ClientName) => update(ClientId, { ClientName })))
      const { ClientName = '' } = await showClient(server(), UserPoolId, ClientId)
      assert.ok(names.includes(ClientName), ClientName)
    })

    test('one who loses every race is told so', async (t) => {
      const { ClientId } = await makeClient(server(), UserPoolId)
      const { clients } = server().app.store
      loseEveryRace(t, clients, ({ poolId, id }) => clients.find(poolId, id))
      await assert.rejects(update(ClientId, { ClientName: 'late' }), lostEveryRace)
      assert.equal((await showClient(server(), UserPoolId, ClientId)).ClientName, 'the client')
    })

    clientRules(async (settings, UserPoolTier) => {
      const pool = UserPoolTier ? await createPool(server(), { UserPoolTier }) : UserPoolId
      const { ClientId } = await makeClient(server(), pool)
      return update(ClientId, settings, pool)
    })

    clientMustExist(server, (pool, ClientId) => update(ClientId, {}, pool))
  })
})
