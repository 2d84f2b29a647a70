import { withCustom } from '../../domain/schema.ts'
import { mustNotImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { SchemaAttribute } from './shapes.ts'

export default operation('AddCustomAttributes', {
  doc: "Adds custom attributes to a pool's schema. They can never be changed or removed.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    CustomAttributes: required(list(SchemaAttribute, { min: 1, max: 25 })),
  }),
  output: Nothing,
  faults: ['InvalidParameter', 'ImportInProgress'],
  async run({ pool, input, store, now }) {
    await mustNotImport(store, pool)
    const schema = withCustom(pool.schema, input.CustomAttributes)
    await store.pools.save({ ...pool, schema, modifiedAt: now })
    return {}
  },
})
