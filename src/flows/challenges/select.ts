import type { Challenge } from '../../domain/challenge.ts'
import { Fault } from '../../domain/faults.ts'
import { type ChallengeRules, parameter } from '../step.ts'

/** Several second factors, none preferred: the user chooses. */
export const selectMfaType: ChallengeRules = {
  begin: async (_, __, ___, input) => ({
    parameters: { MFAS_CAN_CHOOSE: input.MFAS_CAN_CHOOSE ?? '[]' },
    state: { offered: JSON.parse(input.MFAS_CAN_CHOOSE ?? '[]') },
  }),
  async judge({ session, responses }) {
    const chosen = parameter(responses, 'ANSWER')
    const offered = session.question.offered?.find((factor) => factor === chosen)
    if (offered === undefined) throw new Fault('InvalidParameter', 'Invalid MFA type selected.')
    return { kind: 'ask', challenge: offered as Challenge }
  },
}

/** Several first factors: the user chooses, and may bring the password or A along. */
export const selectChallenge: ChallengeRules = {
  begin: async (_, __, ___, input) => {
    const offered: Challenge[] = JSON.parse(input.available ?? '[]')
    return { parameters: {}, available: offered, state: { offered } }
  },
  async judge({ session, responses }) {
    const chosen = parameter(responses, 'ANSWER')
    const offered = session.question.offered?.find((challenge) => challenge === chosen)
    if (offered === undefined) throw new Fault('InvalidParameter', 'The selected challenge is not available.')
    return { kind: 'ask', challenge: offered as Challenge }
  },
}
