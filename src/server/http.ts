import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpRequest, HttpResponse } from '../protocol/aws-json.ts'

/** The JSON API, and everything else. */
export interface Handlers {
  readonly api: (request: HttpRequest) => Promise<HttpResponse>
  /** What the API says to a body over the limit. */
  readonly tooLarge: () => HttpResponse
  readonly web: (request: IncomingMessage, response: ServerResponse) => unknown
}

export interface Listening {
  readonly port: number
  /** Lets requests that are under way finish, then closes; after `grace` milliseconds it closes anyway. */
  readonly stop: (grace: number) => Promise<void>
}

export const mostBodyBytes = 1_048_576

/**
 * node:http on one side, the faces on the other. Slow senders are cut off: ten seconds for the headers, thirty for the
 * whole request.
 */
export async function listen(host: string, port: number, handlers: Promise<Handlers>): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      dispatch(request, response, handlers).catch(() => response.destroy())
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return { port: (server.address() as AddressInfo).port, stop: (grace) => stop(server, grace) }
}

async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Promise<Handlers>,
): Promise<void> {
  const { api, web, tooLarge } = await handlers
  const target = request.url ?? '/'
  const isApi =
    (target === '/' || target.startsWith('/?')) && (request.method === 'POST' || request.method === 'OPTIONS')
  if (!isApi) {
    await web(request, response)
    return
  }
  const body = await readBody(request)
  if (body === undefined) {
    // What is still coming is not read: the connection ends with the answer.
    response.shouldKeepAlive = false
    send(response, tooLarge())
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
  send(response, answer)
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** The whole body, or nothing when it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBodyBytes) return undefined
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
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

async function stop(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), grace)
  await closed
  clearTimeout(timer)
}
