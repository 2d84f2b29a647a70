import { poolIdOfArn, userPoolArn } from '../domain/arn.ts'
import type { Branding } from '../domain/branding.ts'
import { selfServiceScope } from '../domain/claims.ts'
import type { Client } from '../domain/client.ts'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { Group } from '../domain/group.ts'
import { evaluate } from '../domain/iam-policy.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import type { ClientId, UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { Principal } from '../domain/principal.ts'
import type { Terms } from '../domain/terms.ts'
import type { User } from '../domain/user.ts'
import { mailedSubject } from '../flows/auth-events.ts'
import { isClientSecret } from '../flows/client-secrets.ts'
import { findUser } from '../flows/find-user.ts'
import { findGroup } from '../flows/groups.ts'
import { findProvider } from '../flows/identity-providers.ts'
import { type Enrolment, findEnrolment } from '../flows/software-tokens.ts'
import { verifyAccessToken } from '../flows/tokens.ts'
import type { Call } from '../ports/app.ts'
import type { Access } from '../protocol/operation.ts'
import { actionOf, type RequestTags, taggingOf } from './iam.ts'
import { mustServe } from './secondary.ts'

/**
 * Who may call an operation. Each access proves its subject, so a handler begins with what it needs: the pool, the
 * user, the client. IAM says no before anything is looked up for the caller, so a denial tells nothing of what exists.
 */

const signatureFaults: readonly FaultCode[] = [
  'MissingAuthentication',
  'UnknownSecurityToken',
  'ExpiredSecurityToken',
  'SignatureMismatch',
  'SignatureUnacceptable',
  'IncompleteSignature',
  'AccessDenied',
]

/** Operations of the account itself: the resource is `*`. They are about the region that is called, or the site's own. */
export const iamOnAccount: Access<object, { principal: Principal; region: string }> = {
  by: 'iam',
  resource: 'account',
  faults: signatureFaults,
  async admit(call, input) {
    const principal = principalOf(call)
    authorize(call, principal, { action: call.operation, resource: '*' }, input)
    return { principal, region: call.region ?? call.site.region }
  },
}

export const iamOnPool: Access<{ UserPoolId: string }, { pool: Pool }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...signatureFaults, 'PoolNotFound'],
  async admit(call, input) {
    const pool = await authorizeOnPool(call, input)
    return { pool: mustStandHere(call, input.UserPoolId, pool) }
  },
}

/** Who replicates a pool must be one who may create pools in the other region. Source: API reference. */
export const iamOnPoolAndRegion: Access<{ UserPoolId: string; RegionName: string }, { pool: Pool }> = {
  by: 'iam',
  resource: 'pool',
  faults: iamOnPool.faults,
  async admit(call, input) {
    const pool = await authorizeOnPool(call, input)
    const there = { ...call, region: input.RegionName }
    authorize(there, principalOf(call), { action: 'CreateUserPool', resource: '*' }, input)
    return { pool: mustStandHere(call, input.UserPoolId, pool) }
  },
}

/** A pool by its ARN. Only in this account and in the region that is called is there one of ours. */
export const iamOnResourceArn: Access<{ ResourceArn: string }, { pool: Pool }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'InvalidParameter'],
  async admit(call, input) {
    const arn = input.ResourceArn
    const principal = principalOf(call)
    const id = poolIdOfArn(arn)
    const ours = id !== undefined && arn === userPoolArn(id, call.site.accountId, call.region)
    const pool = ours ? await call.store.pools.find(id, call.region) : undefined
    authorize(call, principal, { action: call.operation, resource: arn, tags: pool?.tags }, input)
    if (id === undefined) throw new Fault('InvalidParameter', 'The resource is not a user pool.')
    return { pool: mustStandHere(call, id, pool) }
  },
}

export const iamOnClient: Access<{ UserPoolId: string; ClientId: string }, { pool: Pool; client: Client }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'ClientNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    const client = await call.store.clients.find(pool.id, input.ClientId as ClientId)
    if (client === undefined) throw new Fault('ClientNotFound', input.ClientId)
    return { pool, client }
  },
}

export const iamOnUser: Access<{ UserPoolId: string; Username: string }, { pool: Pool; user: User }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'UserNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    const user = await findUser(call.store, pool, input.Username)
    if (user === undefined) throw new Fault('UserNotFound')
    return { pool, user }
  },
}

export const iamOnGroup: Access<{ UserPoolId: string; GroupName: string }, { pool: Pool; group: Group }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'GroupNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    return { pool, group: await findGroup(call.store, pool, input.GroupName) }
  },
}

/** The model lets a request to update a style leave both out, and then there is nothing to update. */
export const iamOnBranding: Access<
  { UserPoolId?: string; ManagedLoginBrandingId?: string },
  { pool: Pool; branding: Branding }
> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'InvalidParameter', 'BrandingNotFound'],
  async admit(call, { UserPoolId, ManagedLoginBrandingId: id }) {
    if (UserPoolId === undefined) throw new Fault('InvalidParameter', 'UserPoolId is required.')
    const { pool } = await iamOnPool.admit(call, { UserPoolId })
    if (id === undefined) throw new Fault('InvalidParameter', 'ManagedLoginBrandingId is required.')
    const branding = await call.store.brandings.find(pool.id, id)
    if (branding === undefined) throw new Fault('BrandingNotFound')
    return { pool, branding }
  },
}

export const iamOnTerms: Access<{ UserPoolId: string; TermsId: string }, { pool: Pool; terms: Terms }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'TermsNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    const terms = await call.store.terms.find(pool.id, input.TermsId)
    if (terms === undefined) throw new Fault('TermsNotFound')
    return { pool, terms }
  },
}

export const iamOnProvider: Access<
  { UserPoolId: string; ProviderName: string },
  { pool: Pool; provider: IdentityProvider }
> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'ProviderNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    return { pool, provider: await findProvider(call.store, pool, input.ProviderName) }
  },
}

/** For operations whose model knows no UserNotFoundException. */
export const iamOnOwner: Access<{ UserPoolId: string; Username: string }, { pool: Pool; user: User }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'OwnerNotFound'],
  async admit(call, input) {
    const { pool } = await iamOnPool.admit(call, input)
    const user = await findUser(call.store, pool, input.Username)
    if (user === undefined) throw new Fault('OwnerNotFound')
    return { pool, user }
  },
}

/** Who an access token speaks for, and at which client and in which session it was issued. */
interface Bearer {
  readonly pool: Pool
  readonly user: User
  readonly clientId: string
  readonly sessionId?: string
}

/** An access token of the user's own, with the scope for self-service. */
export const accessToken: Access<{ AccessToken: string }, Bearer> = {
  by: 'token',
  faults: [
    'InvalidAccessToken',
    'AccessTokenSignature',
    'AccessTokenExpired',
    'AccessTokenRevoked',
    'AccessTokenScopes',
    'UserNotFound',
  ],
  async admit(call, input) {
    const { scopes, ...bearer } = await verifyAccessToken(call, input.AccessToken, call.now, call.region)
    mustServe(call.operation, bearer.pool)
    if (!scopes.includes(selfServiceScope)) throw new Fault('AccessTokenScopes')
    return bearer
  },
}

/** The same where the model does not require the member. There is no other way in. */
export const optionalAccessToken: Access<{ AccessToken?: string }, Bearer> = {
  by: 'token',
  faults: accessToken.faults,
  admit: (call, { AccessToken = '' }) => accessToken.admit(call, { AccessToken }),
}

/** The same, for operations whose model has no UserNotFound: with its user a token has lost its force. */
export const accessTokenInForce: Access<
  { AccessToken: string },
  { pool: Pool; user: User; clientId: string }
> = {
  by: 'token',
  faults: accessToken.faults.filter((code) => code !== 'UserNotFound'),
  async admit(call, input) {
    try {
      return await accessToken.admit(call, input)
    } catch (error) {
      throw error instanceof Fault && error.code === 'UserNotFound' ? new Fault('AccessTokenRevoked') : error
    }
  },
}

/** An access token, or the session of a sign-in that must set up a second factor: one of the two. */
const orSession = (
  token: Access<{ AccessToken: string }, { pool: Pool; user: User }>,
): Access<{ AccessToken?: string; Session?: string }, { enrolment: Enrolment }> => ({
  by: 'token',
  faults: [...token.faults, 'InvalidParameter', 'InvalidSession', 'SessionExpired', 'UserDisabled'],
  async admit(call, { AccessToken, Session }) {
    if ((AccessToken === undefined) === (Session === undefined)) {
      throw new Fault('InvalidParameter', 'Either an access token or a session is required, and not both.')
    }
    if (Session !== undefined) {
      const enrolment = await findEnrolment(call, Session, call.now, call.region)
      mustServe(call.operation, enrolment.pool)
      return { enrolment }
    }
    const { pool, user } = await token.admit(call, { AccessToken: AccessToken ?? '' })
    return { enrolment: { pool, user } }
  },
})

export const tokenOrSession = orSession(accessToken)
export const tokenInForceOrSession = orSession(accessTokenInForce)

/** No more than an app client's id; whoever the caller is proves it in the operation itself. */
export const appClient: Access<{ ClientId: string }, { pool: Pool; client: Client }> = {
  by: 'client',
  faults: ['ClientNotFound'],
  async admit(call, input) {
    const found = await findClient(call, input.ClientId)
    if (found === undefined) throw new Fault('ClientNotFound', input.ClientId)
    mustServe(call.operation, found.pool)
    return found
  },
}

/** An app client by its id alone, at the pool as it stands where the call has come in. */
async function findClient(
  { store, region }: Call,
  clientId: string,
): Promise<{ pool: Pool; client: Client } | undefined> {
  const id = clientId as ClientId
  const poolId = await store.clients.poolOf(id)
  const pool = poolId && (await store.pools.find(poolId, region))
  const client = poolId && (await store.clients.find(poolId, id))
  return pool && client && { pool, client }
}

/** An app client that proves itself with its secret. One that is not there, or cannot, is not told apart. */
export const secretClient: Access<
  { ClientId: string; ClientSecret?: string },
  { pool: Pool; client: Client }
> = {
  by: 'client',
  faults: ['ClientUnauthorized'],
  async admit(call, input) {
    const found = await findClient(call, input.ClientId)
    if (found === undefined || !isClientSecret(call, found.client, input.ClientSecret))
      throw new Fault('ClientUnauthorized')
    mustServe(call.operation, found.pool)
    return found
  },
}

/** A token about one event, out of a mail to its user. */
export const feedbackToken: Access<
  { UserPoolId: string; Username: string; EventId: string; FeedbackToken: string },
  { pool: Pool; user: User }
> = {
  by: 'mail',
  faults: ['PoolNotFound', 'InvalidFeedbackToken', 'UserNotFound'],
  async admit(call, { UserPoolId, Username, EventId, FeedbackToken }) {
    const found = await call.store.pools.find(UserPoolId as UserPoolId, call.region)
    const pool = mustStandHere(call, UserPoolId, found)
    return mailedSubject(call, pool, { username: Username, eventId: EventId, token: FeedbackToken })
  },
}

/** The pipeline has verified the signature of every call whose access is by IAM. */
function principalOf(call: Call): Principal {
  if (call.principal === undefined) throw new Fault('MissingAuthentication')
  return call.principal
}

/** The pool of that id, if there is one where the call has come in, once IAM has allowed the call. */
async function authorizeOnPool(call: Call, input: { UserPoolId: string }): Promise<Pool | undefined> {
  const id = input.UserPoolId as UserPoolId
  const principal = principalOf(call)
  const pool = await call.store.pools.find(id, call.region)
  const resource = userPoolArn(id, call.site.accountId, call.region)
  authorize(call, principal, { action: call.operation, resource, tags: pool?.tags }, input)
  return pool
}

/** @throws Fault PoolNotFound, OperationNotEnabled */
function mustStandHere(call: Call, id: string, pool: Pool | undefined): Pool {
  if (pool === undefined) throw new Fault('PoolNotFound', id)
  mustServe(call.operation, pool)
  return pool
}

/** What somebody wants to do, and to what; a pool has its tags. */
interface Intent {
  readonly action: string
  readonly resource: string
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** @throws Fault AccessDenied */
function authorize(call: Call, principal: Principal, intent: Intent, input: object): void {
  if (principal.unrestricted) return
  const { resource } = intent
  const action = `cognito-idp:${actionOf(intent.action)}`
  const context = conditionKeys(call, principal, intent, input)
  const verdict = evaluate(principal.policies, { action, resource, context })
  if (verdict === 'allowed') return
  const reason =
    verdict === 'explicitly-denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  throw new Fault('AccessDenied', principal.arn, action, resource, reason)
}

/** The condition keys of AWS that mean something here. Names are lower-case, as policies may write them in any case. */
function conditionKeys(
  call: Call,
  principal: Principal,
  { action, tags = {} }: Intent,
  input: RequestTags,
): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  const put = (name: string, value: string | undefined) => {
    if (value !== undefined) keys.set(name.toLowerCase(), [value])
  }
  put('aws:PrincipalArn', principal.arn)
  put('aws:PrincipalAccount', call.site.accountId)
  put('aws:PrincipalType', principal.type)
  put('aws:userid', principal.userId)
  put('aws:username', principal.username)
  put('aws:SourceIp', call.source.address)
  put('aws:UserAgent', call.source.userAgent)
  put('aws:Referer', call.source.referer)
  put('aws:SecureTransport', String(call.source.secure))
  put('aws:RequestedRegion', call.region ?? call.site.region)
  put('aws:CurrentTime', new Date(call.now).toISOString())
  put('aws:EpochTime', String(Math.floor(call.now / 1000)))
  put('aws:ViaAWSService', 'false')
  for (const [name, value] of Object.entries(principal.tags)) put(`aws:PrincipalTag/${name}`, value)
  for (const [name, value] of Object.entries(tags)) put(`aws:ResourceTag/${name}`, value)
  const tagging = taggingOf(action, input)
  for (const [name, value] of Object.entries(tagging.tags)) put(`aws:RequestTag/${name}`, value)
  if (tagging.keys.length > 0) keys.set('aws:tagkeys', tagging.keys)
  return keys
}
