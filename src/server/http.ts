import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo, Socket } from 'node:net'
import type { HttpRequest, HttpResponse } from '../protocol/aws-json.ts'

// An import would read all that node:http exports, its WebSocket with them, and so load the whole of fetch: a quarter of
// the start.
const { createServer }: typeof import('node:http') = createRequire(import.meta.url)('node:http')

/** The JSON API, and everything else. */
export interface Handlers {
  readonly api: (request: HttpRequest) => Promise<HttpResponse>
  /** What the API says to a body over the limit. */
  readonly tooLarge: () => HttpResponse
  readonly web: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Told of what nobody foresaw. */
  readonly failed: (error: unknown) => void
}

/** Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly body: number
  readonly headers: number
  /** For the headers to arrive. */
  readonly headersTime: number
  /** For the whole request to arrive. */
  readonly requestTime: number
  /** For one that brings a file of users, of up to a hundred times the size of any other. */
  readonly uploadTime: number
  readonly keepAlive: number
  /** How long a refused body is still listened to. */
  readonly linger: number
  /** How often slow senders are looked for. */
  readonly check: number
}

export const standardLimits: Limits = {
  // Two megabytes, as AWS documents of managed login branding: one image may have a million bytes, before base64.
  body: 2_097_152,
  headers: 16_384,
  headersTime: 10_000,
  requestTime: 30_000,
  uploadTime: 900_000,
  keepAlive: 65_000,
  linger: 5_000,
  check: 1_000,
}

export interface Listening {
  readonly port: number
  /** Lets requests that are under way finish, and nobody else in; after `grace` milliseconds it closes anyway. */
  readonly stop: (grace: number) => Promise<void>
}

/** node:http on one side, the faces on the other. Requests that arrive before the handlers do wait for them. */
export async function listen(
  host: string,
  port: number,
  handlers: Promise<Handlers>,
  limits: Limits = standardLimits,
): Promise<Listening> {
  const server = createServer({
    maxHeaderSize: limits.headers,
    headersTimeout: limits.headersTime,
    // node has one time for all; those that get less are cut off by `hurry`.
    requestTimeout: limits.uploadTime,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.check,
  })
  const sockets = new Set<Socket>()
  const underWay = new Set<ServerResponse>()
  let stopping = false

  function receive(request: IncomingMessage, response: ServerResponse): void {
    if (stopping) {
      response.shouldKeepAlive = false
      response.writeHead(503).end()
      return
    }
    underWay.add(response)
    response.on('close', () => underWay.delete(response))
    if (!isUpload(request)) hurry(request, response, limits.requestTime)
    dispatch(request, response, handlers, limits).catch(async (error) => {
      response.destroy()
      // Who goes away in the middle of a request is no news.
      if (request.complete) (await handlers).failed(error)
    })
  }

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', receive)
  server.on('checkContinue', (request, response) => {
    if (!announcesMore(request, limits.body)) response.writeContinue()
    receive(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  server.on('error', async (error) => (await handlers).failed(error))

  return {
    port: (server.address() as AddressInfo).port,
    async stop(grace) {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Of requests that were sent without waiting for answers, the last one ends the connection.
      const lastOf = new Map([...underWay].map((response) => [response.req.socket, response]))
      for (const socket of sockets) {
        const last = lastOf.get(socket)
        if (last) {
          last.shouldKeepAlive = false
          last.on('close', () => socket.destroySoon())
        } else socket.destroy()
      }
      const timer = setTimeout(() => server.closeAllConnections(), grace)
      await closed
      clearTimeout(timer)
    },
  }
}

async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Promise<Handlers>,
  limits: Limits,
): Promise<void> {
  const { api, web, tooLarge } = await handlers
  const target = originForm(request.url ?? '/')
  const isApi =
    (target === '/' || target.startsWith('/?')) && (request.method === 'POST' || request.method === 'OPTIONS')
  if (!isApi) {
    request.url = target
    await web(request, response)
    return
  }
  const body = await readBody(request, limits.body)
  if (body === undefined) {
    await refuse(request, response, tooLarge(), limits.linger)
    return
  }
  const answer = await api({
    method: request.method ?? '',
    target,
    headers: headersOf(request),
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
    secure: 'encrypted' in request.socket,
  })
  writeHead(response, answer)
  response.end(answer.body)
}

const isUpload = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'PUT' && originForm(url).startsWith('/_cognate/imports/')

/** Cuts off a request that takes too long to arrive, in the words of node. */
function hurry(request: IncomingMessage, response: ServerResponse, time: number): void {
  const timer = setTimeout(() => {
    if (request.complete) return
    response.shouldKeepAlive = false
    response.on('finish', () => request.destroy())
    if (response.headersSent) request.destroy()
    else response.writeHead(408).end()
  }, time)
  response.on('close', () => clearTimeout(timer))
}

/** A target may name the server, too (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  const authority = /^https?:\/\/[^/?]*/i.exec(target)
  if (authority === null) return target
  const rest = target.slice(authority[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function writeHead(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
}

/**
 * Answers a request that is not read to its end. To close at once would reset the connection, and a client that is still
 * sending would lose the answer: what it sends is dropped until it is done or its time is up.
 */
async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  linger: number,
): Promise<void> {
  response.shouldKeepAlive = false
  writeHead(response, answer)
  response.write(answer.body)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, linger)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    request.on('end', done).on('close', done).resume()
  })
  response.end()
}

const announcesMore = (request: IncomingMessage, limit: number): boolean =>
  Number(request.headers['content-length'] ?? 0) > limit

/** The whole body, or nothing when it is larger than the limit. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (announcesMore(request, limit)) return undefined
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) resolve(undefined)
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

/** Every header as sent, also those that node:http would drop or join in its own way: signatures cover them. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  const raw = request.rawHeaders
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}
