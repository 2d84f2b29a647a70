import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
  type UserPoolDescriptionType,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { elsewhere, invalid, lambda, showPool } from '../../../test/pools.ts'

describe('ListUserPools', () => {
  onEachStore((server) => {
    /** Each test lists a region of its own. */
    const region = (name: string) => {
      const client = elsewhere(server(), name)
      return {
        client,
        create: async (PoolName = 'test', input: object = {}): Promise<string> => {
          const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName, ...input }))
          return UserPool?.Id ?? assert.fail()
        },
        list: (MaxResults = 60, NextToken?: string) =>
          client.send(new ListUserPoolsCommand({ MaxResults, NextToken })),
      }
    }
    const idsOf = (pools: UserPoolDescriptionType[] | undefined) => pools?.map(({ Id }) => Id) ?? []

    /** Every page, and what is done between two of them. */
    async function readAll(
      client: CognitoIdentityProviderClient,
      MaxResults: number,
      between: () => Promise<unknown> = async () => {},
    ): Promise<(string | undefined)[][]> {
      const pages: (string | undefined)[][] = []
      let NextToken: string | undefined
      do {
        const page = await client.send(new ListUserPoolsCommand({ MaxResults, NextToken }))
        pages.push(idsOf(page.UserPools))
        NextToken = page.NextToken
        if (NextToken !== undefined) await between()
      } while (NextToken !== undefined)
      return pages
    }

    test('shows a few members of each pool', async () => {
      const { client, create, list } = region('eu-west-1')
      assert.deepEqual((await list()).UserPools, [])
      const UserPoolId = await create('first')
      const CreationDate = new Date(server().clock.now)
      const row = { Id: UserPoolId, Name: 'first', LambdaConfig: {}, CreationDate }
      assert.deepEqual((await list()).UserPools, [{ ...row, LastModifiedDate: CreationDate }])
      server().clock.now += 60_000
      const LambdaConfig = { PreSignUp: lambda('a', 'eu-west-1') }
      await client.send(new UpdateUserPoolCommand({ UserPoolId, PoolName: 'second', LambdaConfig }))
      const { UserPools, NextToken } = await list()
      assert.deepEqual(UserPools, [
        { ...row, Name: 'second', LambdaConfig, LastModifiedDate: new Date(server().clock.now) },
      ])
      assert.equal(NextToken, undefined)
    })

    test('has every pool on one page and no other', async () => {
      const { client, create } = region('eu-west-2')
      const ids = []
      for (let count = 0; count < 5; count += 1) ids.push(await create())
      const expected = ids.toSorted()
      for (const size of [1, 2, 3, 5, 60]) {
        const pages = await readAll(client, size)
        assert.deepEqual(pages.flat(), expected, `pages of ${size}`)
        assert.equal(pages.length, Math.ceil(5 / size))
      }
    })

    test('pages survive what comes and goes between them', async () => {
      const { client, create } = region('eu-west-3')
      const ids: string[] = []
      for (let count = 0; count < 6; count += 1) ids.push(await create())
      const [, second = '', , , fifth = ''] = ids.toSorted()
      const doomed = [second, fifth]
      const pages = await readAll(client, 2, async () => {
        const UserPoolId = doomed.shift()
        if (UserPoolId === undefined) return
        await client.send(new DeleteUserPoolCommand({ UserPoolId }))
        await create()
      })
      const seen = pages.flat()
      assert.equal(new Set(seen).size, seen.length, 'nothing twice')
      for (const id of ids.filter((id) => id !== fifth)) assert.ok(seen.includes(id), 'nothing left out')
      assert.ok(!seen.includes(fifth))
    })

    test('a region has its own', async () => {
      const [one, other] = [region('ap-south-1'), region('ap-south-2')]
      const id = await one.create()
      assert.deepEqual(idsOf((await one.list()).UserPools), [id])
      assert.deepEqual(idsOf((await other.list()).UserPools), [])
      await assert.rejects(showPool({ ...server(), client: other.client }, id))
    })

    test('refuses a token of another listing', async () => {
      const [one, other] = [region('ca-central-1'), region('ca-west-1')]
      const pools = [await one.create(), await one.create()]
      const [UserPoolId] = pools
      const { NextToken: page } = await one.list(1)
      const invalidToken = invalid('Invalid pagination token.')
      await assert.rejects(other.list(1, page), invalidToken)

      for (const _ of pools) await createClient({ ...server(), client: one.client }, UserPoolId ?? '')
      const { NextToken: clientPage } = await one.client.send(
        new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 1 }),
      )
      assert.ok(clientPage)
      await assert.rejects(one.list(1, clientPage), invalidToken)

      for (const made of ['x', UserPoolId, page?.slice(1), page?.slice(0, -2)]) {
        await assert.rejects(one.list(1, made), invalidToken, made)
      }
      assert.equal((await one.list(1, page)).UserPools?.length, 1)
    })

    test('refuses a page of no size or too great a size', async () => {
      const { list } = region('sa-east-1')
      const bound = (value: number, text: string) =>
        invalid(
          `1 validation error detected: Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${text}`,
        )
      await assert.rejects(list(0), bound(0, 'greater than or equal to 1'))
      await assert.rejects(list(61), bound(61, 'less than or equal to 60'))
    })
  })
})
