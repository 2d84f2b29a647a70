import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { ImportJob } from '../../domain/import-job.ts'
import type { ImportChunk, Imports, RunningImport } from '../../ports/imports.ts'
import type { Vault } from '../../ports/vault.ts'
import { mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

/** Jobs, their files (sealed: they hold addresses and password hashes), their logs, and who runs one. */
export function importTable(db: Kysely<Database>, vault: Vault): Imports {
  const jobs = (poolId: UserPoolId) => db.selectFrom('import_jobs').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, id) {
      const row = await jobs(poolId).where('id', '=', id).executeTakeFirst()
      return row && toJob(row)
    },

    async page(poolId, { after, limit }) {
      let query = jobs(poolId)
      if (after !== undefined) {
        const [at = '', id = ''] = after.split(' ')
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '<', tuple(Number(at), id)),
        )
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(toJob)
    },

    async hold(poolId) {
      const held = await db
        .updateTable('pools')
        .set((pools) => ({ version: pools.ref('version') }))
        .where('id', '=', poolId)
        .executeTakeFirstOrThrow()
      mustHaveChanged(held)
      const { total } = await db
        .selectFrom('import_jobs')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    async create(job) {
      await db
        .insertInto('import_jobs')
        .values({ ...toRow(job), pool_id: job.poolId, id: job.id, created_at: job.createdAt })
        .execute()
    },

    async save(job) {
      const result = await db
        .updateTable('import_jobs')
        .set({ ...toRow(job), version: job.version + 1 })
        .where('pool_id', '=', job.poolId)
        .where('id', '=', job.id)
        .where('version', '=', job.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    async unstarted(before, limit) {
      const rows = await db
        .selectFrom('import_jobs')
        .selectAll()
        .where('status', '=', 'Created')
        .where('created_at', '<', before)
        .limit(limit)
        .execute()
      return rows.map(toJob)
    },

    async putChunk(chunk) {
      await db
        .insertInto('import_chunks')
        .values({
          pool_id: chunk.poolId,
          job_id: chunk.jobId,
          upload: chunk.upload,
          number: chunk.number,
          sealed: vault.seal(chunk.bytes, contextOf(chunk)),
        })
        .execute()
    },

    async chunk(chunk) {
      const row = await db
        .selectFrom('import_chunks')
        .select('sealed')
        .where('pool_id', '=', chunk.poolId)
        .where('job_id', '=', chunk.jobId)
        .where('upload', '=', chunk.upload)
        .where('number', '=', chunk.number)
        .executeTakeFirst()
      return row && vault.open(row.sealed, contextOf(chunk))
    },

    async deleteChunks(poolId, jobId, upload) {
      let query = db.deleteFrom('import_chunks').where('pool_id', '=', poolId).where('job_id', '=', jobId)
      if (upload !== undefined) query = query.where('upload', '=', upload)
      await query.execute()
    },

    async log(poolId, jobId, lines) {
      if (lines.length === 0) return
      await db
        .insertInto('import_lines')
        .values(lines.map((line) => ({ pool_id: poolId, job_id: jobId, ...line })))
        .execute()
    },

    logPage: (poolId, jobId, after, limit) =>
      db
        .selectFrom('import_lines')
        .select(['line', 'outcome', 'text'])
        .where('pool_id', '=', poolId)
        .where('job_id', '=', jobId)
        .where('line', '>', after)
        .orderBy('line')
        .limit(limit)
        .execute(),

    async occupy({ account, poolId, jobId }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('running_imports')
        .values({ account, pool_id: poolId, job_id: jobId, node: '', leased_until: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },

    async vacate({ account, poolId, jobId }) {
      await db
        .deleteFrom('running_imports')
        .where('account', '=', account)
        .where('pool_id', '=', poolId)
        .where('job_id', '=', jobId)
        .execute()
    },

    async isRunning(poolId) {
      const row = await db
        .selectFrom('running_imports')
        .select('account')
        .where('pool_id', '=', poolId)
        .executeTakeFirst()
      return row !== undefined
    },

    async lease(account, node, now, until) {
      // Most of the time there is nothing to lease: a look first, which writes nothing.
      const standing = await db
        .selectFrom('running_imports')
        .select('account')
        .where('account', '=', account)
        .executeTakeFirst()
      if (standing === undefined) return undefined
      const row = await db
        .updateTable('running_imports')
        .set({ node, leased_until: until })
        .where('account', '=', account)
        .where(({ eb, or }) => or([eb('node', '=', node), eb('leased_until', '<=', now)]))
        .returningAll()
        .executeTakeFirst()
      return row && toRunning(row)
    },

    async renew({ account, poolId, jobId }, node, until) {
      const { numUpdatedRows } = await db
        .updateTable('running_imports')
        .set({ leased_until: until })
        .where('account', '=', account)
        .where('pool_id', '=', poolId)
        .where('job_id', '=', jobId)
        .where('node', '=', node)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

const contextOf = ({ poolId, jobId, upload, number }: Omit<ImportChunk, 'bytes'>): string =>
  `import ${poolId} ${jobId} ${upload} ${number}`

const toRunning = (row: Selectable<Database['running_imports']>): RunningImport => ({
  account: row.account,
  poolId: row.pool_id as UserPoolId,
  jobId: row.job_id,
})

function toRow({ poolId: _, id: __, createdAt: ___, status, version, ...facts }: ImportJob) {
  return { status, version, facts: JSON.stringify(facts) }
}

const toJob = (row: Selectable<Database['import_jobs']>): ImportJob => ({
  ...JSON.parse(row.facts),
  poolId: row.pool_id as UserPoolId,
  id: row.id,
  createdAt: row.created_at,
  status: row.status as ImportJob['status'],
  version: row.version,
})
