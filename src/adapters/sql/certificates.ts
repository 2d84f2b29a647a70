import type { Kysely, Selectable } from 'kysely'
import type { Certificate } from '../../domain/certificate.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import type { Certificates } from '../../ports/identity-providers.ts'
import { atomic } from './atomic.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function certificateTable(db: Kysely<Database>): Certificates {
  const row = (db: Kysely<Database>, poolId: UserPoolId, use: Certificate['use']) =>
    db.selectFrom('pool_certificates').selectAll().where('pool_id', '=', poolId).where('use', '=', use)
  return {
    async find(poolId, use) {
      const found = await row(db, poolId, use).executeTakeFirst()
      return found && toCertificate(found)
    },

    keep: ({ poolId, use, certificate, sealedPrivateKey }) =>
      atomic(db, async (db) => {
        await holdPool(db, poolId)
        await db
          .insertInto('pool_certificates')
          .values({ pool_id: poolId, use, certificate, sealed_private_key: sealedPrivateKey })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        return toCertificate(await row(db, poolId, use).executeTakeFirstOrThrow())
      }),
  }
}

const toCertificate = (row: Selectable<Database['pool_certificates']>): Certificate => ({
  poolId: row.pool_id as UserPoolId,
  use: row.use,
  certificate: row.certificate,
  sealedPrivateKey: row.sealed_private_key,
})
