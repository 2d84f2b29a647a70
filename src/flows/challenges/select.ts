import type { Challenge } from '../../domain/challenge.ts'
import { Fault } from '../../domain/faults.ts'
import { needsPassword } from '../../domain/first-factors.ts'
import { type ChallengeRules, parameter } from '../step.ts'

/** Several second factors, none preferred: the user chooses. */
export const selectMfaType: ChallengeRules = {
  begin: async (_, __, ___, input) => ({
    // The developer guide writes MFAS_CAN_SELECT; every AWS client reads MFAS_CAN_CHOOSE.
    parameters: { MFAS_CAN_CHOOSE: input.MFAS_CAN_CHOOSE ?? '[]' },
    state: { offered: JSON.parse(input.MFAS_CAN_CHOOSE ?? '[]') },
  }),
  async judge({ session, responses }) {
    const answer = parameter(responses, 'ANSWER')
    // AWS's comment on ChallengeResponses says EMAIL_MFA, its list of challenges EMAIL_OTP.
    const chosen = answer === 'EMAIL_MFA' ? 'EMAIL_OTP' : answer
    const offered = session.question.offered?.find((factor) => factor === chosen)
    if (offered === undefined) throw new Fault('InvalidParameter', 'Invalid MFA type selected.')
    return { kind: 'ask', challenge: offered as Challenge }
  },
}

/** What can come first in choice-based sign-in without a password. */
const passwordless: ReadonlySet<string> = new Set<Challenge>(['EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'])

/** Several first factors: the user chooses, and may bring the password or A along. */
export const selectChallenge: ChallengeRules = {
  begin: async (_, { user }, __, input) => {
    const offered: Challenge[] = JSON.parse(input.available ?? '[]')
    return {
      parameters: {},
      available: offered,
      state: { offered, ...(user === undefined && { decoy: true }) },
    }
  },
  async judge({ signIn, subject, session, responses }) {
    const chosen = parameter(responses, 'ANSWER')
    const offered = session.question.offered?.find((challenge) => challenge === chosen)
    if (offered !== undefined) return { kind: 'ask', challenge: offered as Challenge }
    const { user } = subject
    // Read from the live service in 2026, where the user must give a password first.
    const held = passwordless.has(chosen) && user !== undefined && needsPassword(signIn.pool, user)
    throw new Fault(
      'InvalidParameter',
      held ? 'Password Challenge is Required to SignIn' : 'The selected challenge is not available.',
    )
  },
}
