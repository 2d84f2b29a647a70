/** Many callers at once, over sockets that stay open: what a race and a measurement need, and no SDK is quick enough for. */
import assert from 'node:assert/strict'
import { Agent, type IncomingMessage, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly body: string
}

export type Json = Record<string, unknown>

export class Crowd {
  readonly #urls: readonly string[]
  readonly #agent: Agent
  #turn = 0

  /** `connections` are spread over the servers, and so are the requests. */
  constructor(urls: readonly string[], connections: number) {
    this.#urls = urls
    this.#agent = new Agent({ keepAlive: true, maxSockets: Math.ceil(connections / urls.length) })
  }

  /** An unsigned call of the JSON API, to the next server in turn. */
  async send(operation: string, body: Json): Promise<Reply> {
    const bytes = Buffer.from(JSON.stringify(body))
    const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const call = request(this.#nextUrl(), {
      agent: this.#agent,
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
        'content-length': bytes.length,
      },
    })
    call.on('response', resolve).on('error', reject).end(bytes)
    const answer = await answered
    const text: Buffer[] = []
    for await (const chunk of answer) text.push(chunk)
    return { status: answer.statusCode ?? 0, body: Buffer.concat(text).toString('utf8') }
  }

  /** One call that must succeed, and what it answers. */
  async call<T = Json>(operation: string, body: Json): Promise<T> {
    const reply = await this.send(operation, body)
    assert.equal(reply.status, 200, `${operation}: ${reply.body}`)
    return JSON.parse(reply.body)
  }

  close(): void {
    this.#agent.destroy()
  }

  #nextUrl(): string {
    const url = this.#urls[this.#turn % this.#urls.length] ?? ''
    this.#turn += 1
    return url
  }
}

/** A refusal as `Name: text`, the way tests compare it. */
export function refusalIn({ status, body }: Reply): string {
  const { __type, message } = JSON.parse(body)
  return `${status} ${__type}: ${message}`
}
