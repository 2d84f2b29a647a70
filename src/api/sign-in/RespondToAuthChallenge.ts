import { answer } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
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
  async run({ pool, client, input, now, ...app }) {
    const { ChallengeName, Session, ChallengeResponses = {} } = input
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    const metadata = { validationData: undefined, metadata: input.ClientMetadata }
    const signIn = { app, pool, client, now, source, ...metadata }
    return render(await answer(signIn, ChallengeName, Session, ChallengeResponses))
  },
})
