import { regionForm } from '../domain/ids.ts'

/**
 * The region that the name of an endpoint tells, as `cognito-idp.us-west-2.amazonaws.com` does: before it may stand the
 * name of a VPC endpoint, and behind it any domain. Calls of users are not signed, so nothing else tells it.
 */
export function regionOfHost(host: string | undefined): string | undefined {
  const labels = (host ?? '').toLowerCase().split('.')
  const service = labels.findIndex((label) => label === 'cognito-idp' || label === 'cognito-idp-fips')
  const region = service < 0 ? undefined : labels[service + 1]
  return region !== undefined && regionForm.test(region) ? region : undefined
}
