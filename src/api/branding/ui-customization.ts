import { logoPath, type UiCustomization } from '../../domain/ui-customization.ts'
import { stampOf } from '../../lib/stamp.ts'
import { type Output, string, struct, timestamp } from '../../protocol/shape.ts'
import { ClientId, UserPoolId } from '../shapes.ts'

export const CSS = string({ min: 0, max: 131072 })
export const UICustomization = struct({
  UserPoolId,
  ClientId,
  ImageUrl: string(),
  CSS,
  CSSVersion: string(),
  LastModifiedDate: timestamp,
  CreationDate: timestamp,
})

/** As the service shows it; nothing where nothing has been customized. */
export function shownCustomization(
  customization: UiCustomization | undefined,
  publicUrl: string,
): Output<typeof UICustomization> {
  if (customization === undefined) return {}
  const path = logoPath(customization)
  return {
    UserPoolId: customization.poolId,
    ClientId: customization.clientId,
    ImageUrl: path && `${publicUrl}${path}`,
    CSS: customization.css,
    CSSVersion: stampOf(customization.modifiedAt),
    LastModifiedDate: customization.modifiedAt,
    CreationDate: customization.createdAt,
  }
}
