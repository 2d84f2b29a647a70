// An inbound federation function as AWS's guide describes it: it takes over what the provider says, shortens the list of
// groups to what fits into an attribute, and turns away who is not of the house.
export const handler = async (event) => {
  const { providerType, attributes } = event.request
  if (providerType !== 'OIDC') return event
  const claims = { ...attributes.idToken, ...attributes.userInfo }
  if (!claims.email?.endsWith('@example.com')) throw new Error('Only example.com may come in')
  const groups = JSON.parse(claims.groups ?? '[]').slice(0, 1)
  event.response.userAttributesToMap = {
    sub: claims.sub,
    email: claims.email,
    email_verified: claims.email_verified,
    name: claims.name,
    team: groups.join(','),
  }
  return event
}
