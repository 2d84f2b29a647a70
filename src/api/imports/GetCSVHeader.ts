import { columnsOf } from '../../domain/import-file.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Text, UserPoolId } from '../shapes.ts'

export default operation('GetCSVHeader', {
  doc: 'The columns of a file with which users are imported into this pool.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct({ UserPoolId, CSVHeader: list(Text) }),
  faults: [],
  differs:
    "password_hash is the last column: the developer guide says that the template has it, and the API reference's older example is without. A file needs it only for a job with a hashing algorithm.",
  async run({ pool }) {
    return { UserPoolId: pool.id, CSVHeader: columnsOf(pool.schema) }
  },
})
