import { findImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ImportJob, oneJob, shownJob } from './shapes.ts'

export default operation('DescribeUserImportJob', {
  doc: 'Shows an import: how far it has come, and how it ended.',
  access: iamOnPool,
  input: oneJob,
  output: struct({ UserImportJob: ImportJob }),
  faults: ['ImportJobNotFound'],
  differs: 'The text for an unknown job is assumed.',
  async run({ pool, input, store, ...app }) {
    return { UserImportJob: shownJob(app, await findImport(store, pool, input.JobId)) }
  },
})
