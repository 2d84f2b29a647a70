import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeMfa } from './describe.ts'
import { mfaMembers } from './shapes.ts'

export default operation('GetUserPoolMfaConfig', {
  doc: "Shows a pool's second factors and whether they are off, optional or required.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct(mfaMembers),
  faults: [],
  async run({ pool }) {
    return describeMfa(pool)
  },
})
