/** HTTP as no client library would speak it: bytes on a socket. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export class RawClient {
  readonly socket: Socket
  /** Resolves when the connection is over, by whatever end. */
  readonly closed: Promise<void>
  #received = ''
  #news = Promise.withResolvers<void>()
  #over = false

  private constructor(socket: Socket) {
    this.socket = socket
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#received += text
      this.#wake()
    })
    // A reset is an end like any other; what was received before it counts.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#over = true
      this.#wake()
      resolve()
    })
  }

  static async to(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  send(...parts: (string | Buffer)[]): void {
    for (const part of parts) this.socket.write(part)
  }

  /** The next response, or nothing when the connection ends before it. */
  async next(options: { readonly headOnly?: boolean } = {}): Promise<RawResponse | undefined> {
    for (;;) {
      const response = this.#take(options.headOnly ?? false)
      if (response || this.#over) return response
      await this.#news.promise
    }
  }

  close(): void {
    this.socket.destroy()
  }

  #wake(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  #take(headOnly: boolean): RawResponse | undefined {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const [first = '', ...lines] = this.#received.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const start = end + 4
    const length = headOnly ? 0 : Number(headers['content-length'] ?? 0)
    if (this.#received.length < start + length) return undefined
    const body = Buffer.from(this.#received.slice(start, start + length), 'latin1').toString()
    this.#received = this.#received.slice(start + length)
    return { status: Number(first.split(' ')[1]), headers, body }
  }
}

/** A request of the JSON API, unsigned. */
export function apiRequest(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  line = 'POST / HTTP/1.1',
): string {
  const all = {
    host: 'localhost',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
    'content-length': `${Buffer.byteLength(body)}`,
    ...headers,
  }
  return `${[line, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${body}`
}
