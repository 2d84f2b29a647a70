import { createHash } from 'node:crypto'
import { base32 } from '../lib/base32.ts'
import { Content } from '../lib/content.ts'
import { instantFromIso } from '../lib/iso-date.ts'
import { Secret } from '../lib/secret.ts'
import { managedPolicies } from './iam-managed.ts'
import { type PolicyDocument, readPolicy } from './iam-policy.ts'
import type { AccessKey, Principal } from './principal.ts'

type Policies = ReadonlyMap<string, PolicyDocument>
type Groups = ReadonlyMap<string, readonly PolicyDocument[]>
/** Whether a name was here before; asking takes it. */
type Taken = (name: string) => boolean

/**
 * The account's users and roles, found by access key id, from the content of `iam.yaml`:
 *
 *     users:    [{ name, path?, tags?, accessKeys: [{ id, secret }], groups?: [name], policies? }]
 *     groups:   [{ name, policies? }]
 *     roles:    [{ name, tags?, policies?, accessKeys: [{ id, secret, sessionToken, sessionName?, expires? }] }]
 *     policies: { name: document }   or   [{ name, document }]
 *
 * `policies` of a user, group or role lists documents and names of policies, declared here or kept by AWS.
 * @throws ContentError at the first thing wrong.
 */
export function readDirectory(content: unknown, accountId: string): ReadonlyMap<string, AccessKey> {
  const parts = new Content(content).members(['users', 'groups', 'roles', 'policies'])
  const declared = new Map([...managedPolicies, ...readPolicies(parts.policies)])
  const groups = readGroups(parts.groups, declared)
  const isKeyTaken = taken()
  const keys = [
    ...readUsers(parts.users, accountId, declared, groups, isKeyTaken),
    ...readRoles(parts.roles, accountId, declared, isKeyTaken),
  ]
  return new Map(keys.map((key) => [key.id, key]))
}

function readUsers(
  users: Content,
  accountId: string,
  declared: Policies,
  groups: Groups,
  isKeyTaken: Taken,
): AccessKey[] {
  const isTaken = taken()
  return users.items().flatMap((user) => {
    const parts = user.members(['name', 'path', 'tags', 'accessKeys', 'groups', 'policies'])
    const name = readName(parts.name, 64, isTaken)
    const arn = `arn:aws:iam::${accountId}:user${readPath(parts.path)}${name}`
    const principal: Principal = {
      arn,
      type: 'User',
      username: name,
      userId: uniqueId('AIDA', arn),
      unrestricted: false,
      policies: [...readAttached(parts.policies, declared), ...readMemberships(parts.groups, groups)],
      tags: readTags(parts.tags),
    }
    return parts.accessKeys.items().map((key) => {
      const { id, secret } = key.members(['id', 'secret'], 'unnamed')
      return { id: readKeyId(id, isKeyTaken), secret: readSecret(secret), principal }
    })
  })
}

function readRoles(roles: Content, accountId: string, declared: Policies, isKeyTaken: Taken): AccessKey[] {
  const isTaken = taken()
  return roles.items().flatMap((role) => {
    const parts = role.members(['name', 'tags', 'policies', 'accessKeys'])
    const name = readName(parts.name, 64, isTaken)
    const roleId = uniqueId('AROA', `arn:aws:iam::${accountId}:role/${name}`)
    const policies = readAttached(parts.policies, declared)
    const tags = readTags(parts.tags)
    return parts.accessKeys.items().map((key) => {
      const { id, secret, sessionToken, sessionName, expires } = key.members(
        ['id', 'secret', 'sessionToken', 'sessionName', 'expires'],
        'unnamed',
      )
      const session = sessionName.given ? readName(sessionName, 64) : 'cognate'
      return {
        id: readKeyId(id, isKeyTaken),
        secret: readSecret(secret),
        sessionToken: readSecret(sessionToken),
        ...(expires.given && { expiresAt: readInstant(expires) }),
        principal: {
          arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
          type: 'AssumedRole',
          userId: `${roleId}:${session}`,
          unrestricted: false,
          policies,
          tags,
        },
      }
    })
  })
}

function readGroups(groups: Content, declared: Policies): Groups {
  const isTaken = taken()
  return new Map(
    groups.items().map((group) => {
      const { name, policies } = group.members(['name', 'policies'])
      return [readName(name, 128, isTaken), readAttached(policies, declared)]
    }),
  )
}

function readPolicies(policies: Content): Policies {
  const isTaken = taken()
  if (policies.isList()) {
    return new Map(
      policies.items().map((policy) => {
        const { name, document } = policy.members(['name', 'document'])
        return [readName(name, 128, isTaken), readPolicy(document)]
      }),
    )
  }
  return new Map(policies.entries().map(([name, document]) => [name, readPolicy(document)]))
}

function readAttached(policies: Content, declared: Policies): PolicyDocument[] {
  return policies.items().map((policy) => {
    if (!policy.isText()) return readPolicy(policy)
    const found = declared.get(policy.text())
    if (!found) throw policy.refusal('is no policy of this file, nor one of AWS that Cognate knows')
    return found
  })
}

function readMemberships(memberships: Content, groups: Groups): PolicyDocument[] {
  return memberships.items().flatMap((group) => {
    const found = groups.get(group.text())
    if (!found) throw group.refusal('is no group of this file')
    return found
  })
}

function readTags(tags: Content): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.entries().map(([name, value]) => [name, value.scalar()]))
}

/** Names as IAM has them: two that differ in case only are one. */
function readName(content: Content, limit: number, isTaken: Taken = () => false): string {
  const name = content.matching(/^[\w+=,.@-]+$/, 'must consist of letters, digits and any of _+=,.@-')
  if (name.length > limit) throw content.refusal(`must be at most ${limit} characters long`)
  if (isTaken(name.toLowerCase())) throw content.refusal('is the name of another one, too')
  return name
}

function readPath(content: Content): string {
  if (!content.given) return '/'
  return content.matching(/^\/(?:[!-~]{1,510}\/)?$/, 'must begin and end with a slash')
}

function readKeyId(content: Content, isTaken: Taken): string {
  const id = content.matching(/^\w{1,128}$/, 'must be 1 to 128 letters, digits or underscores')
  if (isTaken(id)) throw content.refusal('is the id of another access key, too')
  return id
}

function readSecret(content: Content): Secret {
  return new Secret(content.matching(/^./s, 'must not be empty'))
}

function readInstant(content: Content): number {
  const instant = instantFromIso(content.text())
  if (instant === undefined) throw content.refusal('must be a date of ISO 8601 with its zone')
  return instant
}

/** An id in the form of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, the same at every start. */
function uniqueId(prefix: 'AIDA' | 'AROA', arn: string): string {
  return prefix + base32(createHash('sha256').update(arn).digest()).slice(0, 17)
}

function taken(): Taken {
  const names = new Set<string>()
  return (name) => names.size === names.add(name).size
}
