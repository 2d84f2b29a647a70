import { answer } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { sourceByAdministrator } from '../context.ts'
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
  async run({ pool, client, input, now, ...app }) {
    const { ChallengeName, Session, ChallengeResponses = {} } = input
    const source = sourceByAdministrator(app.source, pool, input.ContextData)
    const metadata = { validationData: undefined, metadata: input.ClientMetadata }
    const signIn = { app, pool, client, now, source, ...metadata }
    return render(await answer(signIn, ChallengeName, Session, ChallengeResponses))
  },
})
