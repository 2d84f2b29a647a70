import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Store, Tables } from '../../ports/store.ts'
import type { Vault } from '../../ports/vault.ts'
import { authEventTable } from './auth-events.ts'
import { authorizationCodeTable } from './authorization-codes.ts'
import { brandingTable } from './brandings.ts'
import { certificateTable } from './certificates.ts'
import { clientTable } from './clients.ts'
import { codeTable } from './codes.ts'
import { failureTable, quotaTable } from './counts.ts'
import { deviceTable } from './devices.ts'
import { domainTable } from './domains.ts'
import type { Engine } from './engine.ts'
import { passkeyTable, softwareTokenTable } from './factors.ts'
import { groupTable, membershipTable } from './groups.ts'
import { identityProviderTable } from './identity-providers.ts'
import { importTable } from './imports.ts'
import { linkedIdentityTable } from './linked-identities.ts'
import { messageTable } from './messages.ts'
import { migrationProvider } from './migrations.ts'
import { passwordHistoryTable } from './password-history.ts'
import { poolTable } from './pools.ts'
import { provisionedLimitTable } from './provisioned-limits.ts'
import { replicaTable } from './replicas.ts'
import { resourceServerTable } from './resource-servers.ts'
import { riskConfigurationTable } from './risk-configurations.ts'
import { authSessionTable } from './sessions.ts'
import { ssoSessionTable } from './sso-sessions.ts'
import type { Database } from './tables.ts'
import { termsTable } from './terms.ts'
import { tokenSessionTable } from './token-sessions.ts'
import { uiCustomizationTable } from './ui-customizations.ts'
import { usedAssertionTable } from './used-assertions.ts'
import { userTable } from './users.ts'

/** Opens the store and brings its tables up to date. */
export async function openStore(engine: Engine, vault: Vault): Promise<Store> {
  const db = new Kysely<Database>({ dialect: engine.dialect })
  const migrator = new Migrator({ db, provider: migrationProvider(engine.text) })
  const { error } = await migrator.migrateToLatest()
  try {
    if (error !== undefined) throw error
    await mustOpen(db, vault)
  } catch (failure) {
    await db.destroy()
    throw failure
  }
  return {
    ...tables(db, engine, vault),
    transaction: (work) =>
      db.transaction().execute((transaction) => work(tables(transaction, engine, vault))),
    close: () => db.destroy(),
  }
}

function tables(db: Kysely<Database>, engine: Engine, vault: Vault): Tables {
  return {
    pools: poolTable(db),
    replicas: replicaTable(db),
    clients: clientTable(db),
    users: userTable(db, engine),
    groups: groupTable(db),
    memberships: membershipTable(db),
    brandings: brandingTable(db),
    terms: termsTable(db),
    authSessions: authSessionTable(db),
    tokenSessions: tokenSessionTable(db),
    authorizationCodes: authorizationCodeTable(db),
    ssoSessions: ssoSessionTable(db),
    messages: messageTable(db, vault),
    codes: codeTable(db),
    failures: failureTable(db),
    quotas: quotaTable(db),
    softwareTokens: softwareTokenTable(db),
    passkeys: passkeyTable(db),
    devices: deviceTable(db),
    passwordHistory: passwordHistoryTable(db),
    authEvents: authEventTable(db),
    resourceServers: resourceServerTable(db),
    domains: domainTable(db),
    uiCustomizations: uiCustomizationTable(db),
    imports: importTable(db, vault),
    identityProviders: identityProviderTable(db),
    linkedIdentities: linkedIdentityTable(db),
    certificates: certificateTable(db),
    provisionedLimits: provisionedLimitTable(db),
    riskConfigurations: riskConfigurationTable(db),
    usedAssertions: usedAssertionTable(db),
  }
}

/**
 * A store whose secrets are sealed under other keys would fail at the first sign-in; it is refused at the start.
 * @throws when the keys are not those that the store was first opened with
 */
async function mustOpen(db: Kysely<Database>, vault: Vault): Promise<void> {
  const name = 'vault'
  await db
    .insertInto('installation')
    .values({ name, value: vault.seal(Buffer.from(name), name) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  try {
    vault.open(value, name)
  } catch {
    throw new Error('the store was sealed under other keys than those in the key file')
  }
}
