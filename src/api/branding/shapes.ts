import {
  type Asset as AssetFacts,
  assetCategories,
  assetExtensions,
  type Branding,
  colorModes,
  mostAssets,
} from '../../domain/branding.ts'
import { defaultSettings } from '../../domain/branding-defaults.ts'
import { mergeSettings } from '../../domain/branding-settings.ts'
import { defined } from '../../lib/defined.ts'
import { pattern } from '../../protocol/pattern.ts'
import {
  blob,
  boolean,
  document,
  type Input,
  list,
  type Output,
  oneOf,
  required,
  string,
  struct,
  timestamp,
} from '../../protocol/shape.ts'
import { UserPoolId } from '../shapes.ts'

export const ManagedLoginBrandingId = string({
  pattern: pattern(
    '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$',
  ),
})

const Asset = struct({
  Category: required(oneOf(...assetCategories)),
  ColorMode: required(oneOf(...colorModes)),
  Extension: required(oneOf(...assetExtensions)),
  Bytes: blob({ max: 1_000_000 }),
  ResourceId: string({ min: 1, max: 40, pattern: pattern('^[\\w\\- ]+$') }),
})

/** What a style is made of. */
export const style = {
  UseCognitoProvidedValues: boolean,
  Settings: document,
  Assets: list(Asset, { min: 0, max: mostAssets }),
}

export const ManagedLoginBranding = struct({
  ManagedLoginBrandingId,
  UserPoolId,
  ...style,
  CreationDate: timestamp,
  LastModifiedDate: timestamp,
})

export const assetsIn = (assets: readonly Input<typeof Asset>[] = []): AssetFacts[] =>
  assets.map(({ Category, ColorMode, Extension, Bytes, ResourceId }) => ({
    category: Category,
    colorMode: ColorMode,
    extension: Extension,
    ...defined({ bytes: Bytes, resourceId: ResourceId }),
  }))

/** `merged` shows the default too, where the style says nothing else. */
export function shownBranding(branding: Branding, merged = false): Output<typeof ManagedLoginBranding> {
  const { settings } = branding
  return {
    ManagedLoginBrandingId: branding.id,
    UserPoolId: branding.poolId,
    UseCognitoProvidedValues: settings === undefined,
    Settings: merged ? mergeSettings(defaultSettings, settings ?? {}) : settings,
    Assets: branding.assets.map((asset) => ({
      Category: asset.category,
      ColorMode: asset.colorMode,
      Extension: asset.extension,
      Bytes: asset.bytes,
      ResourceId: asset.resourceId,
    })),
    CreationDate: branding.createdAt,
    LastModifiedDate: branding.modifiedAt,
  }
}
