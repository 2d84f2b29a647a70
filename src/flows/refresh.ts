import type { Client } from '../domain/client.ts'
import { tracksDevices } from '../domain/device.ts'
import { Fault } from '../domain/faults.ts'
import { isSecretHash, mustSendHash } from '../domain/secret-hash.ts'
import type { TokenSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { minutes } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { clientSecrets, mustBeClientSecret } from './client-secrets.ts'
import { type FoundToken, findRefreshToken, isInGrace, mustBeInForce, successorOf } from './refresh-tokens.ts'
import { recordActivity } from './sessions.ts'
import { type Parameters, parameter, type SignIn, type Step } from './step.ts'
import { contentsFor, type IssuedTokens, issue } from './tokens.ts'

/** REFRESH_TOKEN_AUTH. A client that rotates cannot allow it; tokens that it rotated before are refused as revoked. */
export async function refresh(signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { app, client } = signIn
  const token = parameter(parameters, 'REFRESH_TOKEN')
  mustSendHash(clientSecrets(app, client), client.id, parameters.SECRET_HASH)
  const { found, user } = await find(signIn, token)
  mustKnowSecret(app, client, user, parameters.SECRET_HASH)
  mustBeUsable(found, user, signIn.now)
  if (found.retired !== undefined) throw new Fault('RefreshTokenRevoked')
  return { kind: 'signed-in', tokens: await renew(signIn, found, user, parameters.DEVICE_KEY) }
}

/** GetTokensFromRefreshToken. */
export async function refreshWithSecret(
  signIn: SignIn,
  token: string,
  secret: string | undefined,
  deviceKey: string | undefined,
): Promise<IssuedTokens> {
  mustBeClientSecret(signIn.app, signIn.client, secret)
  return refreshOnce(signIn, token, deviceKey)
}

/** For a client that has shown who it is. @throws Fault RefreshTokenReused, InvalidRefreshToken, UserDisabled */
export async function refreshOnce(
  signIn: SignIn,
  token: string,
  deviceKey: string | undefined,
): Promise<IssuedTokens> {
  const { app, pool, now } = signIn
  const { found, user } = await find(signIn, token)
  mustBeUsable(found, user, now)
  if (found.retired !== undefined && !isInGrace(found.retired, now)) {
    if (now >= found.retired.at + longestRace)
      await app.store.tokenSessions.revoke(pool.id, found.session.id, now)
    throw new Fault('RefreshTokenReused')
  }
  return renew(signIn, found, user, deviceKey)
}

/**
 * Two parties have a token that is used after it was replaced, and nobody can tell which is the thief: RFC 9700, 4.14.2,
 * ends the session for both. Not so for as long as a client could be racing with itself, or trying again: the longest
 * grace period that it might have had.
 */
const longestRace = minutes(1)

/**
 * A token of a user who was deleted is worth nothing to whoever is given the name after them.
 * @throws Fault InvalidRefreshToken
 */
async function find(
  { app, pool, client }: SignIn,
  token: string,
): Promise<{ found: FoundToken; user: User }> {
  const found = await findRefreshToken(app.store, pool, token)
  if (found === undefined || found.session.clientId !== client.id) throw new Fault('InvalidRefreshToken')
  const user = await app.store.users.find(pool.id, found.session.username)
  if (user === undefined || found.session.authTime < user.createdAt) throw new Fault('InvalidRefreshToken')
  app.about?.(user)
  return { found, user }
}

/** The hash of a refresh is over the token's user: clients send the username or the `sub`. @throws Fault SecretHashOfOther */
function mustKnowSecret(app: App, client: Client, user: User, hash: string | undefined): void {
  if (!isSecretHash(clientSecrets(app, client), client.id, [user.username, user.sub], hash))
    throw new Fault('SecretHashOfOther', client.id)
}

function mustBeUsable(found: FoundToken, user: User, now: number): void {
  if (!user.enabled) throw new Fault('UserDisabled')
  mustBeInForce(found, now)
}

/** New tokens. The old refresh token is replaced only when nothing can refuse the call any more. */
async function renew(
  signIn: SignIn,
  found: FoundToken,
  user: User,
  deviceKey: string | undefined,
): Promise<IssuedTokens> {
  const { app, pool, client, metadata, now } = signIn
  await mustHaveDevice(signIn, found.session, deviceKey)
  const holder = { pool, client, user }
  const reason = { source: 'TokenGeneration_RefreshTokens', metadata } as const
  const contents = await contentsFor(app, holder, found.session, reason)
  const refreshToken = await successorOf(app, pool, client, found, now)
  await recordActivity(signIn, found.session)
  const tokens = await issue(app, holder, found.session, contents, now)
  return { ...tokens, ...(refreshToken !== undefined && { refreshToken }) }
}

/** Where the pool tracks devices, the one that signed in must be named, and not be forgotten. @throws Fault InvalidRefreshToken */
async function mustHaveDevice(
  { app, pool }: SignIn,
  { username, deviceKey }: TokenSession,
  given: string | undefined,
): Promise<void> {
  if (deviceKey === undefined || !tracksDevices(pool)) return
  const device = await app.store.devices.find(pool.id, username, deviceKey)
  if (device === undefined || given !== deviceKey) throw new Fault('InvalidRefreshToken')
}
