/** What every operation on a pool, or on a client of a pool, must refuse. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal } from '../fixtures.ts'
import type { TestServer } from '../harness.ts'
import { absent, elsewhere } from '../pools.ts'

const noPool = (id: string) => refusal('ResourceNotFoundException', `User pool ${id} does not exist.`)
const noClient = (id: string) =>
  refusal('ResourceNotFoundException', `User pool client ${id} does not exist.`)

export function poolMustExist(
  server: () => TestServer,
  send: (UserPoolId: string) => Promise<unknown>,
): void {
  test('a pool that is not there', () => assert.rejects(send(absent), noPool(absent)))

  test('a pool that is there no more', async () => {
    const UserPoolId = await createPool(server())
    await server().client.send(new DeleteUserPoolCommand({ UserPoolId }))
    await assert.rejects(send(UserPoolId), noPool(UserPoolId))
  })

  test('a pool of another region', async () => {
    const { UserPool } = await elsewhere(server(), 'eu-west-1').send(
      new CreateUserPoolCommand({ PoolName: 'test' }),
    )
    assert.ok(UserPool?.Id)
    await assert.rejects(send(UserPool.Id), noPool(UserPool.Id))
  })
}

export function clientMustExist(
  server: () => TestServer,
  send: (UserPoolId: string, ClientId: string) => Promise<unknown>,
): void {
  poolMustExist(server, async (UserPoolId) => send(UserPoolId, 'absent'))

  test('a client that is not there', async () => {
    await assert.rejects(send(await createPool(server()), 'absent'), noClient('absent'))
  })

  test('a client that is there no more', async () => {
    const UserPoolId = await createPool(server())
    const { ClientId } = await createClient(server(), UserPoolId)
    await server().client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
    await assert.rejects(send(UserPoolId, ClientId), noClient(ClientId))
  })

  test('a client of another pool', async () => {
    const { ClientId } = await createClient(server(), await createPool(server()))
    await assert.rejects(send(await createPool(server()), ClientId), noClient(ClientId))
  })
}
