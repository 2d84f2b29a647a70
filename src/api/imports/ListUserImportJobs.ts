import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { PoolPageKey, QueryLimit, UserPoolId } from '../shapes.ts'
import { ImportJob, shownJob } from './shapes.ts'

/** The service's pages have no more, whatever is asked for: the model says so of the list. */
const mostListed = 50

export default operation('ListUserImportJobs', {
  doc: "Lists a pool's imports, the last created first, a page at a time.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    MaxResults: required(QueryLimit),
    PaginationToken: PoolPageKey,
  }),
  output: struct({
    UserImportJobs: list(ImportJob, { min: 1, max: mostListed }),
    PaginationToken: PoolPageKey,
  }),
  faults: ['InvalidParameter'],
  async run({ pool, input, store, ...app }) {
    const size = Math.min(input.MaxResults, mostListed)
    const { items, next } = await pageOf(app.vault, `imports ${pool.id}`, input.PaginationToken, size, {
      load: (request) => store.imports.page(pool.id, request),
      key: ({ createdAt, id }) => `${createdAt} ${id}`,
    })
    return { UserImportJobs: items.map((job) => shownJob(app, job)), PaginationToken: next }
  },
})
