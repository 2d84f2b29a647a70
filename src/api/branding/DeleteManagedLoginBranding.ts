import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnBranding } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { ManagedLoginBrandingId } from './shapes.ts'

export default operation('DeleteManagedLoginBranding', {
  doc: 'Deletes a style with its images. Its app client has no managed login until it has another.',
  access: iamOnBranding,
  input: struct({
    ManagedLoginBrandingId: required(ManagedLoginBrandingId),
    UserPoolId: required(UserPoolId),
  }),
  output: Nothing,
  faults: [],
  async run({ branding, store }) {
    if (!(await store.brandings.delete(branding))) throw new Fault('BrandingNotFound')
    return {}
  },
})
