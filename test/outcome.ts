import assert from 'node:assert/strict'
import { Fault } from '../src/domain/faults.ts'
import { type AnyShape, check, struct } from '../src/protocol/shape.ts'

/** What comes of a value under one member `Aim`: the value, the front end's text, or the violations. */
export function outcome(shape: AnyShape, json: unknown): unknown {
  return outcomeOf(struct({ Aim: shape }), { Aim: json })
}

export function outcomeOf(shape: AnyShape, json: unknown): unknown {
  try {
    return check(shape, json)
  } catch (error) {
    assert.ok(error instanceof Fault)
    if (error.code === 'WrongJsonType') return `type: ${error.message}`
    if (error.code === 'MalformedBody') return 'malformed'
    assert.equal(error.code, 'ValidationFailed')
    return error.message
  }
}
