import { operation } from '../../protocol/operation.ts'
import { list, required, string, struct } from '../../protocol/shape.ts'
import { iamOnResourceArn } from '../access.ts'
import { Arn, Nothing } from '../shapes.ts'

export default operation('UntagResource', {
  doc: 'Removes tags from a user pool, by key. Keys that it does not have are no error.',
  access: iamOnResourceArn,
  input: struct({ ResourceArn: required(Arn), TagKeys: required(list(string({ min: 1, max: 128 }))) }),
  output: Nothing,
  faults: [],
  differs: 'The text for another resource is assumed.',
  async run({ pool, input, store }) {
    const gone = new Set(input.TagKeys)
    const tags = Object.fromEntries(Object.entries(pool.tags).filter(([key]) => !gone.has(key)))
    await store.pools.save({ ...pool, tags })
    return {}
  },
})
