import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { ManagedLoginBranding, shownBranding } from './shapes.ts'

export default operation('DescribeManagedLoginBrandingByClient', {
  doc: 'Shows the style of an app client, as DescribeManagedLoginBranding does.',
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    ReturnMergedResources: boolean,
  }),
  output: struct({ ManagedLoginBranding }),
  faults: ['BrandingOfClientNotFound'],
  differs: "The default has the properties of AWS's and values of its own, and no images.",
  async run({ pool, client, input, store }) {
    const branding = await store.brandings.findOfClient(pool.id, client.id)
    if (branding === undefined) throw new Fault('BrandingOfClientNotFound', client.id)
    return { ManagedLoginBranding: shownBranding(branding, input.ReturnMergedResources) }
  },
})
