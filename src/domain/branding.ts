import type { Instant } from '../lib/instant.ts'
import { mergeSettings, type Settings } from './branding-settings.ts'
import { Fault } from './faults.ts'
import type { ClientId, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { mustOffer } from './pool-tier.ts'

/** How managed login looks at an app client: its style, in the words of the console. A client has one at most. */
export interface Branding {
  readonly poolId: UserPoolId
  readonly clientId: ClientId
  readonly id: string
  /** What the style says otherwise than the default; none in a style that takes the default as it is. */
  readonly settings?: Settings
  /** In order of category, colour mode and resource. */
  readonly assets: readonly Asset[]
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
}

/** An image of a style. */
export interface Asset {
  readonly category: (typeof assetCategories)[number]
  readonly colorMode: (typeof colorModes)[number]
  readonly extension: (typeof assetExtensions)[number]
  readonly resourceId?: string
  readonly bytes?: Uint8Array
}

export const assetCategories = [
  'FAVICON_ICO',
  'FAVICON_SVG',
  'EMAIL_GRAPHIC',
  'SMS_GRAPHIC',
  'AUTH_APP_GRAPHIC',
  'PASSWORD_GRAPHIC',
  'PASSKEY_GRAPHIC',
  'PAGE_HEADER_LOGO',
  'PAGE_HEADER_BACKGROUND',
  'PAGE_FOOTER_LOGO',
  'PAGE_FOOTER_BACKGROUND',
  'PAGE_BACKGROUND',
  'FORM_BACKGROUND',
  'FORM_LOGO',
  'IDP_BUTTON_ICON',
] as const
export const colorModes = ['LIGHT', 'DARK', 'DYNAMIC'] as const
export const assetExtensions = ['ICO', 'JPEG', 'PNG', 'SVG', 'WEBP'] as const

/** Fixed. Source: developer guide, "Quotas in Amazon Cognito". */
export const mostBrandings = 20
/** The model's bound on the assets of a request; of a style it is ours. */
export const mostAssets = 40

/** @throws Fault FeatureUnavailableInTier */
export function mustOfferBranding({ settings }: Pool): void {
  mustOffer(settings.UserPoolTier, 'Managed Login Branding', 'ESSENTIALS')
}

/**
 * A request names one source of its values: the default, or settings. `false` names none. Measured against the service,
 * of creating and of updating alike: floci-io/floci#2869.
 * @throws Fault InvalidParameter
 */
export function mustNameOneSource(useDefault: boolean | undefined, settings: unknown): void {
  if ((useDefault ?? false) !== (settings !== undefined)) return
  throw new Fault(
    'InvalidParameter',
    'useCognitoProvidedValues or settings should be specified (but not both)',
  )
}

/**
 * A favicon is of the type in its name, and nothing else is an icon file.
 * @throws Fault InvalidParameter
 */
export function checkAssets(assets: readonly Asset[]): void {
  for (const { category, extension } of assets) {
    const isIcon = category === 'FAVICON_ICO'
    const right = isIcon === (extension === 'ICO') && (category !== 'FAVICON_SVG' || extension === 'SVG')
    if (right) continue
    throw new Fault('InvalidParameter', `Invalid extension ${extension} for asset category ${category}.`)
  }
}

/**
 * The assets of a style once these are put to it. One takes the place of that of the same category and colour mode, as
 * the Terraform provider found (managed_login_branding.go), and of the same resource, so that every identity provider
 * can have its icon.
 * @throws Fault InvalidParameter
 */
export function putAssets(standing: readonly Asset[], given: readonly Asset[]): Asset[] {
  const assets = new Map([...standing, ...given].map((asset) => [keyOf(asset), asset]))
  if (assets.size > mostAssets) {
    throw new Fault('InvalidParameter', `A managed login branding can have at most ${mostAssets} assets.`)
  }
  return [...assets].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([_, asset]) => asset)
}

const keyOf = ({ category, colorMode, resourceId = '' }: Asset) => `${category} ${colorMode} ${resourceId}`

/** The style with these settings merged into its own; without any it takes the default as it is from now on. */
export function withSettings(branding: Branding, settings: Settings | undefined): Branding {
  const { settings: own = {}, ...rest } = branding
  return settings === undefined ? rest : { ...rest, settings: mergeSettings(own, settings) }
}
