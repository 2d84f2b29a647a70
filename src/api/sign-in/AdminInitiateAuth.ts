import { start } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Session, UserPoolId } from '../shapes.ts'
import { startFaults } from './faults.ts'
import { AuthFlow, AuthParameters, ContextData, render, SignInResponse } from './shapes.ts'

export default operation('AdminInitiateAuth', {
  doc: "Starts a sign-in on a user's behalf, from a server with IAM credentials.",
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    AuthFlow: required(AuthFlow),
    AuthParameters,
    ClientMetadata,
    AnalyticsMetadata,
    ContextData,
    Session,
  }),
  output: SignInResponse,
  faults: startFaults,
  differs:
    'The flows USER_SRP_AUTH, CUSTOM_AUTH and USER_AUTH are not served yet. Wrong passwords lock nobody out yet.',
  async run({ pool, client, input, now, ...app }) {
    const step = await start(
      app,
      { pool, client, now },
      input.AuthFlow,
      input.AuthParameters ?? {},
      'administrators',
    )
    return render(step)
  },
})
