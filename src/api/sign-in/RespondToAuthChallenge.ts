import { answer } from '../../flows/challenges.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Session } from '../shapes.ts'
import { answerFaults } from './faults.ts'
import { AuthParameters, ChallengeName, render, SignInResponse, UserContextData } from './shapes.ts'

export default operation('RespondToAuthChallenge', {
  doc: 'Answers a challenge of a sign-in.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    ChallengeName: required(ChallengeName),
    Session,
    ChallengeResponses: AuthParameters,
    AnalyticsMetadata,
    UserContextData,
    ClientMetadata,
  }),
  output: SignInResponse,
  faults: answerFaults,
  differs:
    'Answers are served for SMS_MFA, EMAIL_OTP, SELECT_MFA_TYPE and NEW_PASSWORD_REQUIRED. Five wrong codes end the session; they lock nobody out yet.',
  async run({ pool, client, input, now, ...app }) {
    const { ChallengeName, Session, ChallengeResponses = {} } = input
    return render(await answer(app, { pool, client, now }, ChallengeName, Session, ChallengeResponses))
  },
})
