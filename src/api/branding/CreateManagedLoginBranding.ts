import { checkAssets, mustNameOneSource, mustOfferBranding, putAssets } from '../../domain/branding.ts'
import { checkSettings } from '../../domain/branding-settings.ts'
import { createBranding } from '../../flows/brandings.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { assetsIn, ManagedLoginBranding, shownBranding, style } from './shapes.ts'

export default operation('CreateManagedLoginBranding', {
  doc: 'Gives an app client its style of managed login: the default, or settings of its own, and images.',
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId), ...style }),
  output: struct({ ManagedLoginBranding }),
  faults: ['FeatureUnavailableInTier', 'InvalidParameter', 'BrandingExists', 'TooMany'],
  differs:
    'Assumed: the refusal of a Lite pool, the texts for too many styles and for a file type, and of what is wrong with settings all but an unknown property. What is below idpButton.custom and in federation.order is not checked. An SVG is taken unread. Nothing is drawn from a style before managed login is.',
  async run({ pool, client, input, store, random, now }) {
    mustOfferBranding(pool)
    mustNameOneSource(input.UseCognitoProvidedValues, input.Settings)
    const assets = assetsIn(input.Assets)
    checkAssets(assets)
    const branding = {
      poolId: pool.id,
      clientId: client.id,
      id: random.uuid(),
      ...(input.Settings !== undefined && { settings: checkSettings(input.Settings) }),
      assets: putAssets([], assets),
      createdAt: now,
      modifiedAt: now,
      version: 1,
    }
    await createBranding(store, branding)
    return { ManagedLoginBranding: shownBranding(branding) }
  },
})
