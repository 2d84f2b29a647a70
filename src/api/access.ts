import { poolIdOfArn, userPoolArn } from '../domain/arn.ts'
import type { Branding } from '../domain/branding.ts'
import { selfServiceScope } from '../domain/claims.ts'
import type { Client } from '../domain/client.ts'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { Group } from '../domain/group.ts'
import { evaluate } from '../domain/iam-policy.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import { type ClientId, regionOf, type UserPoolId } from '../domain/ids.ts'
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

/** Operations of the account itself: the resource is `*`. */
export const iamOnAccount: Access<object, { principal: Principal }> = {
  by: 'iam',
  resource: 'account',
  faults: signatureFaults,
  async admit(call, input) {
    const principal = principalOf(call)
    authorize(call, principal, '*', {}, input)
    return { principal }
  },
}

type OnPool = Access<{ UserPoolId: string }, { pool: Pool }>

/** `deniedWith` is another operation whose denial is this one's too. */
const onPool = (deniedWith?: string): OnPool => ({
  by: 'iam',
  resource: 'pool',
  faults: [...signatureFaults, 'PoolNotFound'],
  async admit(call, input) {
    const id = input.UserPoolId as UserPoolId
    const principal = principalOf(call)
    const pool = await call.store.pools.find(id)
    authorize(call, principal, userPoolArn(id, call.site.accountId), pool?.tags ?? {}, input, deniedWith)
    if (pool === undefined || regionOf(id) !== call.region) throw new Fault('PoolNotFound', id)
    return { pool }
  },
})

export const iamOnPool = onPool()

/** A pool by its ARN. Only in this account and region is there one of ours. */
export const iamOnResourceArn: Access<{ ResourceArn: string }, { pool: Pool }> = {
  by: 'iam',
  resource: 'pool',
  faults: [...iamOnPool.faults, 'InvalidParameter'],
  async admit(call, input) {
    const arn = input.ResourceArn
    const principal = principalOf(call)
    const id = poolIdOfArn(arn)
    const ours = id !== undefined && arn === userPoolArn(id, call.site.accountId)
    const pool = ours ? await call.store.pools.find(id) : undefined
    authorize(call, principal, arn, pool?.tags ?? {}, input)
    if (id === undefined) throw new Fault('InvalidParameter', 'The resource is not a user pool.')
    if (pool === undefined || regionOf(id) !== call.region) throw new Fault('PoolNotFound', id)
    return { pool }
  },
}

type OnClient = Access<{ UserPoolId: string; ClientId: string }, { pool: Pool; client: Client }>

const onClient = (onPool: OnPool): OnClient => ({
  by: 'iam',
  resource: 'pool',
  faults: [...onPool.faults, 'ClientNotFound'],
  async admit(call, input) {
    const { pool } = await onPool.admit(call, input)
    const client = await call.store.clients.find(pool.id, input.ClientId as ClientId)
    if (client === undefined) throw new Fault('ClientNotFound', input.ClientId)
    return { pool, client }
  },
})

export const iamOnClient = onClient(iamOnPool)

/** "A policy that denies DescribeTerms also denies requests to DescribeTermsByClient", says AWS's comment on it. */
export const iamOnTermsOfClient = onClient(onPool('DescribeTerms'))

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
    const { scopes, ...bearer } = await verifyAccessToken(call, input.AccessToken, call.now)
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
    if (Session !== undefined) return { enrolment: await findEnrolment(call, Session, call.now) }
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
    const id = input.ClientId as ClientId
    const poolId = await call.store.clients.poolOf(id)
    const pool = poolId && (await call.store.pools.find(poolId))
    const client = poolId && (await call.store.clients.find(poolId, id))
    if (!pool || !client) throw new Fault('ClientNotFound', id)
    return { pool, client }
  },
}

/** An app client that proves itself with its secret. One that is not there, or cannot, is not told apart. */
export const secretClient: Access<
  { ClientId: string; ClientSecret?: string },
  { pool: Pool; client: Client }
> = {
  by: 'client',
  faults: ['ClientUnauthorized'],
  async admit(call, input) {
    const id = input.ClientId as ClientId
    const poolId = await call.store.clients.poolOf(id)
    const pool = poolId && (await call.store.pools.find(poolId))
    const client = poolId && (await call.store.clients.find(poolId, id))
    if (!pool || !client || !isClientSecret(call, client, input.ClientSecret))
      throw new Fault('ClientUnauthorized')
    return { pool, client }
  },
}

/** A token about one event, out of a mail to its user. */
export const feedbackToken: Access<
  { UserPoolId: string; Username: string; EventId: string; FeedbackToken: string },
  { pool: Pool; user: User }
> = {
  by: 'mail',
  faults: ['PoolNotFound', 'InvalidFeedbackToken', 'UserNotFound'],
  admit: (call, { UserPoolId, Username, EventId, FeedbackToken }) =>
    mailedSubject(call, {
      poolId: UserPoolId,
      username: Username,
      eventId: EventId,
      token: FeedbackToken,
    }),
}

/** The pipeline has verified the signature of every call whose access is by IAM. */
function principalOf(call: Call): Principal {
  if (call.principal === undefined) throw new Fault('MissingAuthentication')
  return call.principal
}

/** @throws Fault AccessDenied */
function authorize(
  call: Call,
  principal: Principal,
  resource: string,
  resourceTags: Readonly<Record<string, string>>,
  input: object,
  deniedWith?: string,
): void {
  if (principal.unrestricted) return
  const action = `cognito-idp:${call.operation}`
  const context = conditionKeys(call, principal, resourceTags, input)
  const verdictOn = (action: string) => evaluate(principal.policies, { action, resource, context })
  const own = verdictOn(action)
  const other = deniedWith === undefined ? undefined : verdictOn(`cognito-idp:${deniedWith}`)
  const verdict = other === 'explicitly-denied' ? other : own
  if (verdict === 'allowed') return
  const reason =
    verdict === 'explicitly-denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  throw new Fault('AccessDenied', principal.arn, action, resource, reason)
}

/** Where requests name tags: the pool operations, TagResource, UntagResource. */
interface RequestTags {
  readonly UserPoolTags?: Readonly<Record<string, string>>
  readonly Tags?: Readonly<Record<string, string>>
  readonly TagKeys?: readonly string[]
}

/** The condition keys of AWS that mean something here. Names are lower-case, as policies may write them in any case. */
function conditionKeys(
  call: Call,
  principal: Principal,
  resourceTags: Readonly<Record<string, string>>,
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
  put('aws:RequestedRegion', call.region)
  put('aws:CurrentTime', new Date(call.now).toISOString())
  put('aws:EpochTime', String(Math.floor(call.now / 1000)))
  put('aws:ViaAWSService', 'false')
  for (const [name, value] of Object.entries(principal.tags)) put(`aws:PrincipalTag/${name}`, value)
  for (const [name, value] of Object.entries(resourceTags)) put(`aws:ResourceTag/${name}`, value)
  const requestTags = input.UserPoolTags ?? input.Tags ?? {}
  for (const [name, value] of Object.entries(requestTags)) put(`aws:RequestTag/${name}`, value)
  const tagKeys = input.TagKeys ?? Object.keys(requestTags)
  if (tagKeys.length > 0) keys.set('aws:tagkeys', tagKeys)
  return keys
}
