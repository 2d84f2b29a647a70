import { hash } from 'node:crypto'
import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server'
import {
  cose,
  decodeAttestationObject,
  decodeClientDataJSON,
  decodeCredentialPublicKey,
  isoBase64URL,
  type ParsedAuthenticatorData,
  parseAuthenticatorData,
} from '@simplewebauthn/server/helpers'
import { signInName } from '../domain/alias.ts'
import { codeLifetime } from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import { withoutFactor } from '../domain/mfa.ts'
import {
  isCredentialId,
  mustAllowPasskeys,
  type Passkey,
  passkeyAlgorithms,
  passkeyName,
  relyingPartyOf,
  servesOrigin,
  userVerification,
} from '../domain/passkey.ts'
import type { Pool } from '../domain/pool.ts'
import { mustHaveRoom, quotas } from '../domain/quotas.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { DuplicateKey } from '../ports/store.ts'
import { digestOf } from './digest.ts'
import { saveUser } from './save-user.ts'

/**
 * Passkeys of a signed-in user. Registering one takes two calls, tied together by a challenge that is kept as its digest,
 * with the client that began, and taken by the call that completes.
 */

/** Who registers, and with whose token. */
export interface Registrant {
  readonly pool: Pool
  readonly user: User
  readonly clientId: string
}

export const newChallenge = (app: App): string => Buffer.from(app.random.bytes(32)).toString('base64url')

/** The passkeys that a user can sign in with: those of the relying party of today. */
export async function usablePasskeys(app: App, pool: Pool, { username }: User): Promise<Passkey[]> {
  const passkeys = await app.store.passkeys.page(pool.id, username, { limit: quotas.passkeys })
  return passkeys.filter(({ relyingPartyId }) => relyingPartyId === pool.mfa.webAuthn?.RelyingPartyId)
}

/** `PublicKeyCredentialCreationOptionsJSON`, member by member as in the example of AWS's API reference. */
export async function startRegistration(
  app: App,
  { pool, user, clientId }: Registrant,
  now: Instant,
): Promise<object> {
  mustAllowPasskeys(pool)
  const rpId = relyingPartyOf(pool)
  const { username, sub } = user
  const passkeys = await app.store.passkeys.page(pool.id, username, { limit: quotas.passkeys })
  mustHaveRoom('passkeys', passkeys.length)
  const challenge = newChallenge(app)
  await app.store.codes.put({
    poolId: pool.id,
    username,
    purpose: 'passkey',
    digest: digestOf(challenge),
    expiresAt: now + codeLifetime.passkey,
    value: clientId,
  })
  const name = signInName(pool, user)
  return {
    authenticatorSelection: {
      requireResidentKey: true,
      residentKey: 'required',
      userVerification: userVerification(pool),
    },
    challenge,
    excludeCredentials: passkeys.map(({ id }) => ({ id, type: 'public-key' })),
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ alg, type: 'public-key' })),
    rp: { id: rpId, name: rpId },
    timeout: 60_000,
    user: { displayName: name, id: Buffer.from(sub).toString('base64url'), name },
  }
}

/**
 * Registers the credential that a browser has made. Each refusal of AWS's is found here, by name; the library then
 * verifies all of it again, with the signature of the attestation where there is one.
 */
export async function completeRegistration(
  app: App,
  { pool, user, clientId }: Registrant,
  given: unknown,
  now: Instant,
): Promise<void> {
  mustAllowPasskeys(pool)
  const rpId = pool.mfa.webAuthn?.RelyingPartyId
  // Taken away since the start: the model has no WebAuthnConfigurationMissing here.
  if (rpId === undefined) throw new Fault('PasskeysOff')
  const { response, challenge, origin, data } = readRegistration(given)
  const { username } = user
  const started = await app.store.codes.find(pool.id, username, 'passkey')
  if (started === undefined || now >= started.expiresAt || started.digest !== digestOf(challenge))
    throw new Fault('PasskeyChallengeNotFound')
  if (started.value !== clientId) throw new Fault('PasskeyOfOtherClient')
  if (!servesOrigin(rpId, origin)) throw new Fault('PasskeyOriginNotAllowed')
  if (!Buffer.from(data.rpIdHash).equals(hash('sha256', rpId, 'buffer')))
    throw new Fault('PasskeyOfOtherRelyingParty')
  const verified = userVerification(pool) === 'preferred' || data.flags.uv
  if (!verified || !passkeyAlgorithms.includes(algorithmOf(data))) throw new Fault('PasskeyNotSupported')

  const { registrationInfo } = await verify(response, challenge, origin, rpId)
  if (registrationInfo === undefined) throw unreadable()
  const { credential, aaguid, credentialDeviceType } = registrationInfo
  const attachment = attachments.find((known) => known === response.authenticatorAttachment)
  const passkey: Passkey = {
    poolId: pool.id,
    username,
    id: credential.id,
    publicKey: isoBase64URL.fromBuffer(credential.publicKey),
    counter: credential.counter,
    transports: transportsOf(response),
    relyingPartyId: rpId,
    name: passkeyName(aaguid, attachment),
    ...(attachment && { attachment }),
    multiDevice: credentialDeviceType === 'multiDevice',
    createdAt: now,
  }
  await app.store.transaction(async (store) => {
    if (!(await store.codes.take(started))) throw new Fault('PasskeyChallengeNotFound')
    // One registration of a user is under way at a time, so that nobody else counts in between.
    mustHaveRoom('passkeys', await store.passkeys.count(pool.id, username))
    await store.passkeys.create(passkey).catch((error) => {
      throw error instanceof DuplicateKey
        ? new Fault('InvalidParameter', 'The passkey credential is already registered.')
        : error
    })
  })
}

/** With the last passkey goes what it meant as a second factor. @throws Fault PasskeyNotFound */
export async function deletePasskey(
  app: App,
  pool: Pool,
  user: User,
  id: string,
  now: Instant,
): Promise<void> {
  if (!isCredentialId(id)) throw new Fault('PasskeyNotFound')
  await app.store.transaction(async (store) => {
    if (!(await store.passkeys.delete(pool.id, user.username, id))) throw new Fault('PasskeyNotFound')
    if (!user.mfa.webAuthn || (await store.passkeys.count(pool.id, user.username)) > 0) return
    await saveUser(store, pool, user, { ...user, mfa: withoutFactor(user.mfa, 'WEB_AUTHN') }, now)
  })
}

const unreadable = () => new Fault('InvalidParameter', 'The credential is not valid.')

/** What a browser says it has signed, unverified; nothing when it is not to be read. */
export function clientDataOf(credential: {
  readonly response: { readonly clientDataJSON: string }
}): { readonly challenge: string; readonly origin: string } | undefined {
  try {
    const { challenge, origin } = decodeClientDataJSON(credential.response.clientDataJSON)
    return typeof challenge === 'string' && typeof origin === 'string' ? { challenge, origin } : undefined
  } catch {
    return undefined
  }
}

interface Registration {
  readonly response: RegistrationResponseJSON
  readonly challenge: string
  readonly origin: string
  readonly data: ParsedAuthenticatorData
}

/** @throws Fault InvalidParameter */
function readRegistration(given: unknown): Registration {
  try {
    const response = given as RegistrationResponseJSON
    const clientData = clientDataOf(response)
    const object = decodeAttestationObject(isoBase64URL.toBuffer(response.response.attestationObject))
    const data = parseAuthenticatorData(object.get('authData'))
    if (clientData === undefined) throw unreadable()
    return { response, ...clientData, data }
  } catch {
    // It is what any caller likes to send, and the readers throw whatever they stumble over.
    throw unreadable()
  }
}

const attachments = ['platform', 'cross-platform'] as const

/** What a browser says of the ways to its authenticator: hints for the next one, kept as they are. */
function transportsOf({ response }: RegistrationResponseJSON): string[] {
  const given: unknown = response.transports
  const isTransport = (value: unknown): value is string =>
    typeof value === 'string' && /^[a-z-]{1,32}$/.test(value)
  return Array.isArray(given) ? given.filter(isTransport) : []
}

function algorithmOf({ credentialPublicKey }: ParsedAuthenticatorData): number {
  if (credentialPublicKey === undefined) throw unreadable()
  return decodeCredentialPublicKey(credentialPublicKey).get(cose.COSEKEYS.alg) ?? 0
}

async function verify(response: RegistrationResponseJSON, challenge: string, origin: string, rpId: string) {
  try {
    return await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      // Judged before, by the pool's own rule.
      requireUserVerification: false,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
  } catch {
    throw unreadable()
  }
}
