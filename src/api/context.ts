import { isIP } from 'node:net'
import { isProtected } from '../domain/auth-event.ts'
import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { Source } from '../ports/app.ts'
import type { Input } from '../protocol/shape.ts'
import type { ContextData, UserContextData } from './sign-in/shapes.ts'

/**
 * Where a user is, on the word of a server that calls for them. A pool takes such words while its threat protection is
 * on; the fingerprint in EncodedData is kept by nobody.
 */

/** On the word of an administrator. @throws Fault InvalidParameter for what is no address */
export function sourceByAdministrator(
  source: Source,
  pool: Pool,
  data: Input<typeof ContextData> | undefined,
): Source {
  if (data === undefined || !isProtected(pool)) return source
  const userAgent = data.HttpHeaders.find(({ headerName }) => headerName?.toLowerCase() === 'user-agent')
  return { ...source, address: addressIn(data.IpAddress), userAgent: userAgent?.headerValue }
}

/**
 * On the word of an app client that has a secret and says that it sends addresses; others may say what they like.
 * @throws Fault InvalidParameter for what is no address
 */
export function sourceByClient(
  source: Source,
  pool: Pool,
  { settings }: Client,
  data: Input<typeof UserContextData> | undefined,
): Source {
  const trusted = isProtected(pool) && settings.EnablePropagateAdditionalUserContextData
  return trusted && data?.IpAddress !== undefined ? { ...source, address: addressIn(data.IpAddress) } : source
}

/** The text is ours. */
function addressIn(given: string): string {
  if (isIP(given) === 0) throw new Fault('InvalidParameter', 'IpAddress must be an IPv4 or IPv6 address.')
  return given
}
