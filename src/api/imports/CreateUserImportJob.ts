import { createImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Arn, UserPoolId } from '../shapes.ts'
import { HashAlgorithm, ImportJob, JobName, shownJob } from './shapes.ts'

export default operation('CreateUserImportJob', {
  doc: 'Creates a job that imports users from a CSV file, and hands out the address that takes the file for 15 minutes.',
  access: iamOnPool,
  input: struct({
    JobName: required(JobName),
    UserPoolId: required(UserPoolId),
    CloudWatchLogsRoleArn: required(Arn),
    PasswordHashingAlgorithm: HashAlgorithm,
  }),
  output: struct({ UserImportJob: ImportJob }),
  faults: ['TooMany'],
  differs:
    'The address is one of this server. The role is kept and not used: the log is at /_cognate/imports/{pool}/{job}/log and names those who were not imported; AWS lists the others too. The text for too many jobs is assumed.',
  async run({ pool, input, now, ...app }) {
    const job = await createImport(
      app,
      pool,
      {
        name: input.JobName,
        roleArn: input.CloudWatchLogsRoleArn,
        ...(input.PasswordHashingAlgorithm && { hashing: input.PasswordHashingAlgorithm }),
      },
      now,
    )
    return { UserImportJob: shownJob(app, job) }
  },
})
