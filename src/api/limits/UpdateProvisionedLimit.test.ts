import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type CognitoIdentityProviderClient,
  GetProvisionedLimitCommand,
  UpdateProvisionedLimitCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore, sdkClient } from '../../../test/harness.ts'

const definition = (Category: string) => ({
  LimitDefinition: { LimitClass: 'API_CATEGORY' as const, Attributes: { Category } },
})
const invalid = (text: string) => refusal('InvalidParameterException', text)

describe('UpdateProvisionedLimit', () => {
  onEachStore((server) => {
    const set = async (RequestedLimitValue: number, Category = 'UserAuthentication') => {
      const { Limit } = await server().client.send(
        new UpdateProvisionedLimitCommand({ ...definition(Category), RequestedLimitValue }),
      )
      return Limit
    }
    const value = async (client: CognitoIdentityProviderClient = server().client) => {
      const { Limit } = await client.send(new GetProvisionedLimitCommand(definition('UserAuthentication')))
      return Limit?.ProvisionedLimitValue
    }

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'UpdateProvisionedLimit', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('raises a limit, and lowers it again as far as it was at first', async () => {
      assert.deepEqual(await set(300), {
        ...definition('UserAuthentication'),
        ProvisionedLimitValue: 300,
        FreeLimitValue: 120,
      })
      assert.equal(await value(), 300)
      await set(120)
      assert.equal(await value(), 120)
    })

    test('of one Region and no other', async () => {
      await set(200)
      const root = { accessKeyId: 'test', secretAccessKey: 'test' }
      assert.equal(await value(sdkClient(server().api, root, 'eu-west-1')), 120)
    })

    test('refuses less than the first limit', async () => {
      await set(150)
      for (const rate of [119, 0, -1])
        await assert.rejects(
          set(rate),
          invalid('The limit of UserAuthentication is 120 requests per second at least.'),
        )
      assert.equal(await value(), 150)
    })

    test('refuses more than ten times the first limit', async () => {
      await set(1200)
      await assert.rejects(
        set(1201),
        refusal(
          'ServiceQuotaExceededException',
          'The limit of UserAuthentication cannot be higher than 1200 requests per second.',
        ),
      )
      assert.equal(await value(), 1200)
    })

    test('refuses a limit that is fixed', () =>
      assert.rejects(
        set(100, 'UserUpdate'),
        refusal('ResourceNotFoundException', 'Limit UserUpdate does not exist or is not adjustable.'),
      ))

    test('refuses what defines no limit', () =>
      assert.rejects(
        server().client.send(
          new UpdateProvisionedLimitCommand({
            LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: {} },
            RequestedLimitValue: 200,
          }),
        ),
        invalid('Attributes must name a Category and nothing else.'),
      ))
  })
})
