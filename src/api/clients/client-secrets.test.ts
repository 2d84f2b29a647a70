import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  clientOf,
  createPlace,
  type Place,
  refused,
  renew,
  secretHash,
  tokensOf,
} from '../../../test/tokens.ts'

const invalid = (text: string) => refusal('InvalidParameterException', text)
const full = refusal('LimitExceededException', 'The limit of 2 client secrets has been reached.')

describe('secrets of an app client', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
      await createUser(server(), place.UserPoolId, 'ada')
    })
    const confidential = () => clientOf(server(), place.UserPoolId, { GenerateSecret: true })
    const add = async ({ UserPoolId, ClientId }: Place, ClientSecret?: string) =>
      (await server().client.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecret })))
        .ClientSecretDescriptor
    const list = async ({ UserPoolId, ClientId }: Place, NextToken?: string) => {
      const { $metadata: _, ...answer } = await server().client.send(
        new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId, NextToken }),
      )
      return answer
    }
    const remove = ({ UserPoolId, ClientId }: Place, ClientSecretId: string | undefined) =>
      server().client.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }))
    const signIn = (at: Place) => tokensOf(server(), at, 'ada', { SECRET_HASH: secretHash(at, 'ada') })
    const wrongHash = ({ ClientId }: Place) =>
      refusal('NotAuthorizedException', `Unable to verify secret hash for client ${ClientId}`)

    test('are changed without an interruption: two are good, then the new one alone', async () => {
      const old = await confidential()
      const [first] = (await list(old)).ClientSecrets ?? []
      server().clock.now += 1234
      const added = await add(old)
      const { ClientSecretId, ClientSecretValue, ...rest } = added ?? {}
      assert.deepEqual(rest, { ClientSecretCreateDate: new Date(server().clock.now) })
      assert.equal(ClientSecretId, `${old.ClientId}--${server().clock.now}`)
      assert.match(ClientSecretValue ?? '', /^[a-z0-9]{52}$/)
      const current = { ...old, ClientSecret: ClientSecretValue }
      for (const at of [old, current]) {
        const { RefreshToken } = await signIn(at)
        await renew(server(), at, RefreshToken)
        const { ClientId, ClientSecret } = at
        await server().client.send(new RevokeTokenCommand({ ClientId, ClientSecret, Token: RefreshToken }))
      }
      assert.deepEqual(await list(old), {
        ClientSecrets: [first, { ClientSecretId, ClientSecretCreateDate: new Date(server().clock.now) }],
      })
      const { $metadata: _, ...answer } = await remove(old, first?.ClientSecretId)
      assert.deepEqual(answer, {})
      await assert.rejects(signIn(old), wrongHash(old))
      await signIn(current)
      const { UserPoolClient } = await server().client.send(
        new DescribeUserPoolClientCommand({ UserPoolId: old.UserPoolId, ClientId: old.ClientId }),
      )
      assert.equal(UserPoolClient?.ClientSecret, ClientSecretValue)
    })

    test('may be chosen, and are then not shown', async () => {
      const at = await confidential()
      const ClientSecret = 'Chosen_by_the_developer+1'
      const added = await add(at, ClientSecret)
      assert.deepEqual(Object.keys(added ?? {}).sort(), ['ClientSecretCreateDate', 'ClientSecretId'])
      await signIn({ ...at, ClientSecret })
      for (const wrong of ['short', 'a'.repeat(65), 'with a blank in between it']) {
        await assert.rejects(add(at, wrong), { name: 'InvalidParameterException' })
      }
    })

    test('have ids of their own, also within one millisecond', async () => {
      const at = await confidential()
      await add(at)
      const ids = ((await list(at)).ClientSecrets ?? []).map((secret) => secret.ClientSecretId)
      assert.equal(new Set(ids).size, 2)
      const { ClientSecretId } = (await list(at)).ClientSecrets?.[0] ?? {}
      await remove(at, ClientSecretId)
      await add(at)
      assert.equal((await list(at)).ClientSecrets?.length, 2)
    })

    test('are two at most, and one at least', async () => {
      const at = await confidential()
      const [only] = (await list(at)).ClientSecrets ?? []
      await assert.rejects(
        remove(at, only?.ClientSecretId),
        invalid('The last client secret cannot be deleted.'),
      )
      await add(at)
      await assert.rejects(add(at), full)
    })

    test('of ten at once one is added, and of the two that are there one is deleted', async () => {
      const at = await confidential()
      const adding = await Promise.allSettled(Array.from({ length: 10 }, () => add(at)))
      assert.equal(adding.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const outcome of adding) {
        if (outcome.status === 'rejected')
          assert.ok(
            ['LimitExceededException', 'ConcurrentModificationException'].includes(outcome.reason.name),
          )
      }
      const ids = ((await list(at)).ClientSecrets ?? []).map((secret) => secret.ClientSecretId)
      await Promise.allSettled(ids.map((id) => remove(at, id)))
      assert.equal((await list(at)).ClientSecrets?.length, 1)
    })

    test('are not for a client that was created without one', async () => {
      assert.deepEqual(await list(place), { ClientSecrets: [] })
      await assert.rejects(
        add(place),
        invalid('The client was created without a client secret, and cannot have one.'),
      )
    })

    test('that are not there, of clients that are not, and pages that are none', async () => {
      const at = await confidential()
      await assert.rejects(
        remove(at, 'absent--1'),
        refusal('ResourceNotFoundException', 'Client secret absent--1 does not exist.'),
      )
      await assert.rejects(list(at, 'made-up'), invalid('Invalid pagination token.'))
      const absent = { ...at, ClientId: 'absent' }
      await assert.rejects(add(absent), refused.noClient('absent'))
      await assert.rejects(list(absent), refused.noClient('absent'))
      await assert.rejects(remove(absent, 'any'), refused.noClient('absent'))
    })
  })
})
