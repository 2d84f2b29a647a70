import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { Fault } from '../../domain/faults.ts'
import { type Passkey, servesOrigin } from '../../domain/passkey.ts'
import type { Pool } from '../../domain/pool.ts'
import { type Answer, type ChallengeRules, type Outcome, parameter } from '../step.ts'

const mostPasskeys = 20

/** A passkey: the browser signs a challenge of ours with one of the user's credentials. */
export const webAuthn: ChallengeRules = {
  async begin({ app, pool }, { user }) {
    const passkeys = user
      ? await app.store.passkeys.page(pool.id, user.username, { limit: mostPasskeys })
      : []
    const challenge = Buffer.from(app.random.bytes(32)).toString('base64url')
    const options = {
      challenge,
      timeout: 180_000,
      rpId: relyingPartyId(pool),
      allowCredentials: passkeys.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
      userVerification: pool.mfa.webAuthn?.UserVerification ?? 'preferred',
    }
    return {
      parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
      state: { webAuthnChallenge: challenge },
    }
  },
  judge,
}

async function judge({ signIn, subject, session, responses }: Answer): Promise<Outcome> {
  const { app, pool } = signIn
  const { user } = subject
  const credential = readCredential(parameter(responses, 'CREDENTIAL'))
  const passkey = user && credential && (await app.store.passkeys.find(pool.id, user.username, credential.id))
  if (user === undefined || credential === undefined || passkey === undefined)
    throw new Fault('PasskeyRefused')
  const verified = await verify(pool, credential, passkey, session.question.webAuthnChallenge ?? '')
  if (verified === undefined) throw new Fault('PasskeyRefused')
  return {
    kind: 'proven',
    user,
    // A passkey that a platform may copy is kept in software; one bound to its device is hardware.
    method: passkey.backedUp ? 'swk' : 'hwk',
    along: (store) => store.passkeys.saveCounter(passkey, verified.counter),
  }
}

async function verify(
  pool: Pool,
  credential: AuthenticationResponseJSON,
  passkey: Passkey,
  challenge: string,
): Promise<{ counter: number } | undefined> {
  const origin = originOf(credential)
  if (origin === undefined || !servesOrigin(passkey.relyingPartyId, origin)) return undefined
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: passkey.relyingPartyId,
      requireUserVerification: pool.mfa.webAuthn?.UserVerification === 'required',
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    })
    return verified ? { counter: authenticationInfo.newCounter } : undefined
  } catch {
    // The library throws for whatever does not verify, and tells the browser's side; the caller learns no more than no.
    return undefined
  }
}

/** @throws Fault PasskeysNotConfigured */
export function relyingPartyId(pool: Pool): string {
  const id = pool.mfa.webAuthn?.RelyingPartyId
  if (id === undefined) throw new Fault('PasskeysNotConfigured')
  return id
}

function readCredential(text: string): AuthenticationResponseJSON | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const { id, response } = (value ?? {}) as Partial<AuthenticationResponseJSON>
    return typeof id === 'string' && typeof response === 'object'
      ? (value as AuthenticationResponseJSON)
      : undefined
  } catch {
    return undefined
  }
}

function originOf(credential: AuthenticationResponseJSON): string | undefined {
  try {
    const data = JSON.parse(Buffer.from(credential.response.clientDataJSON, 'base64url').toString('utf8'))
    return typeof data?.origin === 'string' ? data.origin : undefined
  } catch {
    return undefined
  }
}
