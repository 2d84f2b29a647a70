import { type AuthFlowSetting, allows } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { temporaryPasswordExpired } from '../domain/password-policy.ts'
import type { Pool } from '../domain/pool.ts'
import { checkSecretHash, isSecretHash, mustSendHash } from '../domain/secret-hash.ts'
import { mustBeRefreshable } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import { challengeAfterPassword } from './challenges.ts'
import { clientSecrets } from './client-secrets.ts'
import { findUser } from './find-user.ts'
import { isPassword } from './passwords.ts'
import { type Parameters, parameter, type SignIn, type Step } from './step.ts'
import { issue, sessionOfRefreshToken } from './tokens.ts'
import { stopAtTriggers } from './triggers.ts'

/** The flows of InitiateAuth and AdminInitiateAuth. */
export type AuthFlow =
  | 'USER_SRP_AUTH'
  | 'REFRESH_TOKEN_AUTH'
  | 'REFRESH_TOKEN'
  | 'CUSTOM_AUTH'
  | 'ADMIN_NO_SRP_AUTH'
  | 'USER_PASSWORD_AUTH'
  | 'ADMIN_USER_PASSWORD_AUTH'
  | 'USER_AUTH'

type Flow = (app: App, signIn: SignIn, parameters: Parameters) => Promise<Step>

/** A flow: who may start it, what its client must allow, how its refusal reads, and what it does. */
interface FlowFacts {
  readonly by: 'anybody' | 'administrators'
  readonly setting: AuthFlowSetting
  readonly notEnabled: string
  readonly start: Flow
}

const flows: Record<AuthFlow, FlowFacts> = {
  USER_PASSWORD_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_PASSWORD_AUTH',
    notEnabled: 'USER_PASSWORD_AUTH flow not enabled for this client',
    start: password,
  },
  ADMIN_USER_PASSWORD_AUTH: {
    by: 'administrators',
    setting: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    notEnabled: 'Auth flow not enabled for this client',
    start: password,
  },
  ADMIN_NO_SRP_AUTH: {
    by: 'administrators',
    setting: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    notEnabled: 'Auth flow not enabled for this client',
    start: password,
  },
  REFRESH_TOKEN_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_REFRESH_TOKEN_AUTH',
    notEnabled: 'Refresh Token flow not enabled for this client',
    start: refresh,
  },
  REFRESH_TOKEN: {
    by: 'anybody',
    setting: 'ALLOW_REFRESH_TOKEN_AUTH',
    notEnabled: 'Refresh Token flow not enabled for this client',
    start: refresh,
  },
  USER_SRP_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_SRP_AUTH',
    notEnabled: 'USER_SRP_AUTH is not enabled for the client.',
    start: notBuilt('USER_SRP_AUTH'),
  },
  CUSTOM_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_CUSTOM_AUTH',
    notEnabled: 'CUSTOM_AUTH is not enabled for the client.',
    start: notBuilt('CUSTOM_AUTH'),
  },
  USER_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_AUTH',
    notEnabled: 'USER_AUTH is not enabled for the client.',
    start: notBuilt('USER_AUTH'),
  },
}

/**
 * Starts a sign-in. What it asks for is answered through `challenges.ts`. `by` is who calls: the admin flows are refused
 * to everybody else.
 */
export async function start(
  app: App,
  signIn: SignIn,
  flow: AuthFlow,
  parameters: Parameters,
  by: 'anybody' | 'administrators',
): Promise<Step> {
  const facts = flows[flow]
  if (facts.by === 'administrators' && by === 'anybody') {
    throw new Fault('FlowNotEnabled', 'Initiate Auth method not supported.')
  }
  if (!allows(signIn.client.settings, facts.setting)) throw new Fault('FlowNotEnabled', facts.notEnabled)
  return facts.start(app, signIn, parameters)
}

async function password(app: App, signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { pool, client, now } = signIn
  const username = parameter(parameters, 'USERNAME')
  const given = new Secret(parameter(parameters, 'PASSWORD'))
  checkSecretHash(clientSecrets(app, client), client.id, username, parameters.SECRET_HASH)
  stopAtTriggers(
    pool,
    'UserMigration',
    'PreAuthentication',
    'PostAuthentication',
    'PreTokenGeneration',
    'PreTokenGenerationConfig',
  )
  const found = await findUser(app.store, pool, username)
  const user = await authenticate(app, signIn, found, given)
  mustHaveLivePassword(pool, user, now)
  return challengeAfterPassword(app, signIn, user)
}

/**
 * The user whose password this is. An unconfirmed or disabled user is told so before the password is looked at, as
 * the service does; a client that hides who exists hears one answer for all of it, after the same work.
 */
async function authenticate(
  app: App,
  { pool, client }: SignIn,
  user: User | undefined,
  given: Secret,
): Promise<User> {
  const hides = client.settings.PreventUserExistenceErrors === 'ENABLED'
  if (user === undefined || !user.enabled) {
    if (!hides) throw new Fault(user === undefined ? 'UserNotFound' : 'UserDisabled')
    await isPassword(app, pool, undefined, given)
    throw new Fault('IncorrectCredentials')
  }
  if (user.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
  const matches = await isPassword(app, pool, user, given)
  if (user.status === 'RESET_REQUIRED' && (matches || !hides)) throw new Fault('PasswordResetRequired')
  if (!matches) throw new Fault('IncorrectCredentials')
  return user
}

function mustHaveLivePassword(pool: Pool, user: User, now: Instant): void {
  if (user.status !== 'FORCE_CHANGE_PASSWORD' || user.password === undefined) return
  if (temporaryPasswordExpired(user.password.setAt, pool.settings.Policies.PasswordPolicy, now)) {
    throw new Fault('TemporaryPasswordExpired')
  }
}

async function refresh(app: App, signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { pool, client, now } = signIn
  const token = parameter(parameters, 'REFRESH_TOKEN')
  const secrets = clientSecrets(app, client)
  mustSendHash(secrets, client.id, parameters.SECRET_HASH)
  const session = await sessionOfRefreshToken(app.store, pool, client, token)
  const user = await app.store.users.find(pool.id, session.username)
  // Somebody else may have got the name of a user who was deleted while signing in.
  if (user === undefined || session.authTime < user.createdAt) throw new Fault('InvalidRefreshToken')
  // The hash of a refresh is over the token's user: clients send the username or the `sub`.
  if (!isSecretHash(secrets, client.id, [user.username, user.sub], parameters.SECRET_HASH)) {
    throw new Fault('SecretHashOfOther', client.id)
  }
  if (!user.enabled) throw new Fault('UserDisabled')
  mustBeRefreshable(session, now)
  stopAtTriggers(pool, 'PreTokenGeneration', 'PreTokenGenerationConfig')
  return { kind: 'signed-in', user, tokens: await issue(app, { pool, client, user }, session, now) }
}

function notBuilt(flow: string): Flow {
  return async () => {
    throw new Fault('NotBuilt', `the ${flow} flow`)
  }
}
