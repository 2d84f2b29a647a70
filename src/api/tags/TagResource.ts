import { Fault } from '../../domain/faults.ts'
import { faultOfTags } from '../../domain/pool-rules.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnResourceArn } from '../access.ts'
import { Tags } from '../pools/shapes.ts'
import { Arn, Nothing } from '../shapes.ts'

export default operation('TagResource', {
  doc: 'Adds tags to a user pool; a key that it has gets the new value.',
  access: iamOnResourceArn,
  input: struct({ ResourceArn: required(Arn), Tags: required(Tags) }),
  output: Nothing,
  faults: ['InvalidParameter'],
  differs: 'The texts for another resource and for tags that cannot be are assumed.',
  async run({ pool, input, store }) {
    const tags = { ...pool.tags, ...input.Tags }
    // The model has the exception for tags where pools are created and updated, and not here.
    const wrong = faultOfTags(tags)
    if (wrong !== undefined) throw new Fault('InvalidParameter', wrong)
    await store.pools.save({ ...pool, tags })
    return {}
  },
})
