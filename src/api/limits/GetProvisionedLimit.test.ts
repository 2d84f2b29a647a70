import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GetProvisionedLimitCommand,
  UpdateProvisionedLimitCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { adjustableCategories, categories } from '../../domain/request-limits.ts'

const definition = (Attributes: Record<string, string>) => ({
  LimitDefinition: { LimitClass: 'API_CATEGORY' as const, Attributes },
})

describe('GetProvisionedLimit', () => {
  onEachStore((server) => {
    const get = async (Attributes: Record<string, string>) => {
      const { Limit } = await server().client.send(new GetProvisionedLimitCommand(definition(Attributes)))
      return Limit
    }

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'GetProvisionedLimit', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('shows what every adjustable category has at first, as the guide lists it', async () => {
      const rates: [string, number | undefined][] = []
      for (const Category of adjustableCategories) {
        const limit = await get({ Category })
        assert.deepEqual(limit, {
          ...definition({ Category }),
          ProvisionedLimitValue: limit?.FreeLimitValue,
          FreeLimitValue: categories[Category].rate,
        })
        rates.push([Category, limit?.FreeLimitValue])
      }
      assert.deepEqual(rates, [
        ['UserAuthentication', 120],
        ['UserCreation', 50],
        ['UserFederation', 25],
        ['UserRead', 120],
        ['UserToken', 120],
        ['UserResourceRead', 50],
      ])
    })

    test('shows what was set instead', async () => {
      const RequestedLimitValue = 90
      const asked = definition({ Category: 'UserCreation' })
      const { Limit } = await server().client.send(
        new UpdateProvisionedLimitCommand({ ...asked, RequestedLimitValue }),
      )
      const expected = { ...asked, ProvisionedLimitValue: 90, FreeLimitValue: 50 }
      assert.deepEqual(Limit, expected)
      assert.deepEqual(await get({ Category: 'UserCreation' }), expected)
    })

    for (const Category of ['UserUpdate', 'LimitManagement', 'userAuthentication', '', '__proto__']) {
      test(`finds no limit of '${Category}' that could be adjusted`, () =>
        assert.rejects(
          get(Object.fromEntries([['Category', Category]])),
          refusal('ResourceNotFoundException', `Limit ${Category} does not exist or is not adjustable.`),
        ))
    }

    test('asks for a category and nothing else', async () => {
      const wrong = refusal('InvalidParameterException', 'Attributes must name a Category and nothing else.')
      await assert.rejects(get({}), wrong)
      await assert.rejects(get({ category: 'UserRead' }), wrong)
      await assert.rejects(get({ Category: 'UserRead', Pool: 'mine' }), wrong)
    })
  })
})
