// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM writes its variables like this.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { managedPolicies } from './iam-managed.ts'
import {
  type AuthorizationRequest,
  evaluate,
  type PolicyDocument,
  PolicyError,
  parsePolicy,
} from './iam-policy.ts'

const pool = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'
const otherPool = 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_xyz'

/** A request to read a user of the pool, unless a row says otherwise. */
interface Asked {
  readonly action?: string
  readonly resource?: string
  readonly context?: Record<string, string | readonly string[]>
}

function requestOf({ action = 'cognito-idp:AdminGetUser', resource = pool, context = {} }: Asked) {
  const values = Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()] as const)
  return { action, resource, context: new Map(values) } satisfies AuthorizationRequest
}

const statement = (effect: 'Allow' | 'Deny', members: object) => ({
  Effect: effect,
  ...('NotAction' in members ? {} : { Action: 'cognito-idp:*' }),
  ...('NotResource' in members ? {} : { Resource: '*' }),
  ...members,
})
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
const allow = (members: object = {}) => policy(statement('Allow', members))
const deny = (members: object = {}) => policy(statement('Deny', members))
const old = (members: object) => ({ ...allow(members), Version: '2008-10-17' })
const unversioned = (members: object) => ({ Statement: statement('Allow', members) })
const ofPool = (tail: string) => `arn:aws:cognito-idp:*:*:userpool/${tail}`

const allowed = 'allowed'
const nothing = 'implicitly-denied'
const denied = 'explicitly-denied'

type Row = readonly [what: string, policies: readonly object[], asked: Asked, verdict: string]

const statements: Row[] = [
  ['no policy allows nothing', [], {}, nothing],
  ['an allow allows', [allow()], {}, allowed],
  ['a deny alone denies', [deny()], {}, denied],
  ['a deny beats an allow after it', [policy(statement('Deny', {}), statement('Allow', {}))], {}, denied],
  ['a deny beats an allow before it', [policy(statement('Allow', {}), statement('Deny', {}))], {}, denied],
  ['a deny in another policy beats an allow', [allow(), deny()], {}, denied],
  ['a deny of something else does not', [allow(), deny({ Action: 'cognito-idp:Delete*' })], {}, allowed],
  ['one allow of many is enough', [allow({ Action: 's3:*' }), allow()], {}, allowed],
  ['a lone statement needs no list', [unversioned({})], {}, allowed],
  ['Id and Sid mean nothing', [{ Id: 'x', ...policy(statement('Allow', { Sid: 'One' })) }], {}, allowed],
]

const actions: Row[] = [
  ['the action itself', [allow({ Action: 'cognito-idp:AdminGetUser' })], {}, allowed],
  ['another action', [allow({ Action: 'cognito-idp:AdminDeleteUser' })], {}, nothing],
  ['an action that only begins alike', [allow({ Action: 'cognito-idp:AdminGet' })], {}, nothing],
  ['in other case', [allow({ Action: 'COGNITO-IDP:admingetuser' })], {}, allowed],
  [
    'requested in other case',
    [allow({ Action: 'cognito-idp:AdminGetUser' })],
    { action: 'cognito-idp:ADMINGETUSER' },
    allowed,
  ],
  ['of another service', [allow({ Action: 'cognito-identity:*' })], {}, nothing],
  ['every action', [allow({ Action: '*' })], {}, allowed],
  ['a run of letters', [allow({ Action: 'cognito-idp:*Get*' })], {}, allowed],
  ['one letter', [allow({ Action: 'cognito-idp:AdminGetUse?' })], {}, allowed],
  ['one letter is not none', [allow({ Action: 'cognito-idp:AdminGetUser?' })], {}, nothing],
  ['a wildcard for the service', [allow({ Action: 'cognito-*:AdminGetUser' })], {}, allowed],
  ['one of a list', [allow({ Action: ['s3:*', 'cognito-idp:AdminGet*'] })], {}, allowed],
  ['none of a list', [allow({ Action: ['s3:*', 'iam:*'] })], {}, nothing],
  ['all but another', [allow({ NotAction: 'cognito-idp:Delete*' })], {}, allowed],
  ['all but this', [allow({ NotAction: ['s3:*', 'cognito-idp:admin*'] })], {}, nothing],
  ['deny all but this', [allow(), deny({ NotAction: 'cognito-idp:AdminGetUser' })], {}, allowed],
  ['deny all but another', [allow(), deny({ NotAction: 'cognito-idp:List*' })], {}, denied],
]

const resources: Row[] = [
  ['the pool itself', [allow({ Resource: pool })], {}, allowed],
  ['another pool', [allow({ Resource: otherPool })], {}, nothing],
  ['one of a list', [allow({ Resource: [otherPool, pool] })], {}, allowed],
  ['in other case', [allow({ Resource: pool.replace('abc', 'ABC') })], {}, nothing],
  [
    'any pool of the account',
    [allow({ Resource: 'arn:aws:cognito-idp:*:123456789012:userpool/*' })],
    {},
    allowed,
  ],
  [
    'any pool of another account',
    [allow({ Resource: 'arn:aws:cognito-idp:*:210987654321:userpool/*' })],
    {},
    nothing,
  ],
  ['a last asterisk runs over colons', [allow({ Resource: 'arn:aws:cognito-idp:*' })], {}, allowed],
  ['single characters', [allow({ Resource: ofPool('us-east-?_abc') })], {}, allowed],
  ['the account as a whole is no pool', [allow({ Resource: ofPool('*') })], { resource: '*' }, nothing],
  ['the account as a whole', [allow()], { resource: '*' }, allowed],
  ['all but another', [allow({ NotResource: otherPool })], {}, allowed],
  ['all but this', [allow({ NotResource: [otherPool, pool] })], {}, nothing],
  ['deny all but this', [allow(), deny({ NotResource: pool })], {}, allowed],
  ['deny all but another', [allow(), deny({ NotResource: otherPool })], {}, denied],
]

const mine = ofPool('${aws:PrincipalTag/pool}')
const fallback = ofPool("${aws:PrincipalTag/pool, 'us-east-1_abc'}")
const empty = ofPool("${aws:PrincipalTag/pool, ''}us-east-1_abc")
const folded = ofPool('${AWS:principaltag/POOL}')
const tag = (value: string | string[]) => ({ context: { 'aws:PrincipalTag/pool': value } })
const user = (value: string) => ({ context: { 'aws:username': value } })
const like = (pattern: string) => ({ Condition: { StringLike: { 'aws:username': pattern } } })

const variables: Row[] = [
  ['a variable takes its value', [allow({ Resource: mine })], tag('us-east-1_abc'), allowed],
  ['a variable of another value', [allow({ Resource: mine })], tag('us-east-1_abd'), nothing],
  ['a variable among wildcards', [allow({ Resource: ofPool('*_${aws:username}') })], user('abc'), allowed],
  ['names of variables have no case', [allow({ Resource: folded })], tag('us-east-1_abc'), allowed],
  ['an asterisk in a value is no wildcard', [allow({ Resource: mine })], tag('*'), nothing],
  ['a question mark in a value is none', [allow({ Resource: mine })], tag('us-east-1_ab?'), nothing],
  ['a variable in a value stays text', [allow({ Resource: mine })], tag('${aws:username}'), nothing],
  ['no value, no match', [allow({ Resource: mine })], {}, nothing],
  ['no value, but another resource', [allow({ Resource: [mine, pool] })], {}, allowed],
  ['many values are no value', [allow({ Resource: mine })], tag(['us-east-1_abc', 'x']), nothing],
  ['a default where there is no value', [allow({ Resource: fallback })], {}, allowed],
  ['a value before the default', [allow({ Resource: fallback })], tag('us-east-1_xyz'), nothing],
  ['an empty default', [allow({ Resource: empty })], {}, allowed],
  ['NotResource without value allows nothing', [allow({ NotResource: mine })], {}, nothing],
  ['NotResource without value denies', [allow(), deny({ NotResource: mine })], {}, denied],
  ['before 2012 a variable is text', [old({ Resource: mine })], tag('us-east-1_abc'), nothing],
  ['without Version, too', [unversioned({ Resource: mine })], tag('us-east-1_abc'), nothing],
  ['text that looks like a variable', [old(like('${aws:x}'))], user('${aws:x}'), allowed],
  ['an asterisk meant as such', [allow(like('a${*}'))], user('a*'), allowed],
  ['an asterisk meant as such, no other', [allow(like('a${*}'))], user('ab'), nothing],
  ['a question mark meant as such', [allow(like('${?}*'))], user('?!'), allowed],
  ['a dollar sign meant as such', [allow(like('${$}{aws:x}'))], user('${aws:x}'), allowed],
  ['a lone dollar sign', [allow(like('a$b'))], user('a$b'), allowed],
]

const managed = (name: string) => [managedPolicies.get(name) ?? assert.fail(name)]
const byAws: readonly (readonly [policies: readonly PolicyDocument[], action: string, verdict: string])[] = [
  [managed('AdministratorAccess'), 'cognito-idp:DeleteUserPool', allowed],
  [managed('arn:aws:iam::aws:policy/AmazonCognitoPowerUser'), 'cognito-idp:DeleteUserPool', allowed],
  [managed('AmazonCognitoPowerUser'), 's3:GetObject', nothing],
  [managed('AmazonCognitoReadOnly'), 'cognito-idp:AdminGetUser', allowed],
  [managed('AmazonCognitoReadOnly'), 'cognito-idp:ListUsers', allowed],
  [managed('AmazonCognitoReadOnly'), 'cognito-idp:AdminDeleteUser', nothing],
]

for (const [name, rows] of Object.entries({ statements, actions, resources, variables })) {
  describe(name, () => {
    for (const [what, policies, asked, verdict] of rows) {
      test(what, () => {
        assert.equal(evaluate(policies.map(parsePolicy), requestOf(asked)), verdict)
      })
    }
  })
}

describe('policies of AWS', () => {
  for (const [policies, action, verdict] of byAws) {
    test(`${action} is ${verdict}`, () => assert.equal(evaluate(policies, requestOf({ action })), verdict))
  }
})

const good = { Effect: 'Allow', Action: 's3:*', Resource: '*' }
const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))

const wrongDocuments: readonly (readonly [document: unknown, message: string])[] = [
  [undefined, 'is missing'],
  [null, 'must be an object'],
  ['*', 'must be an object'],
  [[good], 'must be an object'],
  [{}, 'Statement: is missing'],
  [{ ...policy(good), Comment: '' }, 'Comment: is no known member'],
  [{ ...policy(good), Version: '2012-10-18' }, 'Version: must be 2012-10-17 or 2008-10-17'],
  [{ ...policy(good), Id: 7 }, 'Id: must be text'],
  [{ Statement: [] }, 'Statement: must not be empty'],
  [{ Statement: [good, 'x'] }, 'Statement[1]: must be an object'],
  [{ Statement: { ...good, Effect: 'Permit' } }, 'Statement.Effect: must be Allow or Deny'],
  [policy(without('Effect')), 'Statement[0].Effect: is missing'],
  [policy(without('Action')), 'Statement[0]: must have either Action or NotAction'],
  [policy(without('Resource')), 'Statement[0]: must have either Resource or NotResource'],
  [
    policy({ ...good, Sid: 'A' }, { ...good, Sid: 'A' }),
    'Statement[1].Sid: must differ from the Sid of every other statement',
  ],
]

const noPrincipal = 'has no place here: the principal is whoever the policy is attached to'
const noVariable = "has a '${' that begins no policy variable"
const noKey = 'has a policy variable that is no condition key'
const late = 'may have a policy variable only after its fifth colon'

/** In a statement that is good but for these members, `Statement[0]` is refused with these words. */
const wrongMembers: readonly (readonly [members: object, message: string])[] = [
  [{ Effect: 'allow' }, '.Effect: must be Allow or Deny'],
  [{ Actions: [] }, '.Actions: is no known member'],
  [{ Principal: '*' }, `.Principal: ${noPrincipal}`],
  [{ NotPrincipal: {} }, `.NotPrincipal: ${noPrincipal}`],
  [{ Sid: 'a b' }, '.Sid: must consist of letters and digits'],
  [{ NotAction: 's3:*' }, ': must have only one of Action or NotAction'],
  [{ NotResource: '*' }, ': must have only one of Resource or NotResource'],
  [{ Action: [] }, '.Action: must not be empty'],
  [{ Action: ['s3:*', 5] }, '.Action[1]: must be text'],
  [{ Action: 'AdminGetUser' }, '.Action: must be * or an action such as cognito-idp:AdminGetUser'],
  [{ Resource: 'us-east-1_abc' }, '.Resource: must be * or an ARN'],
  [{ Resource: ['*', {}] }, '.Resource[1]: must be text'],
  [{ Resource: ofPool('${aws:username') }, `.Resource: ${noVariable}`],
  [{ Resource: ofPool('${aws:username, none}') }, `.Resource: ${noVariable}`],
  [{ Resource: ofPool('${}') }, `.Resource: ${noVariable}`],
  [{ Resource: ofPool('${username}') }, `.Resource: ${noKey}`],
  [{ Resource: 'arn:aws:s3:*:${aws:userid}:x' }, `.Resource: ${late}`],
  [{ Condition: [] }, '.Condition: must be an object'],
  [{ Condition: { Bool: 'true' } }, '.Condition.Bool: must be an object'],
]

describe('mistakes in a policy', () => {
  for (const [document, message] of wrongDocuments) {
    test(message, () => assert.throws(() => parsePolicy(document), { message }))
  }
  for (const [members, message] of wrongMembers) {
    const document = policy({ ...good, ...members })
    test(message, () => assert.throws(() => parsePolicy(document), { message: `Statement[0]${message}` }))
  }

  test('carry the way to them and the reason', () => {
    const refused = (error: unknown) => {
      assert.ok(error instanceof PolicyError)
      assert.deepEqual(error.path, ['Statement', 0, 'Effect'])
      assert.equal(error.reason, 'must be Allow or Deny')
      return true
    }
    assert.throws(() => parsePolicy(policy({ ...good, Effect: 'allow' })), refused)
  })
})
