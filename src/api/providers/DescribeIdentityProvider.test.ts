import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { noProvider, providersAt } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('DescribeIdentityProvider', () => {
  onEachStore((server) => {
    const { create, show } = providersAt(server)

    test('knows a provider by its name, in its pool', async () => {
      const UserPoolId = await createPool(server())
      const provider = await create(UserPoolId, 'Google')
      assert.deepEqual(await show(UserPoolId, 'Google'), provider)
      const other = await createPool(server())
      for (const [pool, name] of [
        [other, 'Google'],
        [UserPoolId, 'google'],
        [UserPoolId, 'Goo gle'],
      ] as const)
        await assert.rejects(show(pool, name), noProvider(name))
    })

    poolMustExist(server, (UserPoolId) => show(UserPoolId, 'Google'))
  })
})
