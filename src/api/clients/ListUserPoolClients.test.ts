import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DeleteUserPoolClientCommand,
  ListUserPoolClientsCommand,
  type ListUserPoolClientsCommandInput,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { makeClient } from '../../../test/clients.ts'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('ListUserPoolClients', () => {
  onEachStore((server) => {
    const list = (UserPoolId: string, input: Omit<ListUserPoolClientsCommandInput, 'UserPoolId'> = {}) =>
      server().client.send(new ListUserPoolClientsCommand({ UserPoolId, ...input }))
    const poolWith = async (count: number): Promise<{ UserPoolId: string; ids: string[] }> => {
      const UserPoolId = await createPool(server())
      const clients = await Promise.all(Array.from({ length: count }, () => makeClient(server(), UserPoolId)))
      return { UserPoolId, ids: clients.map(({ ClientId }) => ClientId).toSorted() }
    }

    /** Every page, and what is done between two of them. */
    async function readAll(
      UserPoolId: string,
      MaxResults: number | undefined,
      between: () => Promise<unknown> = async () => {},
    ): Promise<(string | undefined)[][]> {
      const pages: (string | undefined)[][] = []
      let NextToken: string | undefined
      do {
        const page = await list(UserPoolId, { MaxResults, NextToken })
        pages.push(page.UserPoolClients?.map(({ ClientId }) => ClientId) ?? [])
        NextToken = page.NextToken
        if (NextToken !== undefined) await between()
      } while (NextToken !== undefined)
      return pages
    }

    test('shows a few members of each client, and no secret', async () => {
      const UserPoolId = await createPool(server())
      const { $metadata: _, ...none } = await list(UserPoolId)
      assert.deepEqual(none, { UserPoolClients: [] })
      const { ClientId } = await makeClient(server(), UserPoolId, { GenerateSecret: true })
      const { $metadata: __, ...one } = await list(UserPoolId)
      assert.deepEqual(one, { UserPoolClients: [{ ClientId, UserPoolId, ClientName: 'the client' }] })
    })

    test('has every client on one page and no other', async () => {
      const { UserPoolId, ids } = await poolWith(5)
      await poolWith(2)
      for (const size of [1, 2, 3, 5, 60]) {
        const pages = await readAll(UserPoolId, size)
        assert.deepEqual(pages.flat(), ids, `pages of ${size}`)
        assert.equal(pages.length, Math.ceil(5 / size))
      }
    })

    test('a page has sixty unless another size is asked for', async () => {
      const { UserPoolId } = await poolWith(61)
      assert.deepEqual(
        (await readAll(UserPoolId, undefined)).map(({ length }) => length),
        [60, 1],
      )
    })

    test('pages survive what comes and goes between them', async () => {
      const { UserPoolId, ids } = await poolWith(6)
      const [, second = '', , , fifth = ''] = ids
      const doomed = [second, fifth]
      const pages = await readAll(UserPoolId, 2, async () => {
        const ClientId = doomed.shift()
        if (ClientId === undefined) return
        await server().client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
        await makeClient(server(), UserPoolId)
      })
      const seen = pages.flat()
      assert.equal(new Set(seen).size, seen.length, 'nothing twice')
      for (const id of ids.filter((id) => id !== fifth)) assert.ok(seen.includes(id), 'nothing left out')
      assert.ok(!seen.includes(fifth))
    })

    test('clients that registered themselves are none yet', async () => {
      const { UserPoolId, ids } = await poolWith(2)
      assert.deepEqual((await list(UserPoolId, { ClientType: 'DCR' })).UserPoolClients, [])
      const { UserPoolClients } = await list(UserPoolId, { ClientType: 'REGULAR' })
      assert.deepEqual(
        UserPoolClients?.map(({ ClientId }) => ClientId),
        ids,
      )
    })

    test('refuses a token of another listing', async () => {
      const [one, other] = [await poolWith(2), await poolWith(2)]
      const page = (await list(one.UserPoolId, { MaxResults: 1 })).NextToken
      const { NextToken: poolPage } = await server().client.send(new ListUserPoolsCommand({ MaxResults: 1 }))
      assert.ok(page && poolPage)
      const invalidToken = invalid('Invalid pagination token.')
      await assert.rejects(list(other.UserPoolId, { NextToken: page }), invalidToken)
      for (const NextToken of ['x', one.ids[0], poolPage, page.slice(1), page.slice(0, -2)]) {
        await assert.rejects(list(one.UserPoolId, { NextToken }), invalidToken, NextToken)
      }
      assert.equal((await list(one.UserPoolId, { NextToken: page })).UserPoolClients?.length, 1)
    })

    poolMustExist(server, list)
  })
})
