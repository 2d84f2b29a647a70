import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { iamOnBranding } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { ManagedLoginBranding, ManagedLoginBrandingId, shownBranding } from './shapes.ts'

export default operation('DescribeManagedLoginBranding', {
  doc: 'Shows a style: what it says itself, or with the default where it says nothing.',
  access: iamOnBranding,
  input: struct({
    UserPoolId: required(UserPoolId),
    ManagedLoginBrandingId: required(ManagedLoginBrandingId),
    ReturnMergedResources: boolean,
  }),
  output: struct({ ManagedLoginBranding }),
  faults: [],
  differs: "The default has the properties of AWS's and values of its own, and no images.",
  async run({ branding, input }) {
    return { ManagedLoginBranding: shownBranding(branding, input.ReturnMergedResources) }
  },
})
