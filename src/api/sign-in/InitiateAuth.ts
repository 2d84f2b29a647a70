import { start } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
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
  async run({ pool, client, input, now, ...app }) {
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    const metadata = { validationData: input.ClientMetadata, metadata: undefined }
    const signIn = { app, pool, client, now, source, ...metadata }
    const parameters = input.AuthParameters ?? {}
    return render(await start(signIn, input.AuthFlow, parameters, 'anybody', input.Session))
  },
})
