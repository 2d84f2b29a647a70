import { checkAttributes } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import { type ChallengeRules, type Outcome, parameter } from '../step.ts'

/**
 * The pool demands a second factor and the user has none: one is set up on the way. A software token is set up through
 * AssociateSoftwareToken and VerifySoftwareToken with this session; an email address is given here and asked for a code.
 */
export const mfaSetup: ChallengeRules = {
  begin: async (_, __, ___, input) => ({
    parameters: { MFAS_CAN_SETUP: input.MFAS_CAN_SETUP ?? '[]' },
    state: { offered: JSON.parse(input.MFAS_CAN_SETUP ?? '[]') },
  }),

  async judge({ signIn, subject, session, responses }): Promise<Outcome> {
    const { user } = subject
    if (user === undefined) throw new Fault('InvalidSession')
    const { pool } = signIn
    const { offered = [], softwareToken } = session.question
    // The guide's prose writes the key in lower case, AWS's clients in capitals.
    const email = responses.EMAIL ?? responses.email
    if (softwareToken?.verified) {
      return {
        kind: 'proven',
        user,
        method: 'otp',
        progress: { factorSetUp: true },
        along: (store) =>
          store.softwareTokens.save({
            poolId: pool.id,
            username: user.username,
            sealed: softwareToken.sealed,
            ...(softwareToken.deviceName !== undefined && { deviceName: softwareToken.deviceName }),
            lastStep: softwareToken.step ?? 0,
          }),
      }
    }
    if (email === undefined)
      throw new Fault('InvalidParameter', 'Software token MFA has not been set up for the session.')
    if (!offered.includes('EMAIL_OTP'))
      throw new Fault('InvalidParameter', 'EMAIL_OTP is not available for setup.')
    parameter({ EMAIL: email }, 'EMAIL')
    checkAttributes(pool.schema, { email }, 'creating')
    const attributes = { ...user.attributes, email, email_verified: 'false' }
    return { kind: 'ask', challenge: 'EMAIL_OTP', changed: { ...user, attributes } }
  },
}
