import {
  checkAssets,
  mustNameOneSource,
  mustOfferBranding,
  putAssets,
  withSettings,
} from '../../domain/branding.ts'
import { checkSettings } from '../../domain/branding-settings.ts'
import { saveBranding } from '../../flows/brandings.ts'
import { operation } from '../../protocol/operation.ts'
import { struct } from '../../protocol/shape.ts'
import { iamOnBranding } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { assetsIn, ManagedLoginBranding, ManagedLoginBrandingId, shownBranding, style } from './shapes.ts'

export default operation('UpdateManagedLoginBranding', {
  doc: 'Changes a style: settings and images that the request names, or back to the default settings. Others stay.',
  access: iamOnBranding,
  input: struct({ UserPoolId, ManagedLoginBrandingId, ...style }),
  output: struct({ ManagedLoginBranding }),
  faults: ['FeatureUnavailableInTier', 'InvalidParameter'],
  differs:
    'As in CreateManagedLoginBranding. Assumed as well: that settings are merged into those of the style, that an asset without a resource id takes the place of one without, and that going back to the default keeps the assets; no request is known that takes one away. The texts for too many assets in all and for a request without ids are assumed.',
  async run({ pool, branding, input, store, now }) {
    mustOfferBranding(pool)
    mustNameOneSource(input.UseCognitoProvidedValues, input.Settings)
    const given = assetsIn(input.Assets)
    checkAssets(given)
    const settings = input.Settings === undefined ? undefined : checkSettings(input.Settings)
    const updated = {
      ...withSettings(branding, settings),
      assets: putAssets(branding.assets, given),
      modifiedAt: now,
    }
    await saveBranding(store, updated, given)
    return { ManagedLoginBranding: shownBranding(updated) }
  },
})
