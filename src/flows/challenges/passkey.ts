import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { lifetimes } from '../../domain/client.ts'
import { Fault } from '../../domain/faults.ts'
import { isCredentialId, type Passkey, servesOrigin, userVerification } from '../../domain/passkey.ts'
import type { Pool } from '../../domain/pool.ts'
import { clientDataOf, newChallenge, usablePasskeys } from '../passkeys.ts'
import { type Answer, type ChallengeRules, type Outcome, parameter } from '../step.ts'

/** A passkey: the browser signs a challenge of ours with one of the user's credentials. */
export const webAuthn: ChallengeRules = {
  async begin({ app, pool, client }, { user }) {
    const rpId = pool.mfa.webAuthn?.RelyingPartyId
    // Taken away since it was offered.
    if (user === undefined || rpId === undefined) throw new Fault('PasskeyRefused')
    const passkeys = await usablePasskeys(app, pool, user)
    const challenge = newChallenge(app)
    // Members and their order as in the example of InitiateAuth in AWS's API reference.
    const options = {
      challenge,
      timeout: lifetimes(client.settings).session,
      rpId,
      allowCredentials: passkeys.map(({ id, transports }) => ({ type: 'public-key', id, transports })),
      userVerification: userVerification(pool),
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
  const counter = await verifiedCounter(pool, credential, passkey, session.question.webAuthnChallenge ?? '')
  if (counter === undefined) throw new Fault('PasskeyRefused')
  return {
    kind: 'proven',
    user,
    // A passkey that a platform may copy is kept in software; one bound to its device is hardware.
    method: passkey.multiDevice ? 'swk' : 'hwk',
    along: (store) => store.passkeys.saveCounter(passkey, counter),
  }
}

/** The counter of a signature that is right in everything; nothing for any other. */
async function verifiedCounter(
  pool: Pool,
  credential: AuthenticationResponseJSON,
  passkey: Passkey,
  challenge: string,
): Promise<number | undefined> {
  const origin = clientDataOf(credential)?.origin
  if (origin === undefined || !servesOrigin(passkey.relyingPartyId, origin)) return undefined
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: passkey.relyingPartyId,
      requireUserVerification: userVerification(pool) === 'required',
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    // The library throws for whatever does not verify, a counter that went back among it; the caller learns no more.
    return undefined
  }
}

function readCredential(text: string): AuthenticationResponseJSON | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const { id, response } = (value ?? {}) as Partial<AuthenticationResponseJSON>
    return isCredentialId(id) && typeof response === 'object' && response !== null
      ? (value as AuthenticationResponseJSON)
      : undefined
  } catch {
    return undefined
  }
}
