import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { User } from '../domain/user.ts'
import type { App } from '../ports/app.ts'
import { clientSecrets } from './client-secrets.ts'
import { type Parameters, parameter, type SignIn, type Step } from './step.ts'
import { issue, redeemRefreshToken } from './tokens.ts'
import { stopAtTriggers } from './triggers.ts'

/** REFRESH_TOKEN_AUTH. */
export async function refresh(signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { app, client } = signIn
  const token = parameter(parameters, 'REFRESH_TOKEN')
  return renew(signIn, token, parameters.DEVICE_KEY, (user) =>
    checkRefreshHash(app, client, user, parameters.SECRET_HASH),
  )
}

/** New tokens for a refresh token; a new refresh token too, where the client rotates them. */
export async function renew(
  signIn: SignIn,
  token: string,
  deviceKey: string | undefined,
  proveClient: (user: User) => void,
): Promise<Step> {
  const { app, pool, client, now } = signIn
  const { session, refreshToken } = await redeemRefreshToken(app, pool, client, token, now)
  const user = await app.store.users.find(pool.id, session.username)
  if (user === undefined) throw new Fault('InvalidRefreshToken')
  proveClient(user)
  if (!user.enabled) throw new Fault('UserDisabled')
  if (
    session.deviceKey !== undefined &&
    pool.settings.DeviceConfiguration !== undefined &&
    session.deviceKey !== deviceKey
  ) {
    throw new Fault('InvalidRefreshToken')
  }
  stopAtTriggers(pool, 'PreTokenGeneration', 'PreTokenGenerationConfig')
  const tokens = await issue(app, { pool, client, user }, session, now)
  return { kind: 'signed-in', tokens: { ...tokens, ...(refreshToken !== undefined && { refreshToken }) } }
}

/** The hash of a refresh is over the token's user: clients send the username or the `sub`. */
function checkRefreshHash(app: App, client: Client, user: User, given: string | undefined): void {
  const secrets = clientSecrets(app, client)
  const faults = [user.username, user.sub].map((name) => {
    try {
      checkSecretHash(secrets, client.id, name, given)
      return undefined
    } catch (fault) {
      return fault
    }
  })
  if (faults.includes(undefined)) return
  const [fault] = faults
  throw fault instanceof Fault && fault.code === 'SecretHashWrong'
    ? new Fault('SecretHashOfOther', client.id)
    : fault
}
