// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM writes its variables like this.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evaluate, parsePolicy } from './iam-policy.ts'

function holds(Condition: unknown, context: Record<string, string | readonly string[]>): boolean {
  const policy = parsePolicy({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition },
  })
  const values = new Map(Object.entries(context).map(([key, value]) => [key, [value].flat()]))
  return evaluate([policy], { action: 's3:GetObject', resource: '*', context: values }) === 'allowed'
}

/** The request has `aws:x` with these values, or not at all. */
type Row = readonly [
  operator: string,
  named: unknown,
  given: string | readonly string[] | undefined,
  is: boolean,
]

const noon = '2026-11-23T12:00:00Z'
const role = 'arn:aws:iam::123456789012:role/team/deployer'

const tables: Record<string, Row[]> = {
  text: [
    ['StringEquals', 'ada', 'ada', true],
    ['StringEquals', 'ada', 'Ada', false],
    ['StringEquals', 'a*', 'ada', false],
    ['StringEquals', 'a*', 'a*', true],
    ['StringEquals', ['ada', 'bob'], 'bob', true],
    ['StringEquals', ['ada', 'bob'], 'eve', false],
    ['StringEquals', 12, '12', true],
    ['StringEquals', '', '', true],
    ['StringNotEquals', 'ada', 'ada', false],
    ['StringNotEquals', 'ada', 'bob', true],
    ['StringNotEquals', ['ada', 'bob'], 'bob', false],
    ['StringNotEquals', ['ada', 'bob'], 'eve', true],
    ['StringEqualsIgnoreCase', 'ADA', 'ada', true],
    ['StringEqualsIgnoreCase', 'ADA', 'adah', false],
    ['StringNotEqualsIgnoreCase', 'ADA', 'ada', false],
    ['StringNotEqualsIgnoreCase', 'ADA', 'bob', true],
    ['StringLike', 'a?a*', 'ada', true],
    ['StringLike', 'a?a*', 'adalbert', true],
    ['StringLike', 'a?a*', 'Ada', false],
    ['StringLike', '*', '', true],
    ['StringNotLike', 'a*', 'ada', false],
    ['StringNotLike', 'a*', 'bob', true],
  ],
  numbers: [
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', 10, '10', true],
    ['NumericEquals', '10', '11', false],
    ['NumericEquals', '10', 'ten', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericNotEquals', '10', '10', false],
    ['NumericLessThan', '10', '9.5', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericLessThanEquals', '10', '10.1', false],
    ['NumericGreaterThan', '-1', '0', true],
    ['NumericGreaterThan', '-1', '-1', false],
    ['NumericGreaterThanEquals', '1e3', '1000', true],
    ['NumericGreaterThanEquals', '1e3', '999', false],
    ['NumericEquals', ['1', '2'], '2', true],
  ],
  dates: [
    ['DateEquals', noon, '2026-11-23T13:00:00+01:00', true],
    ['DateEquals', '1795435200', noon, true],
    ['DateEquals', noon, '1795435201', false],
    ['DateNotEquals', noon, noon, false],
    ['DateNotEquals', noon, '2026-11-23', true],
    ['DateLessThan', noon, '2026-11-23', true],
    ['DateLessThan', noon, noon, false],
    ['DateLessThanEquals', noon, noon, true],
    ['DateGreaterThan', '2026', noon, true],
    ['DateGreaterThan', '2027', noon, false],
    ['DateGreaterThanEquals', noon, noon, true],
    ['DateGreaterThan', '2026', 'yesterday', false],
  ],
  truth: [
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'TRUE', true],
    ['Bool', 'false', 'true', false],
    ['Bool', 'true', '1', false],
    ['Bool', 'true', 'constructor', false],
  ],
  binary: [
    ['BinaryEquals', 'QUJD', 'QUJD', true],
    ['BinaryEquals', 'QUJD', 'QUJE', false],
    ['BinaryEquals', 'QUJD', 'ABC', false],
  ],
  addresses: [
    ['IpAddress', '203.0.113.0/24', '203.0.113.77', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.77', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', true],
    ['IpAddress', '203.0.113.7', '203.0.113.8', false],
    ['IpAddress', '203.0.113.9/24', '203.0.113.77', true],
    ['IpAddress', '0.0.0.0/0', '203.0.113.7', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
    ['IpAddress', '2001:db8::1', '2001:0db8:0:0::1', true],
    ['IpAddress', '203.0.113.0/24', '::ffff:203.0.113.77', true],
    ['IpAddress', '::/0', '203.0.113.7', false],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['IpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', true],
    ['IpAddress', '0.0.0.0/0', 'localhost', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.77', false],
    ['NotIpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.77', false],
    ['NotIpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '198.51.100.1', true],
  ],
  arns: [
    ['ArnEquals', role, role, true],
    ['ArnEquals', 'arn:aws:iam::*:role/*', role, true],
    ['ArnLike', 'arn:aws:iam::123456789012:role/*/deploy??', role, true],
    ['ArnLike', 'arn:aws:iam::123456789012:ROLE/*', role, false],
    ['ArnLike', 'arn:*:iam:*:123456789012:*', role, true],
    ['ArnLike', 'arn:aws:*:123456789012:role:*', role, false],
    ['ArnLike', 'arn:aws:iam:*:*:*', 'arn:aws:iam::x', false],
    ['ArnLike', 'arn:aws:logs:*:*:group:*', 'arn:aws:logs:eu-west-1:1:group:a:b', true],
    ['ArnLike', ['arn:aws:s3:::*', 'arn:aws:iam:::*', role], role, true],
    ['ArnNotEquals', role, role, false],
    ['ArnNotEquals', role, 'arn:aws:iam::123456789012:role/other', true],
    ['ArnNotLike', 'arn:aws:iam::*:role/*', role, false],
    ['ArnNotLike', 'arn:aws:iam::*:user/*', role, true],
  ],
  'absent keys': [
    ['StringEquals', 'ada', undefined, false],
    ['StringEquals', 'ada', [], false],
    ['StringLike', '*', undefined, false],
    ['StringNotEquals', 'ada', undefined, true],
    ['StringNotLike', '*', undefined, true],
    ['NumericLessThan', '10', undefined, false],
    ['NumericNotEquals', '10', undefined, true],
    ['DateLessThan', noon, undefined, false],
    ['Bool', 'false', undefined, false],
    ['IpAddress', '0.0.0.0/0', undefined, false],
    ['NotIpAddress', '0.0.0.0/0', undefined, true],
    ['ArnLike', 'arn:*:*:*:*:*', undefined, false],
    ['ArnNotLike', 'arn:*:*:*:*:*', undefined, true],
    ['StringEqualsIfExists', 'ada', undefined, true],
    ['StringEqualsIfExists', 'ada', 'ada', true],
    ['StringEqualsIfExists', 'ada', 'bob', false],
    ['StringNotEqualsIfExists', 'ada', undefined, true],
    ['StringNotEqualsIfExists', 'ada', 'ada', false],
    ['BoolIfExists', 'true', undefined, true],
    ['Null', 'true', undefined, true],
    ['Null', 'true', [], true],
    ['Null', true, 'ada', false],
    ['Null', 'false', 'ada', true],
    ['Null', 'false', undefined, false],
  ],
  'keys of many values': [
    ['StringEquals', 'a', ['a', 'b'], true],
    ['StringEquals', 'c', ['a', 'b'], false],
    ['StringNotEquals', 'a', ['a', 'b'], false],
    ['StringNotEquals', 'c', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', 'a', undefined, true],
    ['ForAllValues:StringNotEquals', 'a', ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', 'a', ['a', 'c'], false],
    ['ForAllValues:StringLike', 'a*', ['ab', 'ac'], true],
    ['ForAllValues:ArnLike', 'arn:aws:iam::*:role/*', [role, role], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'd'], false],
    ['ForAnyValue:StringEquals', 'a', undefined, false],
    ['ForAnyValue:StringNotEquals', 'a', ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
    ['ForAnyValue:StringNotEquals', 'a', undefined, false],
    ['ForAnyValue:StringEqualsIfExists', 'a', undefined, true],
    ['ForAnyValue:Bool', 'true', ['false', 'true'], true],
  ],
}

for (const [name, rows] of Object.entries(tables)) {
  describe(name, () => {
    for (const [operator, named, given, is] of rows) {
      test(`${operator} ${JSON.stringify(named)} of ${JSON.stringify(given) ?? 'nothing'} is ${is}`, () => {
        assert.equal(
          holds({ [operator]: { 'aws:x': named } }, given === undefined ? {} : { 'aws:x': given }),
          is,
        )
      })
    }
  })
}

const ada = { 'aws:username': 'ada', 'aws:principaltag/team': 'identity' }
const blocks: readonly (readonly [what: string, block: object, is: boolean])[] = [
  ['an empty block holds', {}, true],
  ['names of keys have no case', { StringEquals: { 'AWS:UserName': 'ada' } }, true],
  [
    'every key of an operator must hold',
    { StringEquals: { 'aws:username': 'ada', 'aws:PrincipalTag/team': 'sales' } },
    false,
  ],
  [
    'every operator must hold',
    { StringEquals: { 'aws:username': 'ada' }, StringLike: { 'aws:PrincipalTag/team': 'sales*' } },
    false,
  ],
  [
    'all that hold hold together',
    {
      StringEquals: { 'aws:username': 'ada', 'aws:PrincipalTag/team': 'identity' },
      Null: { 'aws:x': 'true' },
    },
    true,
  ],
  ['a variable in text', { StringEquals: { 'aws:username': '${aws:username}' } }, true],
  ['a variable, folded', { StringEqualsIgnoreCase: { 'aws:username': '${AWS:USERNAME}' } }, true],
  ['a variable without value is like nothing', { StringEquals: { 'aws:username': '${aws:x}' } }, false],
  // AWS: "Inverted condition operators like StringNotEquals … do match against a null value".
  ['and unlike everything', { StringNotEquals: { 'aws:username': '${aws:x}' } }, true],
  ['the other values count still', { StringEquals: { 'aws:username': ['${aws:x}', 'ada'] } }, true],
  ['a default', { StringEquals: { 'aws:username': "${aws:x, 'ada'}" } }, true],
]

describe('blocks', () => {
  for (const [what, block, is] of blocks) test(what, () => assert.equal(holds(block, ada), is))

  test('a variable cannot shift the parts of an ARN', () => {
    const block = { ArnLike: { 'aws:x': 'arn:aws:iam::${aws:username}:*' } }
    const given = 'arn:aws:iam::1:2:role'
    assert.equal(holds(block, { 'aws:x': given, 'aws:username': '1:2' }), false)
    assert.equal(holds(block, { 'aws:x': given, 'aws:username': '1' }), true)
  })
})

const noOperator = 'is no condition operator'
const noDate = 'must be a date of ISO 8601 with its zone, or seconds since 1970'
const noAddress = 'must be an IP address or a range such as 203.0.113.0/24'
const noArn = 'must be an ARN: six parts with colons between them'

const mistakes: readonly (readonly [operator: string, named: unknown, where: string, reason: string])[] = [
  ['StringIs', 'a', '.StringIs', noOperator],
  ['stringEquals', 'a', '.stringEquals', noOperator],
  ['NullIfExists', 'true', '.NullIfExists', noOperator],
  ['ForAllValues:Null', 'true', '["ForAllValues:Null"]', noOperator],
  ['ForSomeValues:Bool', 'true', '["ForSomeValues:Bool"]', noOperator],
  ['Bool', [], '.Bool["aws:x"]', 'must not be empty'],
  ['Bool', ['true', 'yes'], '.Bool["aws:x"][1]', 'must be true or false'],
  ['Bool', '${aws:y}', '.Bool["aws:x"]', 'must be true or false'],
  ['Null', 1, '.Null["aws:x"]', 'must be true or false'],
  ['StringEquals', {}, '.StringEquals["aws:x"]', 'must be text'],
  ['StringEquals', '${x', '.StringEquals["aws:x"]', "has a '${' that begins no policy variable"],
  ['NumericEquals', '0x10', '.NumericEquals["aws:x"]', 'must be a number'],
  ['DateEquals', 'today', '.DateEquals["aws:x"]', noDate],
  ['DateEquals', '2026-02-30', '.DateEquals["aws:x"]', noDate],
  ['BinaryEquals', 'a*', '.BinaryEquals["aws:x"]', 'must be binary in base64'],
  ['IpAddress', '10.0.0.0/33', '.IpAddress["aws:x"]', noAddress],
  ['IpAddress', '10.0.0/8', '.IpAddress["aws:x"]', noAddress],
  ['IpAddress', '10.0.0.0/', '.IpAddress["aws:x"]', noAddress],
  ['IpAddress', '::/64/2', '.IpAddress["aws:x"]', noAddress],
  ['ArnLike', 'arn:aws:iam::1', '.ArnLike["aws:x"]', noArn],
]

describe('mistakes in a condition', () => {
  for (const [operator, named, where, reason] of mistakes) {
    test(`${operator} ${JSON.stringify(named)}`, () => {
      const message = `Statement.Condition${where}: ${reason}`
      assert.throws(() => holds({ [operator]: { 'aws:x': named } }, {}), { message })
    })
  }

  test('a key without prefix', () => {
    const message = 'Statement.Condition.Bool.SecureTransport: is no condition key, such as aws:SourceIp'
    assert.throws(() => holds({ Bool: { SecureTransport: 'true' } }, {}), { message })
  })
})
