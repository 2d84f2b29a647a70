import { stopImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ImportJob, oneJob, shownJob } from './shapes.ts'

export default operation('StopUserImportJob', {
  doc: 'Stops an import after the users at hand. Those who were imported stay, and the job cannot be started again.',
  access: iamOnPool,
  input: oneJob,
  output: struct({ UserImportJob: ImportJob }),
  faults: ['ImportJobNotFound', 'PreconditionNotMet'],
  differs: 'The texts for an unknown job and for one that is not under way are assumed.',
  async run({ pool, input, now, ...app }) {
    return { UserImportJob: shownJob(app, await stopImport(app, pool, input.JobId, now)) }
  },
})
