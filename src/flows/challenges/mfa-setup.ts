import { checkAttributes } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import { saveToken } from '../software-tokens.ts'
import { type ChallengeRules, type Outcome, parameter } from '../step.ts'

/**
 * The pool demands a second factor and the user has none: one is set up on the way. A software token is set up through
 * AssociateSoftwareToken and VerifySoftwareToken with this session; an email address is given here, and is the user's
 * once the code that is sent to it comes back.
 */
export const mfaSetup: ChallengeRules = {
  begin: async (_, __, ___, input) => ({
    parameters: { MFAS_CAN_SETUP: input.MFAS_CAN_SETUP ?? '[]' },
    state: { offered: JSON.parse(input.MFAS_CAN_SETUP ?? '[]') },
  }),

  async judge({ signIn, subject, session, responses }): Promise<Outcome> {
    const { user } = subject
    if (user === undefined) throw new Fault('InvalidSession')
    const { offered = [], softwareToken } = session.question
    if (softwareToken?.verified) {
      const { sealed, deviceName, step: lastStep = 0 } = softwareToken
      return {
        kind: 'proven',
        user,
        method: 'otp',
        progress: { factorSetUp: true },
        along: (store) => saveToken(store, user, { sealed, lastStep, deviceName }),
      }
    }
    // The guide's prose writes the key in lower case, AWS's clients in capitals.
    const newEmail = responses.EMAIL ?? responses.email
    if (newEmail === undefined)
      throw new Fault('InvalidParameter', 'Software token MFA has not been set up for the session.')
    if (!offered.includes('EMAIL_OTP'))
      throw new Fault('InvalidParameter', 'EMAIL_OTP is not available for setup.')
    parameter({ EMAIL: newEmail }, 'EMAIL')
    checkAttributes(signIn.pool.schema, { email: newEmail }, 'creating')
    return { kind: 'ask', challenge: 'EMAIL_OTP', progress: { newEmail } }
  },
}
