/**
 * Runs inside a thread or process of its own: loads one function's file and calls its handler as Lambda's Node.js
 * runtime does (aws/aws-lambda-nodejs-runtime-interface-client). Only the last report says how a call went.
 */
import { inspect } from 'node:util'
import { isNativeError } from 'node:util/types'
import { parentPort, workerData } from 'node:worker_threads'
import type { Call, Question, Report, Start } from './protocol.ts'

type Callback = (error?: unknown, value?: unknown) => void
type Handler = (event: unknown, context: object, callback: Callback) => unknown

/** Lambda's own limit. */
const largestAnswer = 6_291_556

const channel = process.channel
const sendUp = process.send?.bind(process)
const { file, name }: Start = parentPort ? workerData : JSON.parse(process.argv[2] ?? '')
const send = (report: Report, then?: () => void) => {
  if (parentPort) {
    parentPort.postMessage(report)
    then?.()
  } else {
    sendUp?.(report, undefined, undefined, then)
  }
}
// Messages are for this file alone; libraries that would greet a parent process find none.
delete process.send

/** Errors go to the log with their stack, as Lambda does it; the caller hears the message only. */
const print = (error: unknown) => void process.stderr.write(`${inspect(error)}\n`)
const listen = () => (parentPort ? parentPort.ref() : channel?.ref())
const listenLess = () => (parentPort ? parentPort.unref() : channel?.unref())

/** Calls of handlers that answer by callback and have not yet: they end as `null` when nothing is left to wait for. */
const waiting = new Set<() => void>()

async function load(): Promise<Handler> {
  const module = await import(file)
  const handler: unknown = module.handler ?? module.default?.handler
  if (typeof handler !== 'function') throw new Error(`${name}.handler is undefined or not exported`)
  return handler as Handler
}

function loadError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const foreign =
    error instanceof SyntaxError || code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
  return foreign ? String(error) : messageOf(error)
}

function messageOf(error: unknown): string {
  try {
    return isNativeError(error) || isErrorLike(error) ? error.message : String(error)
  } catch {
    return 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack'
  }
}

/** An error of another realm, such as one thrown by code in a `vm`. */
function isErrorLike(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  const { name, message, stack } = value as Partial<Error>
  return [name, message, stack].every((text) => typeof text === 'string' && text !== '')
}

function invoke(handler: Handler, { id, event, deadline, context }: Call): void {
  let answered = false
  let promised: boolean | undefined
  let early: { readonly value: unknown } | undefined

  const report = (report: Report) => {
    if (answered) return
    answered = true
    waiting.delete(succeed)
    if (waiting.size === 0) listen()
    send(report)
  }
  const fail = (error: unknown) => {
    if (!answered) print(error)
    report({ id, error: messageOf(error) })
  }
  const succeed = (value?: unknown) => {
    let answer: string | undefined
    try {
      answer = JSON.stringify(value === undefined ? null : value)
    } catch {
      // Cycles and big integers.
    }
    if (answer === undefined) report({ id, error: 'Unable to stringify response body' })
    else if (Buffer.byteLength(answer) > largestAnswer) {
      report({
        id,
        error: `Response payload size exceeded maximum allowed payload size (${largestAnswer} bytes).`,
      })
    } else report({ id, answer })
  }
  const done: Callback = (error, value) =>
    error === undefined || error === null ? succeed(value) : fail(error)
  // The value of a promise is the answer, whatever a handler that returns one gives to the callback besides.
  const callback: Callback = (error, value) => {
    if (error !== undefined && error !== null) fail(error)
    else if (promised === undefined) early = { value }
    else if (!promised) succeed(value)
  }

  try {
    const returned = handler(
      JSON.parse(event),
      {
        callbackWaitsForEmptyEventLoop: true,
        ...context,
        getRemainingTimeInMillis: () => deadline - Date.now(),
        done,
        fail,
        succeed: (value: unknown) => succeed(value),
      },
      callback,
    )
    promised = isPromise(returned)
    if (isPromise(returned)) returned.then((value) => succeed(value), fail)
    else if (early) succeed(early.value)
    else if (!answered) {
      waiting.add(succeed)
      listenLess()
    }
  } catch (error) {
    fail(error)
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'

const handler = load()
// Its message is told to every call that finds it.
handler.catch(print)

function receive(question: Question): void {
  if ('ping' in question) {
    send({ pong: true })
    return
  }
  handler.then(
    (handler) => invoke(handler, question),
    (error: unknown) => send({ id: question.id, broken: loadError(error) }),
  )
}

process.on('beforeExit', () => {
  listen()
  for (const end of [...waiting]) end()
})
process.on('uncaughtException', (error, origin) => {
  const crash = origin === 'unhandledRejection' ? String(error) : messageOf(error)
  print(error)
  send({ crash }, () => process.exit(1))
})
if (parentPort) {
  parentPort.on('message', receive)
} else {
  process.on('message', receive)
  // The server is gone.
  process.on('disconnect', () => process.exit())
  // Meant for the server, which still answers what it has and then ends this process itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}
