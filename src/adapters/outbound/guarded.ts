import { promises as dns, type LookupAddress } from 'node:dns'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP } from 'node:net'
import {
  type Answered,
  type Fetched,
  type Outbound,
  type OutboundRequest,
  Unreachable,
} from '../../ports/outbound.ts'
import { type Reach, reachOf } from './addresses.ts'

/** Which addresses besides public ones may be asked. */
export interface Reachable {
  readonly loopback: boolean
  readonly private: boolean
}

type Resolve = (name: string) => Promise<readonly LookupAddress[]>

const timeLimit = 5_000
const mostBytes = 1024 * 1024
const mostRedirects = 3

/**
 * Asks whom it may and nobody else, however the address is written: a name is resolved once, every address that it has
 * must be allowed, and the connection goes to those and to no other. TLS is a must except on this machine itself.
 */
export function guardedOutbound(
  reachable: Reachable,
  resolve: Resolve = (name) => dns.lookup(name, { all: true }),
): Outbound {
  const guarded = async <T>(work: (asking: Asking) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.timeout(timeLimit)
    try {
      return await work({ signal, addresses: (url) => addressesOf(url, reachable, resolve, signal) })
    } catch (error) {
      throw error instanceof Unreachable ? error : new Unreachable('no answer', { cause: error })
    }
  }
  return {
    get: (text) => guarded((asking) => follow(text, asking)),
    send: (request) =>
      guarded((asking) => {
        const url = URL.parse(request.url)
        if (url === null) throw new Unreachable('not a URL')
        return ask(url, request, asking)
      }),
  }
}

/** What holds for all that one call asks. */
interface Asking {
  readonly signal: AbortSignal
  /** @throws Unreachable when one of them may not be asked */
  readonly addresses: (url: URL) => Promise<readonly LookupAddress[]>
}

const document = { method: 'GET', headers: { accept: '*/*' } } as const

async function follow(text: string, asking: Asking): Promise<Fetched> {
  let url = URL.parse(text)
  for (let redirects = 0; url !== null; redirects += 1) {
    const { location, status, body } = await ask(url, document, asking)
    if (location === undefined) return { status, body }
    const next = URL.parse(location, url.href)
    if (next?.origin !== url.origin) throw new Unreachable('redirected to another host')
    if (redirects === mostRedirects) throw new Unreachable('redirected too often')
    url = next
  }
  throw new Unreachable('not a URL')
}

/** @throws Unreachable when one of them may not be asked */
async function addressesOf(
  url: URL,
  reachable: Reachable,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const addresses = family > 0 ? [{ address: host, family }] : await inTime(resolve(host), signal)
  const reaches = addresses.map(({ address }) => reachOf(address))
  const allowed: Record<Reach, boolean> = { public: true, ...reachable }
  if (reaches.length === 0 || reaches.some((reach) => !allowed[reach])) {
    throw new Unreachable('an address that may not be asked')
  }
  const plain = url.protocol === 'http:' && reaches.every((reach) => reach === 'loopback')
  if (url.protocol !== 'https:' && !plain) throw new Unreachable('not by TLS')
  return addresses
}

/** A name server that keeps silent is not waited for longer than any other. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, late])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** One question to one of a name's addresses. A redirect comes back as where it leads. */
async function ask(
  url: URL,
  { method, headers: own, body }: Omit<OutboundRequest, 'url'>,
  { signal, addresses }: Asking,
): Promise<Answered & { readonly location?: string }> {
  const lookup = pinned(await addresses(url))
  const { request } = url.protocol === 'https:' ? https : http
  const { promise: answered, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  const headers = { ...own, 'accept-encoding': 'identity', 'user-agent': 'Cognate' }
  // A connection of its own each time: none is left open, and none is taken over from another address.
  const sent = request(url, { agent: false, method, headers, signal, lookup }, resolve)
  sent.on('error', reject)
  sent.end(body)
  const response = await answered
  const status = response.statusCode ?? 0
  const { location, 'content-type': contentType } = response.headers
  if (status >= 300 && status < 400 && location !== undefined) {
    response.destroy()
    return { status, body: '', contentType, location }
  }
  return { status, body: await textOf(response), contentType }
}

/** In the place of the look-up that a connection makes: the addresses that were looked at. */
function pinned(addresses: readonly LookupAddress[]): http.RequestOptions['lookup'] {
  return (_name, { all }, done) => {
    const [first] = addresses
    if (all) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Unreachable('an answer in an encoding that was not asked for')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Unreachable('more than a mebibyte')
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
