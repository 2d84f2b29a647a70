import { Fault } from '../domain/faults.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import type { Pool } from '../domain/pool.ts'
import {
  checkCharacters,
  checkResponse,
  entityIdOf,
  type SamlAssertion,
  usedLifetime,
} from '../domain/saml.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { type SamlProvider, SamlRefusal } from '../ports/saml-client.ts'
import { certificateOf, privateKeyOf } from './certificates.ts'
import { digestOf } from './digest.ts'
import type { ProviderProtocol, Told } from './provider-protocol.ts'
import type { SignIn } from './step.ts'

type TextMap = Readonly<Record<string, string>>

export const saml: ProviderProtocol = {
  path: '/saml2/idpresponse',

  async url({ app, pool, now }, provider, { redirectUri, state, nonce }, { prompt = '' }) {
    return app.saml.authorizationUrl(await samlProviderOf(app, pool, provider, now), {
      id: requestId(nonce),
      issuer: entityIdOf(pool),
      consumerUrl: redirectUri,
      relayState: state,
      forceAuthn: prompt.split(' ').includes('login'),
      issuedAt: now,
    })
  },

  answer: (signIn, provider, { redirectUri, nonce }, parameters) =>
    answer(signIn, provider, redirectUri, requestId(nonce), parameters),

  unasked: {
    may: mayBegin,
    answer: (signIn, provider, redirectUri, parameters) =>
      answer(signIn, provider, redirectUri, undefined, parameters),
  },

  /** The code, the words before and the space behind are captured (aws-sdk-js-v3#6201 and others). */
  refusal: (fault) =>
    new OAuthError('server_error', `Invalid SAML response received: ${inSamlWords(fault)} `, {
      cause: fault,
    }),
}

/** What is wrong with attributes is said in other words here. Source: re:Post, "invalid SAML response errors". */
const inSamlWords = ({ message }: Fault): string =>
  message.replace(/^(Attributes did not conform to the schema: |user\.)/, 'Invalid user attributes: ')

/** An XML ID does not begin with a digit. */
const requestId = (nonce: string): string => `_${nonce}`

const isOn = (detail: string | undefined): boolean => detail?.toLowerCase() === 'true'

/**
 * Whether a provider may send users to a client who were not sent there. Clients of such a provider have no others but SAML
 * providers: so the guide says, "Things to know about SAML IdPs".
 */
async function mayBegin(
  { app: { store }, pool, client }: SignIn,
  { details }: IdentityProvider,
): Promise<boolean> {
  if (!isOn(details.IDPInit)) return false
  for (const name of client.settings.SupportedIdentityProviders ?? []) {
    if ((await store.identityProviders.find(pool.id, name))?.type !== 'SAML') return false
  }
  return true
}

async function answer(
  signIn: SignIn,
  provider: IdentityProvider,
  recipient: string,
  requestId: string | undefined,
  { SAMLResponse: text = '' }: TextMap,
): Promise<Told> {
  try {
    const { attributes, nameId } = await believed(signIn, provider, recipient, requestId, text)
    return { answer: { samlResponse: attributes }, subject: nameId }
  } catch (error) {
    if (!(error instanceof Fault || error instanceof SamlRefusal)) throw error
    const { name, poolId } = provider
    signIn.app.journal.info('an identity provider signed nobody in', { poolId, provider: name, error })
    throw error instanceof Fault ? error : new Fault('InvalidParameter', error.message)
  }
}

/** An assertion that is the provider's, is for this request and has not been here before. @throws Fault, SamlRefusal */
async function believed(
  { app, pool, now }: SignIn,
  provider: IdentityProvider,
  recipient: string,
  requestId: string | undefined,
  text: string,
): Promise<SamlAssertion> {
  const response = await app.saml.read(await samlProviderOf(app, pool, provider, now), text)
  const { entityId: issuer = '' } = provider.saml ?? {}
  checkResponse(response, { issuer, audience: entityIdOf(pool), recipient, requestId }, now)
  const { assertion } = response
  checkCharacters(assertion.attributes)
  const isFirst = await app.store.usedAssertions.add({
    poolId: pool.id,
    digest: digestOf(JSON.stringify([provider.name, assertion.id])),
    expiresAt: now + usedLifetime,
  })
  // The rule is in the guide, "No replayed assertions"; the text is ours.
  if (!isFirst) throw new Fault('InvalidParameter', 'The assertion has been used before.')
  return assertion
}

/** A provider as a party to SAML, with the pool's own keys as far as they are to be used with it. */
async function samlProviderOf(
  app: App,
  pool: Pool,
  { details, saml }: IdentityProvider,
  now: Instant,
): Promise<SamlProvider> {
  const keyFor = async (use: 'signing' | 'encryption') =>
    privateKeyOf(app, await certificateOf(app, pool, use, now))
  return {
    signOnUrl: details.SSORedirectBindingURI ?? '',
    certificates: saml?.certificates ?? [],
    ...(details.RequestSigningAlgorithm && { signingKey: await keyFor('signing') }),
    ...(isOn(details.EncryptedResponses) && { decryptionKey: await keyFor('encryption') }),
  }
}
