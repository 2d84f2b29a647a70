import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CreateUserPoolCommand, DeleteUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { makeClient } from '../../test/clients.ts'
import { createPool, refusal } from '../../test/fixtures.ts'
import { onEachStore, sdkClient } from '../../test/harness.ts'
import { newClient, newKeys, newPool } from '../../test/rows.ts'
import type { UserPoolId } from './ids.ts'
import { quotas } from './quotas.ts'

const full = (text: string) => refusal('LimitExceededException', text)
const root = { accessKeyId: 'test', secretAccessKey: 'test' }

/** Of four who come at once where there is room for one, one gets in. */
async function oneOfFour(come: () => Promise<unknown>, refused: (error: unknown) => true): Promise<void> {
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, come))
  const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.equal(losers.length, 3)
  for (const { reason } of losers) refused(reason)
}

async function fill(count: number, one: () => Promise<void>): Promise<void> {
  for (let made = 0; made < count; made += 1) await one()
}

describe('quotas', () => {
  onEachStore((server) => {
    test('a Region has a thousand pools, and another Region a thousand of its own', async () => {
      const region = 'eu-central-1'
      await server().app.store.transaction(async (store) => {
        const one = () => store.pools.create(newPool({}, region), newKeys())
        await fill(quotas['user pools in a Region'] - 1, one)
      })
      const client = sdkClient(server().api, root, region)
      const create = () => client.send(new CreateUserPoolCommand({ PoolName: 'one' }))
      await oneOfFour(create, full('The limit of 1000 user pools in a Region has been reached.'))
      await createPool(server())
      const [pool] = await server().app.store.pools.page(region, { limit: 1 })
      await client.send(new DeleteUserPoolCommand({ UserPoolId: pool?.id }))
      await create()
    })

    test('a pool has a thousand app clients', async () => {
      const pool = await createPool(server())
      await server().app.store.transaction(async (store) => {
        const one = () => store.clients.create(newClient(pool as UserPoolId))
        await fill(quotas['app clients in a user pool'] - 1, one)
      })
      const create = () => makeClient(server(), pool, {})
      await oneOfFour(create, full('The limit of 1000 app clients in a user pool has been reached.'))
      await makeClient(server(), await createPool(server()), {})
    })
  })
})
