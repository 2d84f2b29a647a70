import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, systemRandom } from '../src/adapters/system.ts'
import { seededRandom } from './seeded-random.ts'

test('one seed, one sequence; another seed, another', () => {
  const draw = (seed: string) => {
    const random = seededRandom(seed)
    return [random.digits(6), Buffer.from(random.bytes(40)).toString('hex'), random.uuid()]
  }
  assert.deepEqual(draw('first'), draw('first'))
  assert.notDeepEqual(draw('first'), draw('second'))
})

for (const [name, random] of Object.entries({ seeded: seededRandom('shapes'), system: systemRandom })) {
  test(`${name} random keeps the shapes of the port`, () => {
    assert.equal(random.bytes(17).length, 17)
    assert.equal(random.bytes(0).length, 0)
    assert.match(random.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.match(random.digits(6), /^[0-9]{6}$/)
    assert.notEqual(random.uuid(), random.uuid())
  })

  test(`${name} random draws every digit alike`, () => {
    const counts = new Array(10).fill(0)
    for (const digit of random.digits(20_000)) counts[Number(digit)]++
    // Six standard deviations of 42 around the mean of 2000.
    for (const count of counts) assert.ok(Math.abs(count - 2000) < 255, `${counts}`)
  })
}

test('the system clock tells the time in milliseconds', () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1000)
})
