import { Fault } from '../../domain/faults.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'

export default operation('DeleteUser', {
  doc: 'Deletes the signed-in user, with attributes, aliases and sessions.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken) }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, store }) {
    mustBeConfirmed(user)
    await store.transaction(async (tables) => {
      if (!(await tables.users.delete(pool.id, user.username))) throw new Fault('UserNotFound')
      await tables.failures.clear(pool.id, user.username)
    })
    return {}
  },
})
