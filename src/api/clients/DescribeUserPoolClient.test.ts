import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeClient, ownSecret, showClient } from '../../../test/clients.ts'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'

describe('DescribeUserPoolClient', () => {
  onEachStore((server) => {
    test('changes nothing, the date neither', async () => {
      const UserPoolId = await createPool(server())
      const client = await makeClient(server(), UserPoolId, { ClientSecret: ownSecret })
      server().clock.now += 60_000
      assert.deepEqual(await showClient(server(), UserPoolId, client.ClientId), client)
    })

    clientMustExist(server, (UserPoolId, ClientId) => showClient(server(), UserPoolId, ClientId))
  })
})
