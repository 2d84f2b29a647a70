import { Fault } from '../domain/faults.ts'
import type { Principal } from '../domain/principal.ts'
import type { App, Call } from '../ports/app.ts'
import { ModExpOverloaded } from '../ports/modexp.ts'
import { HashesOverloaded } from '../ports/password-hashes.ts'
import { StaleRow } from '../ports/store.ts'
import {
  frontEndError,
  type HttpRequest,
  type HttpResponse,
  hasContentType,
  notThisProtocol,
  operationName,
  preflight,
  readBody,
  serviceError,
  success,
} from '../protocol/aws-json.ts'
import { regionOfHost } from '../protocol/host.ts'
import type { Operation } from '../protocol/operation.ts'
import { check } from '../protocol/shape.ts'
import { claimedScope, isSigned, verifySignature } from '../protocol/sigv4.ts'
import { type Refusal, refusals } from './refusals.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { type Course, recordOperation } from './trail.ts'

export type Api = (request: HttpRequest) => Promise<HttpResponse>

/** What an observer of operations is told; the tests use it to hold operations to the faults they declare. */
export type Witness = (operation: Operation, fault: Fault | undefined) => void

/**
 * The JSON API: every request goes through the same stages, in this order, and every refusal leaves by the one catch.
 *
 *   identify → read → authenticate → validate → admit → throttle → run → describe
 */
export function createApi(
  app: App,
  operations: ReadonlyMap<string, Operation>,
  names: ReadonlySet<string>,
  witness?: Witness,
): Api {
  const throttle = app.site.throttle === 'on' ? createThrottle(app) : undefined
  const { trail } = app
  return async (request) => {
    const requestId = app.random.uuid()
    if (request.method === 'OPTIONS')
      return preflight(requestId, request.headers['access-control-request-headers'])
    if (!hasContentType(request.headers)) return notThisProtocol(requestId)
    const now = app.clock.now()
    const course: Course = { requestId, now, request }
    try {
      const operation = identify(operations, names, request)
      course.operation = operation
      course.json = readBody(request.body)
      Object.assign(course, authenticate(app, operation, request))
      const input = check(operation.input, course.json)
      const call: Call = {
        ...app,
        now,
        requestId,
        region: course.region,
        operation: operation.name,
        principal: course.principal,
        source: {
          address: request.remoteAddress,
          userAgent: request.headers['user-agent'],
          referer: request.headers.referer,
          secure: request.secure,
          requestId,
        },
        ...(trail && {
          about: (user) => {
            course.user = user
          },
        }),
      }
      const output = operation.output.write(await perform(operation, call, input, course, throttle))
      const answer = success(requestId, output)
      if (trail) recordOperation(app, trail, course, { output, length: answer.body.length })
      witness?.(operation, undefined)
      return answer
    } catch (error) {
      const { operation } = course
      const fault = asFault(app, requestId, operation, error)
      if (trail) recordOperation(app, trail, course, { fault })
      if (operation) witness?.(operation, fault)
      return refuse(requestId, fault)
    }
  }
}

/** A fault in this face's words. */
export function refuse(requestId: string, fault: Fault): HttpResponse {
  const { type, status = 400, layer }: Refusal = refusals[fault.code]
  if (layer === 'front end') return frontEndError(requestId, type, fault.message)
  return serviceError(requestId, status, type, fault.message)
}

function identify(
  operations: ReadonlyMap<string, Operation>,
  names: ReadonlySet<string>,
  request: HttpRequest,
): Operation {
  const name = operationName(request.headers)
  if (request.method !== 'POST' || name === undefined) throw new Fault('UnknownOperation')
  const operation = operations.get(name)
  if (operation !== undefined) return operation
  throw names.has(name) ? new Fault('NotBuilt', name) : new Fault('UnknownOperation')
}

/** Only an access by IAM asks for a signature; on the others one is accepted and ignored, as AWS does. */
function authenticate(
  app: App,
  operation: Operation,
  request: HttpRequest,
): Pick<Course, 'principal' | 'accessKeyId' | 'region'> {
  const named = regionOfHost(request.headers.host)
  if (operation.access.by !== 'iam') return { region: named }
  if (app.site.iam === 'off') {
    const { accessKeyId, region = named } = claimedScope(request) ?? {}
    return { principal: anybody(app, accessKeyId), accessKeyId, region }
  }
  if (!isSigned(request)) throw new Fault('MissingAuthentication')
  const verified = verifySignature(
    request,
    app.signingClock.now(),
    { service: 'cognito-idp' },
    app.principals.find,
  )
  const { principal, id: accessKeyId } = verified.key
  return { principal, accessKeyId, region: verified.region }
}

/** Whoever calls while IAM is off. */
function anybody(app: App, accessKeyId: string | undefined): Principal {
  return {
    arn: `arn:aws:iam::${app.site.accountId}:root`,
    type: 'Account',
    userId: accessKeyId ?? app.site.accountId,
    unrestricted: true,
    policies: [],
    tags: {},
  }
}

const mostTries = 64

/** Runs again, from its first look-up, an operation that lost a race for a row. Nothing has been told by then. */
async function perform(
  operation: Operation,
  call: Call,
  input: unknown,
  course: Course,
  throttle: Throttle | undefined,
): Promise<unknown> {
  const run = async (attempt: number) => {
    const subject = await operation.admit(call, input)
    course.subject = subject
    if (attempt === 1) await throttle?.(call, subject, input)
    return operation.run(call, subject, input)
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await (attempt === 1 ? run(attempt) : inTurn(() => run(attempt)))
    } catch (error) {
      if (!(error instanceof StaleRow)) throw error
      if (attempt === mostTries) throw new Fault('ConcurrentChange')
    }
  }
}

let turns: Promise<unknown> = Promise.resolve()

/** Who lost runs again alone: of many who raced once more for the same row, all but one would lose once more. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const turn = turns.then(run)
  turns = turn.catch(() => {})
  return turn
}

/** What nobody foresaw is logged with the id that the caller is given, and nothing of it told. */
function asFault(app: App, requestId: string, operation: Operation | undefined, error: unknown): Fault {
  if (error instanceof Fault) return error
  if (error instanceof ModExpOverloaded || error instanceof HashesOverloaded)
    return new Fault('TooManyRequests')
  app.journal.error('unexpected failure', { requestId, operation: operation?.name, error })
  return new Fault('Internal')
}
