import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnResourceArn } from '../access.ts'
import { Tags } from '../pools/shapes.ts'
import { Arn } from '../shapes.ts'

export default operation('ListTagsForResource', {
  doc: 'Shows the tags of a user pool.',
  access: iamOnResourceArn,
  input: struct({ ResourceArn: required(Arn) }),
  output: struct({ Tags }),
  faults: [],
  differs: 'The text for another resource is assumed.',
  run: async ({ pool }) => ({ Tags: pool.tags }),
})
