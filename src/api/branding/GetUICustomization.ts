import { findCustomization } from '../../flows/ui-customization.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { shownCustomization, UICustomization } from './ui-customization.ts'

export default operation('GetUICustomization', {
  doc: 'Shows how the classic pages look at an app client: as set for it, or else for all. Nothing where neither is set.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ClientId }),
  output: struct({ UICustomization: required(UICustomization) }),
  faults: ['ClientNotFound', 'DomainMissing'],
  async run({ pool, input, store, site }) {
    const customization = await findCustomization(store, pool, input.ClientId)
    return { UICustomization: shownCustomization(customization, site.publicUrl) }
  },
})
