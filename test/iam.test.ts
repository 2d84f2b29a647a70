import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { actionOf, taggingOf } from '../src/api/iam.ts'
import { operationNames } from '../src/api/names.ts'
import { operations } from '../src/api/registry.ts'
import { factOperation } from './model.ts'

interface Row {
  readonly resource: 'userpool' | 'none'
  readonly action?: string
  readonly keys?: readonly string[]
}

const { operations: rows } = JSON.parse(
  readFileSync(new URL('./facts/cognito-idp-iam.json', import.meta.url), 'utf8'),
) as { operations: Record<string, Row> }

describe('IAM, as the Service Authorization Reference has it', () => {
  test('is said of every operation that is signed, and of no other', () => {
    const signed = [...operationNames].filter((name) => factOperation(name).auth === 'iam')
    assert.deepEqual(Object.keys(rows), signed)
    assert.equal(signed.length, 105)
  })

  for (const [name, row] of Object.entries(rows)) {
    test(`${name} is ${row.action ?? name} on ${row.resource === 'none' ? '*' : 'a user pool'}`, () => {
      const operation = operations.get(name)
      if (operation !== undefined)
        assert.equal(operation.access.resource, row.resource === 'none' ? 'account' : 'pool')
      assert.equal(actionOf(name), row.action ?? name)
      const { tags, keys } = taggingOf(name, { UserPoolTags: { a: '1' }, Tags: { a: '1' }, TagKeys: ['a'] })
      const has = (key: string) => row.keys?.includes(key) ?? false
      assert.deepEqual(tags, has('RequestTag') ? { a: '1' } : {})
      assert.deepEqual(keys, has('TagKeys') ? ['a'] : [])
    })
  }
})
