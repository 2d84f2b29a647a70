import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { byPrecedence, type Group, preferredRoleOf, rolesOf, updateGroup } from './group.ts'
import type { UserPoolId } from './ids.ts'

const group = (name: string, precedence?: number, roleArn?: string): Group => ({
  poolId: 'us-east-1_Pool00000' as UserPoolId,
  name,
  createdAt: 1,
  modifiedAt: 1,
  version: 1,
  ...(precedence !== undefined && { precedence }),
  ...(roleArn !== undefined && { roleArn }),
})

const rows: readonly (readonly [
  what: string,
  groups: readonly Group[],
  order: string,
  roles: string,
  preferred: string | undefined,
])[] = [
  ['no group', [], '', '', undefined],
  ['a group without anything', [group('a')], 'a', '', undefined],
  ['a group with a role', [group('a', undefined, 'A')], 'a', 'A', undefined],
  ['a group with a precedence', [group('a', 1)], 'a', '', undefined],
  ['a group with both', [group('a', 1, 'A')], 'a', 'A', 'A'],
  ['zero comes first', [group('a', 1, 'A'), group('b', 0, 'B')], 'b a', 'B A', 'B'],
  ['numbers, not texts', [group('a', 10, 'A'), group('b', 9, 'B')], 'b a', 'B A', 'B'],
  ['the last number there is', [group('a', undefined, 'A'), group('b', 2 ** 31 - 1, 'B')], 'b a', 'B A', 'B'],
  ['none comes last', [group('a'), group('b', 7)], 'b a', '', undefined],
  ['none prefers none', [group('a', undefined, 'A'), group('b', undefined, 'B')], 'a b', 'A B', undefined],
  ['equals by name', [group('b', 1), group('C', 1), group('a', 1)], 'C a b', '', undefined],
  ['equals with one role', [group('b', 1, 'A'), group('a', 1, 'A')], 'a b', 'A', 'A'],
  ['equals with two roles', [group('b', 1, 'B'), group('a', 1, 'A')], 'a b', 'A B', undefined],
  [
    'equals with two roles, behind one',
    [group('c', 2, 'C'), group('b', 2, 'B'), group('a', 1, 'A')],
    'a b c',
    'A B C',
    'A',
  ],
  [
    'equals with two roles, before one',
    [group('c', 1, 'C'), group('b', 1, 'B'), group('a', 2, 'A')],
    'b c a',
    'B C A',
    undefined,
  ],
  ['an equal without a role', [group('a', 1), group('b', 1, 'B')], 'a b', 'B', 'B'],
  ['the first without a role', [group('a', 0), group('b', 1, 'B'), group('c', 2, 'C')], 'a b c', 'B C', 'B'],
  ['one role of two', [group('a', 1, 'A'), group('b', 2, 'B'), group('c', 3, 'A')], 'a b c', 'A B', 'A'],
  ['the only ranked one', [group('a', undefined, 'A'), group('z', 5, 'Z')], 'z a', 'Z A', 'Z'],
]

describe('what groups come to', () => {
  for (const [what, groups, order, roles, preferred] of rows) {
    test(what, () => {
      for (const given of [groups, groups.toReversed()]) {
        const names = byPrecedence(given).map(({ name }) => name)
        assert.deepEqual([names.join(' '), rolesOf(given).join(' ')], [order, roles])
        assert.equal(preferredRoleOf(given), preferred)
      }
    })
  }
})

test('an update keeps what it leaves out', () => {
  const before = { ...group('a', 3, 'A'), description: 'old' }
  assert.deepEqual(updateGroup(before, {}, 9), { ...before, modifiedAt: 9 })
  assert.deepEqual(updateGroup(before, { precedence: 0, description: '' }, 9), {
    ...before,
    precedence: 0,
    description: '',
    modifiedAt: 9,
  })
})
