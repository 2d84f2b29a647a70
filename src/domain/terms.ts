import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import type { ClientId, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { mustOffer } from './pool-tier.ts'

/** Where an app client's terms of use, or its privacy policy, can be read: a link for each language. */
export interface Terms {
  readonly poolId: UserPoolId
  readonly id: string
  readonly clientId: ClientId
  /** `terms-of-use` or `privacy-policy`, and one of each at a client. */
  readonly name: string
  readonly links: Links
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
}

/** By `cognito:<language>`; `cognito:default` is for those that have none of their own. */
export type Links = Readonly<Record<string, string>>

/** Fixed. Source: developer guide, "Quotas in Amazon Cognito". */
export const mostTerms = 40

/** @throws Fault FeatureUnavailableInTier */
export function mustOfferTerms({ settings }: Pool): void {
  mustOffer(settings.UserPoolTier, 'Terms', 'ESSENTIALS')
}

/**
 * The sign-up page makes links of them, so a script or a page that can be read on the way is none. A machine's own pages
 * may do without TLS, as in callback URLs.
 * @throws Fault InvalidParameter
 */
export function checkLinks(links: Links | undefined): Links {
  if (links?.['cognito:default'] === undefined) {
    throw new Fault('InvalidParameter', 'Links must include cognito:default.')
  }
  for (const link of Object.values(links)) {
    const url = URL.parse(link)
    const local = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
    if (url?.protocol !== 'https:' && !local) {
      throw new Fault('InvalidParameter', `${link} is not a valid link: only HTTPS URLs are.`)
    }
  }
  return links
}
