/** What tests of the audit trail share: a trail that keeps what it is told. */
import assert from 'node:assert/strict'
import type { TrailEvent } from '../src/domain/trail-event.ts'
import type { Trail } from '../src/ports/trail.ts'

export interface KeptTrail extends Trail {
  /** What was recorded since this was last asked, in order. */
  readonly told: () => TrailEvent[]
}

export function keptTrail(): KeptTrail {
  let events: TrailEvent[] = []
  return {
    record: (event) => void events.push(event),
    close: async () => {},
    told() {
      const told = events
      events = []
      return told
    },
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Events without what is another every time; all of one request say so. */
export function plain(events: readonly TrailEvent[]): object[] {
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length)
  return events.map(({ id, requestId, ...event }) => {
    assert.match(id, uuid)
    assert.match(requestId ?? '', uuid)
    return event
  })
}
