import { Fault, type FaultCode } from '../domain/faults.ts'
import type { Principal } from '../domain/principal.ts'
import { clipped, hidden, type OperationEvent, type Who, whereFrom, whoIs } from '../domain/trail-event.ts'
import type { Instant } from '../lib/instant.ts'
import type { Json } from '../lib/json.ts'
import type { App } from '../ports/app.ts'
import type { Trail } from '../ports/trail.ts'
import type { HttpRequest } from '../protocol/aws-json.ts'
import type { Operation } from '../protocol/operation.ts'
import { Place } from '../protocol/place.ts'
import type { AnyShape } from '../protocol/shape.ts'
import { showing } from './hidden.ts'
import { isReadOnly } from './iam.ts'
import { refusals } from './refusals.ts'

/** What the pipeline has learnt of a request when it ends, wherever it ends. */
export interface Course {
  readonly requestId: string
  readonly now: Instant
  readonly request: HttpRequest
  operation?: Operation
  json?: unknown
  region?: string | undefined
  principal?: Principal | undefined
  accessKeyId?: string | undefined
  /** What the access has proven. */
  subject?: unknown
  /** Whom a flow has found the call to be about. */
  user?: { readonly sub: string }
}

/** What came of a request: the output in JSON and how long it is, or a refusal. */
export type Outcome = { readonly output: unknown; readonly length: number } | { readonly fault: Fault }

/** Records a request that names an operation. */
export function recordOperation(app: App, trail: Trail, course: Course, outcome: Outcome): void {
  const { operation } = course
  if (operation === undefined) return
  try {
    trail.record(eventOf(app, operation, course, outcome))
  } catch (error) {
    // The request has been answered for, and is not refused for the record's sake.
    app.journal.error('the trail lacks an operation', {
      requestId: course.requestId,
      operation: operation.name,
      error,
    })
  }
}

function eventOf(app: App, operation: Operation, course: Course, outcome: Outcome): OperationEvent {
  const { requestId, now, request, json } = course
  const { pool, client, sub, region } = factsOf(course)
  const readOnly = isReadOnly(operation.name)
  const output = 'output' in outcome && !readOnly ? outcome : undefined
  return {
    kind: 'operation',
    id: app.random.uuid(),
    time: new Date(now).toISOString(),
    requestId,
    accountId: app.site.accountId,
    region: region ?? app.site.region,
    source: whereFrom({ address: request.remoteAddress, userAgent: request.headers['user-agent'] }),
    who: whoOf(operation, course),
    operation: operation.name,
    readOnly,
    ...(pool !== undefined && { poolId: pool }),
    ...(client !== undefined && { clientId: client }),
    ...(sub !== undefined && { sub }),
    request: shown(operation.input, json, request.body.length, 'requestParameters'),
    response: output
      ? emptyIsNothing(shown(operation.output, output.output, output.length, 'responseElements'))
      : null,
    ...('fault' in outcome && { error: errorOf(operation, json, outcome.fault) }),
  }
}

/** What accesses prove, as far as the trail tells of it. */
interface Proven {
  readonly pool?: { readonly id: string; readonly region: string }
  readonly client?: { readonly id: string }
  readonly clientId?: string
  readonly user?: { readonly sub: string }
  readonly enrolment?: Pick<Proven, 'pool' | 'user'>
}

function factsOf({ subject, user, region }: Course) {
  const { enrolment, ...proven } = (subject ?? {}) as Proven
  const pool = proven.pool ?? enrolment?.pool
  return {
    pool: pool?.id,
    client: proven.client?.id ?? proven.clientId,
    sub: (proven.user ?? enrolment?.user ?? user)?.sub,
    region: region ?? pool?.region,
  }
}

/** Whose credential was accepted. */
function whoOf(operation: Operation, course: Course): Who {
  const { principal, accessKeyId } = course
  if (principal !== undefined) return whoIs(principal, accessKeyId)
  const { client, sub } = factsOf(course)
  if (operation.access.by === 'client') return client ? { kind: 'client', clientId: client } : nobody
  return sub ? { kind: 'user', sub } : nobody
}
const nobody: Who = { kind: 'nobody' }

/** Longer parameters are left out. Source: CloudTrail user guide, "CloudTrail record contents". */
const longest = 100 * 1024

/** What is shown is at most a little longer than what came or went, so it is measured where that is long. */
function shown(shape: AnyShape, json: unknown, length: number, what: string): Json {
  if (json === undefined) return null
  const value = showing(shape)(json)
  if (length <= longest) return value
  const originalSize = Buffer.byteLength(JSON.stringify(value))
  // In the words that users of CloudTrail know (Permiso, "Breaking free from the chains of fate", 2025).
  return originalSize > longest ? { reason: `${what} too large`, omitted: true, originalSize } : value
}

const emptyIsNothing = (value: Json): Json =>
  value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? null : value

/** What these say is a function's own, or comes out of a header that could not be read. */
const hiddenTexts: ReadonlySet<FaultCode> = new Set([
  'TriggerFailed',
  'TriggerUnreachable',
  'TriggerAnswer',
  'IncompleteSignature',
])

function errorOf(operation: Operation, json: unknown, fault: Fault): { type: string; message: string } {
  const { type } = refusals[fault.code]
  if (hiddenTexts.has(fault.code)) return { type, message: hidden }
  const message = fault.code === 'ValidationFailed' ? withoutValues(operation, json, fault) : fault.message
  return { type, message: clipped(message) }
}

/** A refusal that prints no value at all, as it prints none of what is sensitive to the model. */
function withoutValues(operation: Operation, json: unknown, { message }: Fault): string {
  const found: string[] = []
  operation.input.read(json, new Place(found, undefined, '', true))
  if (found.length > 0) return new Fault('ValidationFailed', found).message
  // What a pool's rules refuse is not in the shape.
  return message.replace(/Value '.*' at '/s, "Value at '")
}
