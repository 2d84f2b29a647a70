import type { Challenge } from '../../domain/challenge.ts'
import { lifetimes } from '../../domain/client.ts'
import { Fault } from '../../domain/faults.ts'
import type { AuthSession } from '../../domain/session.ts'
import { witnessed } from '../auth-events.ts'
import { type ChallengeRules, type Parameters, parameter, type SignIn } from '../step.ts'
import { emailOtp, smsMfa, smsOtp } from './codes.ts'
import { customChallenge } from './custom.ts'
import { devicePasswordVerifier, deviceSrpAuth } from './device.ts'
import { mfaSetup } from './mfa-setup.ts'
import { newPasswordRequired } from './new-password.ts'
import { webAuthn } from './passkey.ts'
import { password, passwordSrp, passwordVerifier } from './password.ts'
import { selectChallenge, selectMfaType } from './select.ts'
import { openBlock } from './srp.ts'
import { softwareTokenMfa } from './totp.ts'

/** Every challenge of the API and who judges it. */
export const challenges: Record<Challenge, ChallengeRules> = witnessed({
  SMS_MFA: smsMfa,
  EMAIL_OTP: emailOtp,
  SOFTWARE_TOKEN_MFA: softwareTokenMfa,
  SELECT_MFA_TYPE: selectMfaType,
  MFA_SETUP: mfaSetup,
  PASSWORD_VERIFIER: passwordVerifier,
  CUSTOM_CHALLENGE: customChallenge,
  SELECT_CHALLENGE: selectChallenge,
  DEVICE_SRP_AUTH: deviceSrpAuth,
  DEVICE_PASSWORD_VERIFIER: devicePasswordVerifier,
  // The older name of a password inside custom sign-in.
  ADMIN_NO_SRP_AUTH: password,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  SMS_OTP: smsOtp,
  PASSWORD: password,
  WEB_AUTHN: webAuthn,
  PASSWORD_SRP: passwordSrp,
})

/** The digest of a session that is in no row: it travels in SECRET_BLOCK, or ends in the call that began it. */
export const unstored = ''

/**
 * The session of a challenge whose whole state is in its SECRET_BLOCK; nothing for the others.
 * @throws Fault InvalidParameter, IncorrectCredentials for a block that is not ours
 */
export function selfContained(
  signIn: SignIn,
  challenge: Challenge,
  responses: Parameters,
): AuthSession | undefined {
  if (challenge !== 'PASSWORD_VERIFIER' && challenge !== 'DEVICE_PASSWORD_VERIFIER') return undefined
  const { app, pool, client } = signIn
  const state = openBlock(app, pool.id, challenge, parameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK'))
  if (state === undefined) throw new Fault('IncorrectCredentials')
  const { clientId, userId, name, progress } = state.facts
  return {
    poolId: pool.id,
    digest: unstored,
    clientId,
    username: userId,
    name,
    challenge,
    startedAt: state.expiresAt - lifetimes(client.settings).session,
    expiresAt: state.expiresAt,
    attempts: 0,
    progress,
    question: {},
  }
}
