/** A pool with something of everything that a pool can have. */
import type { UserPoolId } from '../src/domain/ids.ts'
import type { User } from '../src/domain/user.ts'
import type { Store } from '../src/ports/store.ts'
import {
  newAuthEvent,
  newAuthorizationCode,
  newAuthSession,
  newBranding,
  newCertificate,
  newClient,
  newDomain,
  newGroup,
  newImportJob,
  newKeys,
  newMessage,
  newPool,
  newProvider,
  newReplica,
  newResourceServer,
  newTerms,
  newTokenSession,
  newUser,
} from './rows.ts'

/** A pool with a row in every table that has any of pools. */
export async function filledPool(store: Store): Promise<UserPoolId> {
  const pool = newPool()
  await store.pools.create(pool, newKeys())
  await store.replicas.create(newReplica(pool.id))
  const client = newClient(pool.id)
  await store.clients.create(client)
  await store.brandings.create(newBranding(client))
  await store.terms.create(newTerms(client))
  const ada = newUser(pool.id, 'ada', { attributes: { name: 'Ada' } })
  await store.users.create(ada, [{ kind: 'email', value: 'ada@example.com' }])
  await store.authSessions.put(newAuthSession(pool.id))
  await store.messages.put(newMessage(pool.id))
  const job = newImportJob(pool.id)
  await store.imports.create(job)
  await store.imports.putChunk({
    poolId: pool.id,
    jobId: job.id,
    upload: 'a',
    number: 0,
    bytes: Buffer.from('a'),
  })
  await store.imports.log(pool.id, job.id, [{ line: 2, outcome: 'FAILED', text: 'text' }])
  await store.imports.occupy({ account: pool.id, poolId: pool.id, jobId: job.id })
  await store.identityProviders.create(newProvider(pool.id))
  await store.certificates.keep(newCertificate(pool.id))
  await fillBesides(store, ada)
  await store.resourceServers.create(newResourceServer(pool.id, 'shop'))
  await store.domains.create(newDomain(pool.id, `auth.${pool.id}`))
  await store.uiCustomizations.save({ poolId: pool.id, clientId: 'ALL', createdAt: 0, modifiedAt: 0 })
  return pool.id
}

/** What a user leaves behind beside a sign-in that is under way. */
export async function fillBesides(store: Store, { poolId, username }: User): Promise<void> {
  const of = { poolId, username }
  const at = Date.UTC(2026, 10, 23)
  const session = newTokenSession(poolId, { username })
  await store.tokenSessions.create(session)
  await store.tokenSessions.rotate(session, 'next', { at, graceUntil: at, successor: 'sealed' })
  await store.ssoSessions.create({
    ...of,
    id: `sso-${username}`,
    clientId: session.clientId,
    createdAt: at,
    expiresAt: at,
    last: { at, device: 'Firefox', address: '127.0.0.1' },
  })
  await store.authorizationCodes.put(newAuthorizationCode(poolId, { username }))
  await store.usedAssertions.add({ poolId, digest: 'of an assertion', expiresAt: 1 })
  await store.codes.put({ ...of, purpose: 'reset', digest: 'digest', expiresAt: at })
  await store.groups.create(newGroup(poolId, `friends of ${username}`))
  await store.memberships.add(poolId, username, `friends of ${username}`)
  await store.failures.save(poolId, username, { count: 1, lastAt: at })
  await store.quotas.count(poolId, username, at)
  await store.softwareTokens.save({ ...of, sealed: 'sealed', lastStep: 1 })
  await store.passkeys.create({
    ...of,
    id: 'id',
    publicKey: 'key',
    counter: 0,
    transports: [],
    relyingPartyId: 'example.com',
    name: 'Passkey',
    multiDevice: false,
    createdAt: at,
  })
  const times = { createdAt: at, modifiedAt: at, authenticatedAt: at }
  await store.devices.create({ ...of, key: 'key', groupKey: 'group', remembered: false, ...times })
  await store.passwordHistory.add(poolId, username, { salt: '00', sealedVerifier: 'sealed', setAt: at }, 1)
  await store.authEvents.hold(newAuthEvent(poolId, { username }))
  await store.linkedIdentities.add(
    poolId,
    { provider: 'Google', attribute: 'sub', value: username },
    username,
  )
  await store.riskConfigurations.save({ poolId, modifiedAt: at, settings: {} })
}
