import type { AuthorizationRequest } from '../domain/authorization.ts'
import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { IdentityProvider, ProviderType } from '../domain/identity-provider.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { Progress } from '../domain/session.ts'
import { type Instant, minutes } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import { recordFederated } from './auth-events.ts'
import { type Granted, grant } from './authorization.ts'
import { signInFederated } from './federated-user.ts'
import { oidc } from './oidc-providers.ts'
import type { Asked, ProviderProtocol, Told } from './provider-protocol.ts'
import { retried } from './retried.ts'
import { saml } from './saml-providers.ts'
import type { SignIn } from './step.ts'

type TextMap = Readonly<Record<string, string>>

/**
 * Sign-in by way of an identity provider: whoever asks for it is sent there, and comes back with what the provider says. All
 * that has to be remembered meanwhile travels along, sealed, as `state`; a cookie binds it to the browser.
 */

const protocols: Readonly<Record<ProviderType, ProviderProtocol>> = {
  OIDC: oidc,
  Facebook: oidc,
  Google: oidc,
  LoginWithAmazon: oidc,
  SignInWithApple: oidc,
  SAML: saml,
}

/** A sign-in that is under way at a provider. */
export interface Visit {
  readonly pool: Pool
  readonly client: Client
  readonly provider: IdentityProvider
  /** What the app had asked for. */
  readonly request: AuthorizationRequest
  /** What the provider was asked. */
  readonly asked: Asked
}

interface State {
  readonly poolId: UserPoolId
  readonly provider: string
  readonly request: AuthorizationRequest
  readonly asked: Omit<Asked, 'state'>
  /** The cookie of the browser that asked. */
  readonly browser: string
  readonly expiresAt: Instant
}

/** Until a provider's answer comes too late. */
const visitLifetime = minutes(5)

const context = 'state of a sign-in at an identity provider'

/** Where the user goes to sign in. `origin` is this server's own address, to which the provider sends them back. */
export async function visit(
  signIn: SignIn,
  provider: IdentityProvider,
  request: AuthorizationRequest,
  { origin, browser, hints }: { readonly origin: string; readonly browser: string; readonly hints: TextMap },
): Promise<string> {
  const { app, pool, now } = signIn
  const protocol = protocols[provider.type]
  const asked = {
    redirectUri: origin + protocol.path,
    nonce: app.random.uuid(),
    codeVerifier: Buffer.from(app.random.bytes(32)).toString('base64url'),
  }
  const facts: State = {
    poolId: pool.id,
    provider: provider.name,
    request: withNonce(app, request),
    asked,
    browser,
    expiresAt: now + visitLifetime,
  }
  const state = app.vault.seal(Buffer.from(JSON.stringify(facts)), context)
  return protocol.url(signIn, provider, { ...asked, state }, hints)
}

/** ID tokens of federated users have one, asked for or not, says the guide. */
const withNonce = (app: App, request: AuthorizationRequest): AuthorizationRequest => ({
  nonce: app.random.uuid(),
  ...request,
})

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
 * @throws OAuthError in the provider's words or its protocol's, and Fault in ours
 */
export const comeBack = (
  signIn: SignIn,
  { provider, request, asked }: Visit,
  parameters: TextMap,
): Promise<Granted> =>
  admit(signIn, provider, request, (signIn, { answer }) => answer(signIn, provider, asked, parameters))

/**
 * The same for a user whom a provider sends without having been asked to; nothing where it may not.
 * @throws as `comeBack` does
 */
export async function comeUnasked(
  signIn: SignIn,
  provider: IdentityProvider,
  request: AuthorizationRequest,
  { origin, parameters }: { readonly origin: string; readonly parameters: TextMap },
): Promise<Granted | undefined> {
  const { unasked, path } = protocols[provider.type]
  if (unasked === undefined || !(await unasked.may(signIn, provider))) return undefined
  return admit(signIn, provider, withNonce(signIn.app, request), (signIn) =>
    unasked.answer(signIn, provider, origin + path, parameters),
  )
}

async function admit(
  signIn: SignIn,
  provider: IdentityProvider,
  request: AuthorizationRequest,
  ask: (signIn: SignIn, protocol: ProviderProtocol) => Promise<Told>,
): Promise<Granted> {
  const protocol = protocols[provider.type]
  const eventId = signIn.app.random.uuid()
  const progress: Progress = { flow: 'federation', provider: provider.name, eventId, methods: [] }
  try {
    return await recordFederated(signIn, async (signIn) => {
      const told = await ask(signIn, protocol)
      const user = await retried(() => signInFederated(signIn, provider, told, progress))
      return grant(signIn, user, request, eventId)
    })
  } catch (error) {
    throw protocol.refusal && error instanceof Fault ? protocol.refusal(error) : error
  }
}
