import { type Attributes, checkAttributes } from '../../domain/attribute.ts'
import { stated } from '../../domain/attribute-change.ts'
import { type Client, canWrite } from '../../domain/client.ts'
import { Fault } from '../../domain/faults.ts'
import { checkPassword } from '../../domain/password-policy.ts'
import type { Pool } from '../../domain/pool.ts'
import type { User } from '../../domain/user.ts'
import { Secret } from '../../lib/secret.ts'
import { setPassword } from '../passwords.ts'
import { mustBeSafe } from '../risk.ts'
import { type ChallengeRules, type Parameters, parameter } from '../step.ts'

const prefix = 'userAttributes.'

/** A temporary password was right: a new one must follow, with the attributes that are still missing. */
export const newPasswordRequired: ChallengeRules = {
  begin: async ({ pool }, { user }) => {
    const attributes = user?.attributes ?? {}
    return {
      parameters: {
        USER_ID_FOR_SRP: user?.username ?? '',
        requiredAttributes: JSON.stringify(missingIn(pool, attributes).map((name) => `${prefix}${name}`)),
        userAttributes: JSON.stringify(attributes),
      },
    }
  },

  async judge({ signIn, subject, responses }) {
    const { user } = subject
    if (user === undefined) throw new Fault('InvalidSession')
    const { app, pool, client, now } = signIn
    const password = new Secret(parameter(responses, 'NEW_PASSWORD'))
    const given = givenIn(responses)
    mustBeNew(user, client, given)
    checkAttributes(pool.schema, given, 'creating')
    const attributes = { ...user.attributes, ...given }
    const [missing] = missingIn(pool, attributes)
    if (missing !== undefined)
      throw new Fault('InvalidParameter', `Invalid attributes given, ${missing} is missing`)
    checkPassword(password.reveal(), pool.settings.Policies.PasswordPolicy)
    await mustBeSafe(signIn, 'PASSWORD_CHANGE', password)
    const confirmed: User = { ...user, attributes, status: 'CONFIRMED' }
    const { changed, along } = await setPassword(app, pool, confirmed, password, now)
    return { kind: 'proven', user, changed, progress: { passwordReplaced: true }, along }
  },
}

/** @throws Fault CannotModifyProvided, UnauthorizedAttribute */
function mustBeNew(user: User, client: Client, given: Attributes): void {
  for (const name of Object.keys(given)) {
    if ((user.attributes[name] ?? '') !== '') throw new Fault('CannotModifyProvided', name)
    if (!canWrite(client.settings, name)) throw new Fault('UnauthorizedAttribute')
  }
}

function givenIn(responses: Parameters): Attributes {
  const entries = Object.entries(responses).filter(([name]) => name.startsWith(prefix))
  return stated(Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value])))
}

/** Required attributes without a value: an administrator may leave them to the user. */
function missingIn(pool: Pool, attributes: Attributes): string[] {
  return pool.schema
    .filter(({ Name, Required }) => Required && Name !== 'sub' && (attributes[Name] ?? '') === '')
    .map(({ Name }) => Name)
}
