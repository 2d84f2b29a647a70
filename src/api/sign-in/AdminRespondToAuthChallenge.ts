import { answer } from '../../flows/challenges.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Session, UserPoolId } from '../shapes.ts'
import { answerFaults } from './faults.ts'
import { AuthParameters, ChallengeName, ContextData, render, SignInResponse } from './shapes.ts'

export default operation('AdminRespondToAuthChallenge', {
  doc: 'Answers a challenge of a sign-in, from a server with IAM credentials.',
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    ChallengeName: required(ChallengeName),
    ChallengeResponses: AuthParameters,
    Session,
    AnalyticsMetadata,
    ContextData,
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
