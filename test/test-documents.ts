/** The world outside, for tests: documents by URL. */
import { type Fetched, type Outbound, Unreachable } from '../src/ports/outbound.ts'

export interface TestDocuments {
  readonly outbound: Outbound
  /** What is at a URL from now on; a text is there with status 200. */
  readonly put: (url: string, answer: string | Fetched) => void
  /** Which URLs were asked since this was last asked, in order. */
  readonly asked: () => string[]
}

export function testDocuments(): TestDocuments {
  const documents = new Map<string, Fetched>()
  let asked: string[] = []
  return {
    outbound: {
      async get(url) {
        asked.push(url)
        const document = documents.get(url)
        if (document === undefined) throw new Unreachable('nobody is there')
        return document
      },
    },
    put: (url, answer) => {
      documents.set(url, typeof answer === 'string' ? { status: 200, body: answer } : answer)
    },
    asked() {
      const urls = asked
      asked = []
      return urls
    },
  }
}
