import { Fault } from '../../domain/faults.ts'
import { countFailure, mustNotBeLocked, mustStillNotBeLocked } from '../lockout.ts'
import { stepOf } from '../software-tokens.ts'
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
    // Captured in amazon-cognito-identity-js#630; here it is a token that was deleted since the challenge.
    if (user !== undefined && token === undefined) throw new Fault('SoftwareTokenNotFound')
    const step = token && stepOf(app, user, token.sealed, code, now)
    if (user === undefined || step === undefined) {
      await countFailure(signIn, subject)
      throw new Fault('WrongCode')
    }
    if (!(await app.store.softwareTokens.use(pool.id, user.username, step)))
      throw new Fault('SoftwareTokenUsed')
    return {
      kind: 'proven',
      user,
      method: 'otp',
      along: (store) => mustStillNotBeLocked(signIn, subject, store),
    }
  },
}
