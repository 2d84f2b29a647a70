import { Fault } from '../../domain/faults.ts'
import { matchingStep } from '../../domain/totp.ts'
import { Secret } from '../../lib/secret.ts'
import { countFailure, mustNotBeLocked } from '../lockout.ts'
import { type ChallengeRules, parameter } from '../step.ts'

/** The code of an authenticator app. Each code works once. */
export const softwareTokenMfa: ChallengeRules = {
  async begin({ app, pool }, { user }) {
    const token = user && (await app.store.softwareTokens.find(pool.id, user.username))
    return {
      parameters: {
        USER_ID_FOR_SRP: user?.username ?? '',
        ...(token?.deviceName !== undefined && { FRIENDLY_DEVICE_NAME: token.deviceName }),
      },
    }
  },

  async judge({ signIn, subject, responses }) {
    const { app, pool, now } = signIn
    const code = parameter(responses, 'SOFTWARE_TOKEN_MFA_CODE')
    await mustNotBeLocked(signIn, subject)
    const { user } = subject
    const token = user && (await app.store.softwareTokens.find(pool.id, user.username))
    const step = token && matchingStep(openSoftwareToken(app, token), code, now)
    if (user === undefined || token === undefined || step === undefined) {
      await countFailure(signIn, subject)
      throw new Fault('WrongCode')
    }
    if (!(await app.store.softwareTokens.use(pool.id, user.username, step)))
      throw new Fault('SoftwareTokenUsed')
    return { kind: 'proven', user, method: 'otp' }
  },
}

interface Sealed {
  readonly poolId: string
  readonly username: string
  readonly sealed: string
}

export function openSoftwareToken(
  app: { vault: { open: (sealed: string, context: string) => Uint8Array } },
  token: Sealed,
): Secret {
  const bytes = app.vault.open(token.sealed, softwareTokenContext(token.poolId, token.username))
  return new Secret(Buffer.from(bytes).toString('utf8'))
}

export const softwareTokenContext = (poolId: string, username: string) =>
  `software token ${poolId} ${username}`
