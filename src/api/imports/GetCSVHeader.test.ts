import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AddCustomAttributesCommand, GetCSVHeaderCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { columns } from '../../../test/imports.ts'

describe('GetCSVHeader', () => {
  onEachStore((server) => {
    test('the columns of a new pool, in the order of the API reference', async () => {
      const UserPoolId = await createPool(server())
      const answer = await server().client.send(new GetCSVHeaderCommand({ UserPoolId }))
      assert.deepEqual(
        { UserPoolId: answer.UserPoolId, CSVHeader: answer.CSVHeader },
        { UserPoolId, CSVHeader: columns },
      )
    })

    test('with those of custom attributes', async () => {
      const UserPoolId = await createPool(server())
      const CustomAttributes = [
        { Name: 'team', AttributeDataType: 'String', Mutable: true } as const,
        { Name: 'rank', AttributeDataType: 'Number', DeveloperOnlyAttribute: true } as const,
      ]
      await server().client.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }))
      const { CSVHeader } = await server().client.send(new GetCSVHeaderCommand({ UserPoolId }))
      assert.deepEqual(CSVHeader, columns.toSpliced(-3, 0, 'custom:team', 'dev:custom:rank'))
    })
  })
})
