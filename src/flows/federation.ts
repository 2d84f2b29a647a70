import { type AuthorizationRequest, codeLifetime } from '../domain/authorization.ts'
import type { Client } from '../domain/client.ts'
import type { ProviderAnswer } from '../domain/federation.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import type { UserPoolId } from '../domain/ids.ts'
import { OAuthError, oauthErrorCode } from '../domain/oauth-error.ts'
import type { Pool } from '../domain/pool.ts'
import type { Progress } from '../domain/session.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import { OidcRefusal, type OidcRequest } from '../ports/oidc-client.ts'
import { recordFederated } from './auth-events.ts'
import { type Granted, grant } from './authorization.ts'
import { signInFederated } from './federated-user.ts'
import { oidcProviderOf } from './oidc-providers.ts'
import { retried } from './retried.ts'
import type { SignIn } from './step.ts'

type TextMap = Readonly<Record<string, string>>

/**
 * Sign-in by way of an identity provider: whoever asks for it is sent there, and comes back with what the provider says. All
 * that has to be remembered meanwhile travels along, sealed, as `state`; a cookie binds it to the browser.
 */

/** A sign-in that is under way at a provider. */
export interface Visit {
  readonly pool: Pool
  readonly client: Client
  readonly provider: IdentityProvider
  /** What the app had asked for. */
  readonly request: AuthorizationRequest
  /** What the provider was asked. */
  readonly asked: OidcRequest
}

interface State {
  readonly poolId: UserPoolId
  readonly provider: string
  readonly request: AuthorizationRequest
  readonly asked: Omit<OidcRequest, 'state'>
  /** The cookie of the browser that asked. */
  readonly browser: string
  readonly expiresAt: Instant
}

const context = 'state of a sign-in at an identity provider'

/** Where the user goes to sign in. `redirectUri` is where the provider sends them back to: an address of this server. */
export async function visit(
  { app, pool, now }: SignIn,
  provider: IdentityProvider,
  request: AuthorizationRequest,
  {
    redirectUri,
    browser,
    hints,
  }: {
    readonly redirectUri: string
    readonly browser: string
    readonly hints: Readonly<Record<string, string>>
  },
): Promise<string> {
  const asked = {
    redirectUri,
    nonce: app.random.uuid(),
    codeVerifier: Buffer.from(app.random.bytes(32)).toString('base64url'),
  }
  const facts: State = {
    poolId: pool.id,
    provider: provider.name,
    // ID tokens of federated users have one, asked for or not, says the guide.
    request: { nonce: app.random.uuid(), ...request },
    asked,
    browser,
    expiresAt: now + codeLifetime,
  }
  const state = app.vault.seal(Buffer.from(JSON.stringify(facts)), context)
  const party = await oidcProviderOf(app, provider, now)
  return app.oidc.authorizationUrl(party, { ...asked, state }, { ...hints, ...party.hints })
}

/**
 * The visit that a state belongs to. Nothing where the state is not ours or too old, where another browser brings it, and
 * where those whom it is about are gone.
 */
export async function visitOf(
  app: App,
  state: string,
  browser: string | undefined,
  now: Instant,
): Promise<Visit | undefined> {
  const facts = opened(app, state)
  if (facts === undefined || browser === undefined || now >= facts.expiresAt) return undefined
  if (!new Secret(facts.browser).matches(browser)) return undefined
  const { poolId, request } = facts
  const pool = await app.store.pools.find(poolId)
  const client = await app.store.clients.find(poolId, request.clientId)
  const provider = await app.store.identityProviders.find(poolId, facts.provider)
  if (!pool || !client || !provider || !offers(client, provider.name)) return undefined
  return { pool, client, provider, request, asked: { ...facts.asked, state } }
}

/** Whether a client lets its users sign in there. */
export const offers = ({ settings }: Client, name: string): boolean =>
  settings.SupportedIdentityProviders?.includes(name) ?? false

function opened(app: App, state: string): State | undefined {
  try {
    return JSON.parse(Buffer.from(app.vault.open(state, context)).toString('utf8'))
  } catch {
    // Anybody may bring anything: what this server has not sealed is no state.
    return undefined
  }
}

/**
 * Signs in the user who comes back with these parameters, and answers the app.
 * @throws OAuthError in the provider's words, and Fault in ours
 */
export function comeBack(signIn: SignIn, visit: Visit, parameters: TextMap): Promise<Granted> {
  const { provider, request } = visit
  const eventId = signIn.app.random.uuid()
  const progress: Progress = { flow: 'federation', provider: provider.name, eventId, methods: [] }
  return recordFederated(signIn, async (signIn) => {
    const answer = await answerOf(signIn, visit, parameters)
    const user = await retried(() => signInFederated(signIn, provider, answer, progress))
    return grant(signIn, user, request, eventId)
  })
}

/** What the provider says. @throws OAuthError */
async function answerOf({ app, now }: SignIn, visit: Visit, parameters: TextMap): Promise<ProviderAnswer> {
  const party = await oidcProviderOf(app, visit.provider, now)
  try {
    return await app.oidc.answer(party, visit.asked, parameters, now)
  } catch (error) {
    if (!(error instanceof OidcRefusal)) throw error
    const { name, poolId } = visit.provider
    app.journal.info('an identity provider signed nobody in', { poolId, provider: name, error: error.cause })
    throw new OAuthError(oauthErrorCode(error.code), error.message, { cause: error })
  }
}
