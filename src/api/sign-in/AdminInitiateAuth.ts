import { start } from '../../flows/sign-in.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { sourceByAdministrator } from '../context.ts'
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
  async run({ pool, client, input, now, ...app }) {
    const source = sourceByAdministrator(app.source, pool, input.ContextData)
    const metadata = { validationData: input.ClientMetadata, metadata: undefined }
    const signIn = { app, pool, client, now, source, ...metadata }
    const parameters = input.AuthParameters ?? {}
    return render(await start(signIn, input.AuthFlow, parameters, 'administrators', input.Session))
  },
})
