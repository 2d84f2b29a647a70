import { mustTrackDevices, shownDevice } from '../../domain/device.ts'
import type { Pool } from '../../domain/pool.ts'
import type { User } from '../../domain/user.ts'
import { pageOf } from '../../flows/pages.ts'
import type { App } from '../../ports/app.ts'
import type { Output } from '../../protocol/shape.ts'
import type { Devices } from './shapes.ts'

/** A page of a user's devices. @throws Fault TrackingOff, InvalidParameter */
export async function listDevices(
  { store, vault, site }: App,
  pool: Pool,
  user: User,
  page: { readonly Limit?: number; readonly PaginationToken?: string },
  to: 'user' | 'administrator',
): Promise<Output<typeof Devices>> {
  mustTrackDevices(pool)
  const listing = `devices ${pool.id} ${user.username}`
  const { items, next } = await pageOf(vault, listing, page.PaginationToken, page.Limit || 60, {
    load: (request) => store.devices.page(pool.id, user.username, request),
    key: (device) => device.key,
  })
  return { Devices: items.map((device) => shownDevice(device, site.accountId, to)), PaginationToken: next }
}
