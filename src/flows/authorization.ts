import {
  type AuthorizationCode,
  type AuthorizationRequest,
  authorizationCodeLifetime,
  provesChallenge,
} from '../domain/authorization.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import type { User } from '../domain/user.ts'
import { digestOf } from './digest.ts'
import { makeRoom, newRecord } from './sessions.ts'
import type { SignIn } from './step.ts'
import { type Contents, contentsFor, groupsOf, type IssuedTokens, issue, newSession } from './tokens.ts'

/** What an app is given for a user who has signed in: a code that is good for tokens, or the tokens. */
export type Granted =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'tokens'; readonly tokens: Omit<IssuedTokens, 'refreshToken'> }

/**
 * Answers an app's request for a user who has signed in. PreTokenGeneration is asked now, while it can still turn the user
 * away: what it refuses reaches the app as an error in place of a code, as seen at the live service.
 * @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable
 */
export async function grant(
  signIn: SignIn,
  user: User,
  request: AuthorizationRequest,
  eventId: string,
): Promise<Granted> {
  const { app, pool, client, now } = signIn
  const { redirectUri, responseType, scopes, nonce, codeChallenge } = request
  const reason = { source: 'TokenGeneration_HostedAuth', metadata: undefined } as const
  const contents = await contentsFor(app, { pool, client, user }, { scopes }, reason)
  const granted = { scopes, authTime: now, eventId, ...(nonce !== undefined && { nonce }) }
  if (responseType === 'token') {
    const { refreshToken: _, ...tokens } = await begin(signIn, user, granted, contents)
    return { kind: 'tokens', tokens }
  }
  const code = app.random.uuid()
  await app.store.authorizationCodes.put({
    poolId: pool.id,
    digest: digestOf(code),
    expiresAt: now + authorizationCodeLifetime,
    clientId: client.id,
    username: user.username,
    redirectUri,
    ...granted,
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(contents.overrides && { overrides: contents.overrides }),
  })
  return { kind: 'code', code }
}

/** The tokens that a code is good for, once. It is used up even where it is refused: somebody has it who should not. */
export async function redeem(
  signIn: SignIn,
  given: { readonly code: string; readonly redirectUri: string; readonly codeVerifier: string | undefined },
): Promise<IssuedTokens> {
  const { app, pool, client, now } = signIn
  const code = await app.store.authorizationCodes.take(pool.id, digestOf(given.code))
  if (code === undefined || now >= code.expiresAt || code.clientId !== client.id)
    throw new OAuthError('invalid_grant')
  // The guide's own pair of code and description.
  if (code.redirectUri !== given.redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  if (!provesChallenge(code, given.codeVerifier)) throw new OAuthError('invalid_grant')
  const user = await app.store.users.find(pool.id, code.username)
  if (user === undefined || !isStill(user, code)) throw new OAuthError('invalid_grant')
  return begin(signIn, user, code, { groups: await groupsOf(app, user), overrides: code.overrides })
}

/** Whether a user is the one who signed in, and has not been shut out or signed out of everything since. */
const isStill = ({ enabled, createdAt, signedOutAt }: User, { authTime }: AuthorizationCode): boolean =>
  enabled && createdAt <= authTime && (signedOutAt === undefined || signedOutAt <= authTime)

/** Begins the session that the tokens are of. */
async function begin(
  signIn: SignIn,
  user: User,
  { scopes, authTime, eventId, nonce }: Pick<AuthorizationCode, 'scopes' | 'authTime' | 'eventId' | 'nonce'>,
  contents: Contents,
): Promise<IssuedTokens> {
  const { app, pool, client, now } = signIn
  const holder = { pool, client, user }
  const record = newRecord(signIn)
  const proven = { methods: [], eventId, granted: { scopes, authTime }, ...(record && { record }) }
  const { session, refreshToken } = await newSession(app, holder, proven, now)
  await app.store.transaction(async (store) => {
    await makeRoom(signIn, store, session)
    await store.tokenSessions.create(session)
  })
  return { ...(await issue(app, holder, session, contents, now, nonce)), refreshToken }
}
