import type { Kysely, Selectable } from 'kysely'
import type { IdentityProvider, ProviderType } from '../../domain/identity-provider.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import type { IdentityProviders } from '../../ports/identity-providers.ts'
import { DuplicateKey, IdentifierTaken } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function identityProviderTable(db: Kysely<Database>): IdentityProviders {
  const rows = (poolId: UserPoolId) =>
    db.selectFrom('identity_providers').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, name) {
      const row = await rows(poolId).where('name', '=', name).executeTakeFirst()
      return row && toProvider(row)
    },

    async findByIdentifier(poolId, identifier) {
      const row = await db
        .selectFrom('provider_identifiers as own')
        .innerJoin('identity_providers as named', (join) =>
          join.onRef('named.pool_id', '=', 'own.pool_id').onRef('named.name', '=', 'own.provider'),
        )
        .selectAll('named')
        .where('own.pool_id', '=', poolId)
        .where('own.identifier', '=', identifier)
        .executeTakeFirst()
      return row && toProvider(row)
    },

    async page(poolId, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('name', '>', after)
      return (await query.orderBy('name').limit(limit).execute()).map(toProvider)
    },

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('identity_providers')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    create: (provider) =>
      atomic(db, async (db) => {
        await holdPool(db, provider.poolId)
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('identity_providers')
          .values({ ...toRow(provider), pool_id: provider.poolId, name: provider.name })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
        await holdIdentifiers(db, provider)
      }),

    save: (provider) =>
      atomic(db, async (db) => {
        // Two that exchange their identifiers would each wait for the other.
        await holdPool(db, provider.poolId)
        const result = await db
          .updateTable('identity_providers')
          .set({ ...toRow(provider), version: provider.version + 1 })
          .where('pool_id', '=', provider.poolId)
          .where('name', '=', provider.name)
          .where('version', '=', provider.version)
          .executeTakeFirstOrThrow()
        mustHaveChanged(result)
        await dropIdentifiers(db, provider.poolId, provider.name)
        await holdIdentifiers(db, provider)
      }),

    delete: (poolId, name) =>
      atomic(db, async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('identity_providers')
          .where('pool_id', '=', poolId)
          .where('name', '=', name)
          .executeTakeFirstOrThrow()
        await dropIdentifiers(db, poolId, name)
        return numDeletedRows === 1n
      }),
  }
}

async function dropIdentifiers(db: Kysely<Database>, poolId: UserPoolId, name: string): Promise<void> {
  await db
    .deleteFrom('provider_identifiers')
    .where('pool_id', '=', poolId)
    .where('provider', '=', name)
    .execute()
}

async function holdIdentifiers(db: Kysely<Database>, provider: IdentityProvider): Promise<void> {
  for (const identifier of provider.identifiers) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('provider_identifiers')
      .values({ pool_id: provider.poolId, identifier, provider: provider.name })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== 1n) throw new IdentifierTaken(identifier)
  }
}

/** What no query asks for. */
type Facts = Pick<IdentityProvider, 'details' | 'mapping' | 'identifiers' | 'acrMapping' | 'saml'>

function toRow({ details, mapping, identifiers, acrMapping, saml, ...provider }: IdentityProvider) {
  const facts: Facts = {
    details,
    mapping,
    identifiers,
    ...(acrMapping !== undefined && { acrMapping }),
    ...(saml !== undefined && { saml }),
  }
  return {
    type: provider.type,
    created_at: provider.createdAt,
    modified_at: provider.modifiedAt,
    version: provider.version,
    facts: JSON.stringify(facts),
    sealed_secrets: provider.sealedSecrets ?? null,
  }
}

function toProvider(row: Selectable<Database['identity_providers']>): IdentityProvider {
  const facts: Facts = JSON.parse(row.facts)
  return {
    poolId: row.pool_id as UserPoolId,
    name: row.name,
    type: row.type as ProviderType,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    ...facts,
    ...(row.sealed_secrets !== null && { sealedSecrets: row.sealed_secrets }),
  }
}
