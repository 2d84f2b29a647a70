/** PreTokenGeneration, version 2: a tenant in both tokens, rights in the access token, an API's scope and no other. */
export const handler = (event, _context, callback) => {
  const { userAttributes, groupConfiguration, scopes } = event.request
  const tenant = { id: userAttributes['custom:tenant'], plan: { name: 'gold', seats: 5, trial: false } }
  event.response = {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: {
        claimsToAddOrOverride: { tenant, family_name: 'of the tenant', sub: 'nobody', aud: 'nobody' },
        claimsToSuppress: ['email', 'email_verified', 'iss', 'token_use'],
      },
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenant, rights: ['read', 'write'], iss: 'nobody', client_id: 'nobody' },
        claimsToSuppress: ['exp', 'jti'],
        scopesToAdd: ['orders/read', 'orders/write'],
        scopesToSuppress: scopes,
      },
      groupOverrideDetails: {
        groupsToOverride: [...groupConfiguration.groupsToOverride, `tenant-${tenant.id}`],
        iamRolesToOverride: ['arn:aws:iam::123456789012:role/tenant'],
        preferredRole: 'arn:aws:iam::123456789012:role/tenant',
      },
    },
  }
  callback(null, event)
}
