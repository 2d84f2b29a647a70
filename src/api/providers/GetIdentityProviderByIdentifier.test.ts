import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { providersAt } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

const nowhere = (identifier: string) =>
  refusal('ResourceNotFoundException', `Identity provider with identifier ${identifier} does not exist.`)

describe('GetIdentityProviderByIdentifier', () => {
  onEachStore((server) => {
    const { create, byIdentifier } = providersAt(server)

    test('shows the provider that any of its identifiers leads to', async () => {
      const UserPoolId = await createPool(server())
      const IdpIdentifiers = ['example.com', 'My IdP+1@x=y']
      const provider = await create(UserPoolId, 'Google', { IdpIdentifiers })
      for (const identifier of IdpIdentifiers)
        assert.deepEqual(await byIdentifier(UserPoolId, identifier), provider)
      const other = await createPool(server())
      for (const [pool, identifier] of [
        [UserPoolId, 'Google'],
        [UserPoolId, 'Example.com'],
        [other, 'example.com'],
      ] as const)
        await assert.rejects(byIdentifier(pool, identifier), nowhere(identifier))
    })

    poolMustExist(server, (UserPoolId) => byIdentifier(UserPoolId, 'example.com'))
  })
})
