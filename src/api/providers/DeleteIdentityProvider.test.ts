import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { noProvider, providersAt, wrong } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DeleteIdentityProvider', () => {
  onEachStore((server) => {
    const { create, show, remove, byIdentifier } = providersAt(server)
    let UserPoolId: string
    beforeEach(async () => {
      UserPoolId = await createPool(server())
    })
    const clientOf = async (ClientId: string) =>
      (await server().client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))).UserPoolClient

    test('deletes it, once, with its identifiers, and no other', async () => {
      await create(UserPoolId, 'Google', { IdpIdentifiers: ['example.com'] })
      const other = await create(UserPoolId, 'Facebook', { ProviderType: 'Facebook' })
      const { $metadata, ...output } = await remove(UserPoolId, 'Google')
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      await assert.rejects(show(UserPoolId, 'Google'), noProvider('Google'))
      await assert.rejects(remove(UserPoolId, 'Google'), noProvider('Google'))
      await assert.rejects(byIdentifier(UserPoolId, 'example.com'))
      assert.deepEqual(await show(UserPoolId, 'Facebook'), other)
    })

    test('takes it out of the lists of the clients that offer it', async () => {
      await create(UserPoolId, 'Google')
      const offering = await createClient(server(), UserPoolId, {
        SupportedIdentityProviders: ['COGNITO', 'Google'],
      })
      const other = await createClient(server(), UserPoolId, { SupportedIdentityProviders: ['COGNITO'] })
      const untouched = await clientOf(other.ClientId)
      server().clock.now += 1000
      await remove(UserPoolId, 'Google')
      const client = await clientOf(offering.ClientId)
      assert.deepEqual(client?.SupportedIdentityProviders, ['COGNITO'])
      assert.deepEqual(client?.LastModifiedDate, new Date(server().clock.now))
      assert.deepEqual(await clientOf(other.ClientId), untouched)
      await assert.rejects(
        server().client.send(
          new UpdateUserPoolClientCommand({
            UserPoolId,
            ClientId: offering.ClientId,
            SupportedIdentityProviders: ['Google'],
          }),
        ),
        wrong(`The provider Google does not exist for User Pool ${UserPoolId}.`),
      )
    })

    test('of several at once one deletes it', async () => {
      await create(UserPoolId, 'Google')
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => remove(UserPoolId, 'Google')))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers) noProvider('Google')(reason)
    })

    poolMustExist(server, (UserPoolId) => remove(UserPoolId, 'Google'))
  })
})
