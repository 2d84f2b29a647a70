import { startImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ImportJob, oneJob, shownJob } from './shapes.ts'

export default operation('StartUserImportJob', {
  doc: 'Starts to import the users of an uploaded file. A job is started once, and one at a time in an account.',
  access: iamOnPool,
  input: oneJob,
  output: struct({ UserImportJob: ImportJob }),
  faults: ['ImportJobNotFound', 'PreconditionNotMet'],
  differs:
    'The text for a job without a file is captured; those for one that was started before, for a second one in the account, for a pool without auto-verified attributes and for an unknown job are assumed. A birthdate is kept as the file has it. A job ends as Failed when more users failed or were skipped than were imported: AWS tells no number.',
  async run({ pool, input, now, ...app }) {
    return { UserImportJob: shownJob(app, await startImport(app, pool, input.JobId, now)) }
  },
})
