import { setCustomization } from '../../flows/ui-customization.ts'
import { operation } from '../../protocol/operation.ts'
import { blob, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { CSS, shownCustomization, UICustomization } from './ui-customization.ts'

export default operation('SetUICustomization', {
  doc: 'Sets how the classic pages look, at an app client or at all. Style and logo are set together: what is left out goes.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId,
    CSS,
    ImageFile: blob({ min: 0, max: 131072 }),
  }),
  output: struct({ UICustomization: required(UICustomization) }),
  faults: ['InvalidParameter', 'ClientNotFound', 'DomainMissing'],
  differs:
    'The texts about styles and logos are assumed. Styles of other classes than those documented are refused; one report says that AWS ignores them. The documentation names PNG and JPEG; GIF is taken too. The request as a whole may be larger than 135 KB.',
  async run({ pool, input, store, site, now }) {
    const { ClientId: clientId, CSS: css, ImageFile: image } = input
    const customization = await setCustomization(store, pool, clientId, { css, image }, now)
    return { UICustomization: shownCustomization(customization, site.publicUrl) }
  },
})
