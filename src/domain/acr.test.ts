import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { acrLevels, checkAcrLevels, namesAcrLevels } from './acr.ts'
import { Fault } from './faults.ts'

const named = (level: string, AcrValue: string) => ({ [level]: { AcrValue } })

describe('levels of authentication', () => {
  test('are four, under the names a pool gives them', () => {
    const standard = {
      ...named('Level1', 'urn:cognito:loa:1'),
      ...named('Level2', 'urn:cognito:loa:2'),
      ...named('Level3', 'urn:cognito:loa:3'),
      ...named('Level4', 'urn:cognito:loa:4'),
    }
    assert.deepEqual(acrLevels(undefined), standard)
    assert.deepEqual(acrLevels(named('Level2', 'silver')), { ...standard, ...named('Level2', 'silver') })
  })

  for (const [own, says] of [
    [undefined, false],
    [{}, false],
    [named('Level1', 'urn:cognito:loa:1'), false],
    [named('Level1', 'bronze'), true],
    [named('Level1', 'urn:cognito:loa:9'), true],
  ] as const) {
    test(`${JSON.stringify(own)} ${says ? 'names' : 'names nothing'}`, () =>
      assert.equal(namesAcrLevels(own), says))
  }

  const shape = (level: string) =>
    `The name of ${level} must have 1 to 64 characters, none of them a space, a quote or a backslash.`
  for (const [own, reason] of [
    [{}, undefined],
    [named('Level4', 'x'.repeat(64)), undefined],
    [named('Level4', 'x'.repeat(65)), shape('Level4')],
    [named('Level1', ''), shape('Level1')],
    [named('Level1', 'two words'), shape('Level1')],
    [named('Level1', 'a"b'), shape('Level1')],
    [named('Level1', 'a\\b'), shape('Level1')],
    [named('Level0', 'x'), 'Level0 is not one of Level1, Level2, Level3 and Level4.'],
    [named('constructor', 'x'), 'constructor is not one of Level1, Level2, Level3 and Level4.'],
    [{ ...named('Level1', 'x'), ...named('Level2', 'x') }, 'Each level must have a name of its own.'],
    [named('Level1', 'urn:cognito:loa:4'), 'Each level must have a name of its own.'],
    [{ ...named('Level1', 'urn:cognito:loa:4'), ...named('Level4', 'urn:cognito:loa:1') }, undefined],
  ] as const) {
    test(`${JSON.stringify(own).slice(0, 60)}: ${reason ?? 'good'}`, () => {
      if (reason === undefined) return checkAcrLevels(own)
      assert.throws(
        () => checkAcrLevels(own),
        (error) => error instanceof Fault && error.message === `Invalid AcrConfiguration. ${reason}`,
      )
    })
  }
})
