import { start } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Session } from '../shapes.ts'
import { startFaults } from './faults.ts'
import { AuthFlow, AuthParameters, render, SignInResponse, UserContextData } from './shapes.ts'

export default operation('InitiateAuth', {
  doc: "Starts a sign-in on a user's own behalf.",
  access: appClient,
  input: struct({
    AuthFlow: required(AuthFlow),
    AuthParameters,
    ClientMetadata,
    ClientId: required(ClientId),
    AnalyticsMetadata,
    UserContextData,
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
      'anybody',
    )
    return render(step)
  },
})
