import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ContentError } from '../lib/content.ts'
import { readDirectory } from './iam-directory.ts'
import { evaluate } from './iam-policy.ts'

const account = '123456789012'
const allow = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } })

const whole = {
  users: [
    {
      name: 'ada',
      path: '/team/',
      tags: { team: 'identity', level: 3 },
      accessKeys: [
        { id: 'AKIAADA1', secret: 'first' },
        { id: 'AKIAADA2', secret: 'second' },
      ],
      groups: ['readers'],
      policies: [allow('cognito-idp:CreateGroup'), 'Signing'],
    },
    { name: 'bob', accessKeys: [{ id: 'test', secret: 'test' }], policies: ['AdministratorAccess'] },
    { name: 'eve' },
  ],
  groups: [{ name: 'readers', policies: ['arn:aws:iam::aws:policy/AmazonCognitoReadOnly'] }],
  roles: [
    {
      name: 'deployer',
      tags: { stage: 'prod' },
      policies: ['Signing'],
      accessKeys: [
        { id: 'ASIA1', secret: 'third', sessionToken: 'token' },
        { id: 'ASIA2', secret: 'x', sessionToken: 'y', sessionName: 'ci', expires: '2026-11-23T12:00:00Z' },
      ],
    },
  ],
  policies: { Signing: allow('cognito-idp:GetSigningCertificate') },
}

const keys = readDirectory(whole, account)
const key = (id: string) => keys.get(id) ?? assert.fail(id)

describe('the directory', () => {
  test('holds every access key and no other', () => {
    assert.deepEqual([...keys.keys()], ['AKIAADA1', 'AKIAADA2', 'test', 'ASIA1', 'ASIA2'])
  })

  test('knows a user', () => {
    const { policies, ...ada } = key('AKIAADA1').principal
    assert.deepEqual(ada, {
      arn: 'arn:aws:iam::123456789012:user/team/ada',
      type: 'User',
      username: 'ada',
      userId: 'AIDAOR5JG4B4JZJCOFBPG',
      unrestricted: false,
      tags: { team: 'identity', level: '3' },
    })
    assert.equal(policies.length, 3)
    assert.equal(key('AKIAADA2').principal, key('AKIAADA1').principal)
    assert.equal(key('test').principal.arn, 'arn:aws:iam::123456789012:user/bob')
  })

  test('knows a role, whose sessions differ', () => {
    const { policies, ...session } = key('ASIA1').principal
    assert.deepEqual(session, {
      arn: 'arn:aws:sts::123456789012:assumed-role/deployer/cognate',
      type: 'AssumedRole',
      userId: 'AROAAWZAZ4YKYM2OS4UN3:cognate',
      unrestricted: false,
      tags: { stage: 'prod' },
    })
    assert.equal(policies.length, 1)
    assert.equal(key('ASIA2').principal.arn, 'arn:aws:sts::123456789012:assumed-role/deployer/ci')
    assert.equal(key('ASIA2').principal.userId, session.userId.replace('cognate', 'ci'))
  })

  test('keeps secrets, tokens and their ends', () => {
    assert.ok(key('AKIAADA1').secret.matches('first'))
    assert.ok(key('ASIA1').sessionToken?.matches('token'))
    assert.equal(key('ASIA1').expiresAt, undefined)
    assert.equal(key('ASIA2').expiresAt, Date.parse('2026-11-23T12:00:00Z'))
  })

  const verdicts: readonly (readonly [id: string, action: string, verdict: string])[] = [
    ['AKIAADA1', 'CreateGroup', 'allowed'],
    ['AKIAADA1', 'GetSigningCertificate', 'allowed'],
    ['AKIAADA1', 'AdminGetUser', 'allowed'],
    ['AKIAADA1', 'AdminDeleteUser', 'implicitly-denied'],
    ['test', 'AdminDeleteUser', 'allowed'],
    ['ASIA1', 'GetSigningCertificate', 'allowed'],
    ['ASIA1', 'AdminGetUser', 'implicitly-denied'],
  ]
  for (const [id, action, verdict] of verdicts) {
    test(`${action} by ${id} is ${verdict}`, () => {
      const request = { action: `cognito-idp:${action}`, resource: '*', context: new Map() }
      assert.equal(evaluate(key(id).principal.policies, request), verdict)
    })
  }

  test('may be empty', () => assert.equal(readDirectory({}, account).size, 0))

  test('takes policies as a list, and its own before those of AWS', () => {
    const policies = [{ name: 'AdministratorAccess', document: allow('s3:*') }]
    const directory = readDirectory(
      { ...whole, groups: [], users: [whole.users[1]], roles: [], policies },
      account,
    )
    const request = { action: 'cognito-idp:CreateGroup', resource: '*', context: new Map() }
    assert.equal(evaluate(directory.get('test')?.principal.policies ?? [], request), 'implicitly-denied')
  })
})

const user = (members: object) => ({ users: [{ name: 'ada', ...members }] })
const userKey = (members: object) => user({ accessKeys: [{ id: 'A', secret: 's', ...members }] })
const role = (members: object) => ({ roles: [{ name: 'deployer', ...members }] })
const roleKey = (members: object) =>
  role({ accessKeys: [{ id: 'A', secret: 's', sessionToken: 't', ...members }] })

const letters = 'must consist of letters, digits and any of _+=,.@-'
const noPolicy = 'is no policy of this file, nor one of AWS that Cognate knows'

const mistakes: readonly (readonly [content: unknown, message: string])[] = [
  [undefined, 'is missing'],
  ['users', 'must be an object'],
  [{ user: [] }, 'user: is no known member'],
  [{ users: {} }, 'users: must be a list'],
  [{ users: ['ada'] }, 'users[0]: must be an object'],
  [{ users: [{}] }, 'users[0].name: is missing'],
  [user({ name: 7 }), 'users[0].name: must be text'],
  [user({ name: 'a b' }), `users[0].name: ${letters}`],
  [user({ name: 'a'.repeat(65) }), 'users[0].name: must be at most 64 characters long'],
  [{ users: [{ name: 'ada' }, { name: 'Ada' }] }, 'users[1].name: is the name of another one, too'],
  [user({ path: 'team' }), 'users[0].path: must begin and end with a slash'],
  [user({ tags: ['team'] }), 'users[0].tags: must be an object'],
  [user({ tags: { team: {} } }), 'users[0].tags.team: must be text'],
  [user({ groups: ['admins'] }), 'users[0].groups[0]: is no group of this file'],
  [user({ groups: 'admins' }), 'users[0].groups: must be a list'],
  [user({ policies: ['ReadOnly'] }), `users[0].policies[0]: ${noPolicy}`],
  [user({ policies: [{}] }), 'users[0].policies[0].Statement: is missing'],
  [userKey({ id: '' }), 'users[0].accessKeys[0].id: must be 1 to 128 letters, digits or underscores'],
  [userKey({ id: 'A-B' }), 'users[0].accessKeys[0].id: must be 1 to 128 letters, digits or underscores'],
  [userKey({ secret: '' }), 'users[0].accessKeys[0].secret: must not be empty'],
  [userKey({ secret: 7 }), 'users[0].accessKeys[0].secret: must be text'],
  [userKey({ secret: undefined }), 'users[0].accessKeys[0].secret: is missing'],
  [userKey({ sessionToken: 't' }), 'users[0].accessKeys[0]: may have no other members than id and secret'],
  [{ ...userKey({}), ...roleKey({}) }, 'roles[0].accessKeys[0].id: is the id of another access key, too'],
  [{ groups: [{ name: 'x' }, { name: 'x' }] }, 'groups[1].name: is the name of another one, too'],
  [{ groups: [{ name: 'x', users: [] }] }, 'groups[0].users: is no known member'],
  [role({ path: '/' }), 'roles[0].path: is no known member'],
  [roleKey({ sessionToken: undefined }), 'roles[0].accessKeys[0].sessionToken: is missing'],
  [roleKey({ sessionName: 'a b' }), `roles[0].accessKeys[0].sessionName: ${letters}`],
  [roleKey({ expires: 'soon' }), 'roles[0].accessKeys[0].expires: must be a date of ISO 8601 with its zone'],
  [{ policies: { P: { Version: '1' } } }, 'policies.P.Version: must be 2012-10-17 or 2008-10-17'],
  [{ policies: [{ name: 'P' }] }, 'policies[0].document: is missing'],
  [
    { policies: { P: allow('GetUser') } },
    'policies.P.Statement.Action: must be * or an action such as cognito-idp:AdminGetUser',
  ],
]

describe('mistakes in the directory', () => {
  for (const [content, message] of mistakes) {
    test(message, () => assert.throws(() => readDirectory(content, account), { message }))
  }

  const secret = 'wJalrXUtnFEMI'
  const slips: readonly (readonly [slip: string, content: unknown])[] = [
    ['the colon after it forgotten', userKey({ [`secret ${secret}`]: null })],
    ['in place of a member', userKey({ [secret]: '' })],
    ['in place of the id', userKey({ id: `${secret}+/`, secret: 'AKIA' })],
    ['as a list', userKey({ secret: [secret] })],
    ['as an object', userKey({ secret: { [secret]: secret } })],
    ['as the token', roleKey({ sessionToken: [secret] })],
    ['as the end', roleKey({ expires: secret })],
    ['as the name of the session', roleKey({ sessionName: `${secret}/` })],
    ['as a policy', user({ policies: [secret] })],
  ]
  for (const [slip, content] of slips) {
    test(`a secret stays one: ${slip}`, () => {
      const hides = (error: unknown) => error instanceof ContentError && !error.stack?.includes(secret)
      assert.throws(() => readDirectory(content, account), hides)
    })
  }
})
