import { type Attributes, checkAttributes, checkRequired } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import { checkPassword } from '../../domain/password-policy.ts'
import type { User } from '../../domain/user.ts'
import { Secret } from '../../lib/secret.ts'
import { setPassword } from '../passwords.ts'
import { type ChallengeRules, type Parameters, parameter } from '../step.ts'

const prefix = 'userAttributes.'
const flags: ReadonlySet<string> = new Set(['email_verified', 'phone_number_verified'])

/** A temporary password was right: a new one must follow, with the attributes that are still missing. */
export const newPasswordRequired: ChallengeRules = {
  begin: async ({ pool }, { user }) => {
    const missing = pool.schema.filter(
      ({ Name, Required }) => Required && Name !== 'sub' && (user?.attributes[Name] ?? '') === '',
    )
    return {
      parameters: {
        USER_ID_FOR_SRP: user?.username ?? '',
        requiredAttributes: JSON.stringify(missing.map(({ Name }) => `${prefix}${Name}`)),
        userAttributes: JSON.stringify(user?.attributes ?? {}),
      },
    }
  },

  async judge({ signIn, subject, responses }) {
    const { user } = subject
    if (user === undefined) throw new Fault('InvalidSession')
    const { app, pool, now } = signIn
    const password = new Secret(parameter(responses, 'NEW_PASSWORD'))
    const attributes = withGiven(user, givenAttributes(responses))
    checkAttributes(pool.schema, givenAttributes(responses), 'creating')
    checkRequired(pool.schema, attributes)
    checkPassword(password.reveal(), pool.settings.Policies.PasswordPolicy)
    const { changed, along } = await setPassword(
      app,
      pool,
      { ...user, attributes, status: 'CONFIRMED' },
      password,
      now,
    )
    return { kind: 'proven', user, changed, along }
  },
}

/** @throws Fault CannotModifyProvided, UnauthorizedAttribute */
function withGiven(user: User, given: Attributes): Attributes {
  for (const name of Object.keys(given)) {
    if ((user.attributes[name] ?? '') !== '') throw new Fault('CannotModifyProvided', name)
    if (flags.has(name)) throw new Fault('UnauthorizedAttribute')
  }
  return { ...user.attributes, ...given }
}

function givenAttributes(responses: Parameters): Attributes {
  const entries = Object.entries(responses).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]))
}
