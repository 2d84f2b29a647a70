/** The world outside, for tests: documents by URL, and servers that answer requests. */
import {
  type Answered,
  type Fetched,
  type Outbound,
  type OutboundRequest,
  Unreachable,
} from '../src/ports/outbound.ts'

export type Answering = (request: OutboundRequest) => Answered | Promise<Answered>

export interface TestDocuments {
  readonly outbound: Outbound
  /** What is at a URL from now on; a text is there with status 200. */
  readonly put: (url: string, answer: string | Fetched) => void
  /** Who answers at a URL from now on. Its query is not part of it. */
  readonly serve: (url: string, answer: Answering) => void
  /** Which URLs were asked since this was last asked, in order. */
  readonly asked: () => string[]
}

export function testDocuments(): TestDocuments {
  const documents = new Map<string, Fetched>()
  const servers = new Map<string, Answering>()
  let asked: string[] = []
  return {
    outbound: {
      async get(url) {
        asked.push(url)
        const document = documents.get(url)
        if (document === undefined) throw new Unreachable('nobody is there')
        return document
      },
      async send(request) {
        asked.push(request.url)
        const answer = servers.get(request.url.replace(/\?.*$/s, ''))
        if (answer === undefined) throw new Unreachable('nobody is there')
        return answer(request)
      },
    },
    put: (url, answer) => {
      documents.set(url, typeof answer === 'string' ? { status: 200, body: answer } : answer)
    },
    serve: (url, answer) => {
      servers.set(url, answer)
    },
    asked() {
      const urls = asked
      asked = []
      return urls
    },
  }
}
