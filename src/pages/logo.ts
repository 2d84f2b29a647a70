import type { ClientId, UserPoolId } from '../domain/ids.ts'
import { logoPath } from '../domain/ui-customization.ts'
import type { App } from '../ports/app.ts'

const contentTypes = { png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif' } as const

/** The logo of the classic pages, at the path that it has now. */
export async function logo(
  app: App,
  { pool, client, path }: { readonly pool: string; readonly client: string; readonly path: string },
): Promise<{ file: Uint8Array<ArrayBuffer>; contentType: string } | undefined> {
  const customization = await app.store.uiCustomizations.find(pool as UserPoolId, client as ClientId)
  if (customization?.image === undefined || logoPath(customization) !== path) return undefined
  const { type, base64 } = customization.image
  return { file: Buffer.from(base64, 'base64'), contentType: contentTypes[type] }
}
