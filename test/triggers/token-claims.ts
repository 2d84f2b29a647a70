interface PreTokenGenerationV2Event {
  readonly request: { readonly userAttributes: Record<string, string>; readonly scopes: string[] }
  response: { claimsAndScopeOverrideDetails: unknown }
}

/** PreTokenGeneration, version 2: a claim for both tokens, a scope more and an address less. */
export async function handler(event: PreTokenGenerationV2Event): Promise<PreTokenGenerationV2Event> {
  const tenant = event.request.userAttributes['custom:tenant'] ?? 'none'
  event.response = {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: { claimsToAddOrOverride: { tenant }, claimsToSuppress: ['email'] },
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenant, limits: { requests: 10 } },
        scopesToAdd: [`tenant/${tenant}`],
      },
    },
  }
  return event
}
