/**
 * AWS Signature Version 4, seen from the server: a request comes in, and out comes the access key that signed it or
 * a Fault that says why not.
 *
 * The method: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * The texts are AWS's, as captured from live services of the same protocol by the authors of kinesalite, dynalite and
 * scratchstack-aws-signature; the rest are marked `ours`.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { Fault } from '../domain/faults.ts'
import { isRegion } from '../domain/ids.ts'
import type { AccessKey } from '../domain/principal.ts'
import { type Instant, minutes, seconds } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'

/** One character a byte in every text, as node:http hands them over: the bytes are what is signed. */
export interface SignedRequest {
  readonly method: string
  /** Path and query exactly as received on the request line. */
  readonly target: string
  /** Names in lower case; repeated headers joined with ','. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Verified {
  readonly key: AccessKey
  readonly region: string
  readonly signedAt: Instant
}

const algorithm = 'AWS4-HMAC-SHA256'
const skew = minutes(5)

/** Far above what clients send, and low enough that nothing below can be made to work hard. */
const limits = { authorization: 4096, target: 8192, signedHeaders: 100, lifetime: 604_800, signingKeys: 1000 }

/** The access key that signed the request. Throws a Fault when nobody we know signed it, for us, just now. */
export function verifySignature(
  request: SignedRequest,
  now: Instant,
  expected: { service: string },
  findKey: (id: string) => AccessKey | undefined,
): Verified {
  const claim = readClaim(request)
  checkSignedHeaders(claim, request.headers)
  const key = findKey(claim.accessKeyId)
  if (key === undefined) throw new Fault('UnknownSecurityToken')
  checkToken(claim, key, now)
  checkScope(claim, expected.service)
  checkSignature(claim, request, key.secret)
  checkClock(claim, now)
  return { key, region: claim.scope.region, signedAt: claim.signedAt }
}

/** True when the request carries any credential at all, right or wrong. */
export function isSigned(request: SignedRequest): boolean {
  return Boolean(request.headers.authorization) || isPresigned(readQuery(request.target))
}

/** Who the request says it is from. Nothing is verified: this is for `--iam=off` and for nothing else. */
export function claimedScope(request: SignedRequest): { accessKeyId: string; region: string } | undefined {
  const inHeader = /\bCredential=([^ ,]+)/.exec(request.headers.authorization ?? '')?.[1]
  const inQuery = readQuery(request.target).find(([name]) => name === 'X-Amz-Credential')?.[1]
  const [accessKeyId, , region = '', ...rest] = (inHeader ?? decode(inQuery ?? '')).split('/')
  return accessKeyId && isRegion(region) && rest.length === 2 ? { accessKeyId, region } : undefined
}

// ---- What the request claims

type Claim = ReturnType<typeof claimOf>

function readClaim({ headers, target }: SignedRequest): Claim {
  const query = readQuery(target)
  const presigned = isPresigned(query)
  if (presigned && headers.authorization) {
    throw unacceptable(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
  }
  if (!presigned && !headers.authorization) throw new Fault('MissingAuthentication')
  if (target.length > limits.target) throw incomplete('Request target is too long.') // ours
  if (headers.authorization) return claimOf(inHeaders(headers.authorization, headers), query)
  const signed = query.filter(([name]) => name !== 'X-Amz-Signature')
  return claimOf(inQuery(query), signed)
}

/** What either form says, by the names of the query form without their `X-Amz-`. */
type Given = ReadonlyMap<string, string>
const required = ['Credential', 'Signature', 'SignedHeaders']

function inHeaders(authorization: string, headers: SignedRequest['headers']): Given {
  if (authorization.length > limits.authorization) throw incomplete('Authorization header is too long.') // ours
  const [scheme = '', ...pieces] = authorization.split(/[ ,]+/)
  const parameters = pieces.filter(Boolean).map((piece): Parameter => {
    const equals = piece.indexOf('=')
    if (equals >= 0) return [piece.slice(0, equals), piece.slice(equals + 1)]
    const digest = hash('sha256', authorization, 'base64')
    throw incomplete(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest}'.`,
    )
  })
  const given = once(parameters.filter(([name]) => required.includes(name)))
  const lacking = required
    .filter((name) => !given.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `)
  const date = headers['x-amz-date'] || headers.date || ''
  if (!date) {
    lacking.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  }
  if (lacking.length > 0) {
    // AWS has printed the whole header here. We print its first word, when that cannot be a secret standing alone.
    const word = /^([A-Za-z][A-Za-z0-9-]{0,31}(?= )|AWS4-HMAC-SHA256$)/.exec(authorization)?.[0] ?? ''
    throw incomplete(`${lacking.join('')}Authorization=${word}`)
  }
  const token = headers['x-amz-security-token']
  given.set('Algorithm', scheme).set('Date', date)
  return token === undefined ? given : given.set('Security-Token', token)
}

function inQuery(query: readonly Parameter[]): Given {
  const parameters = query.filter(([name]) => name.startsWith('X-Amz-'))
  const given = once(parameters.map(([name, value]) => [name.slice('X-Amz-'.length), decode(value)]))
  const lacking = ['Algorithm', ...required, 'Date']
    .filter((name) => !given.get(name))
    .map((name) => `AWS query-string parameters must include 'X-Amz-${name}'. `)
  if (lacking.length === 0) return given
  throw incomplete(`${lacking.join('')}Re-examine the query-string parameters.`)
}

/** AWS takes the first or the last of two. We take neither: whoever stands in front of us may have taken the other. */
function once(parameters: readonly Parameter[]): Map<string, string> {
  const given = new Map(parameters)
  if (given.size < parameters.length) throw incomplete('Signature parameters must be given once each.') // ours
  return given
}

function claimOf(given: Given, query: readonly Parameter[]) {
  const get = (name: string) => given.get(name) ?? ''
  const [name, credential] = [get('Algorithm'), get('Credential')]
  if (name !== algorithm) {
    throw incomplete(`Unsupported AWS 'algorithm': '${clip(name)}' (only ${algorithm} for now). `)
  }
  const { signedAt, stamp } = readDate(get('Date'))
  const parts = credential.split('/')
  if (parts.length !== 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${clip(credential)}'`,
    )
  }
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts
  const scope = { date, region, service, terminator }
  const [signedHeaders, signature] = [get('SignedHeaders').split(';'), get('Signature')]
  /** How long after its signing the request may be used. */
  const lifetime = readLifetime(given.get('Expires'))
  const token = given.get('Security-Token')
  return { credential, accessKeyId, scope, signedHeaders, signature, signedAt, stamp, lifetime, token, query }
}

function readDate(text: string): { signedAt: Instant; stamp: string } {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  const signedAt = Date.parse(clip(text).replace(basic, '$1-$2-$3T$4:$5:$6Z'))
  const stamp = Number.isNaN(signedAt) ? '' : basicDate(signedAt)
  // Written back and compared, since Date.parse takes 30 February and much else.
  if (stamp && (stamp === text || new Date(signedAt).toUTCString() === text)) return { signedAt, stamp }
  throw incomplete(
    `Date must be in ISO-8601 'basic format'. Got '${clip(text)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  )
}

function readLifetime(text: string | undefined): number {
  if (text === undefined) return skew
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= limits.lifetime) return seconds(Number(text))
  throw incomplete(`X-Amz-Expires must be a whole number of seconds from 1 to ${limits.lifetime}.`) // ours
}

// ---- Whether to believe it

function checkSignedHeaders({ signedHeaders, token }: Claim, headers: SignedRequest['headers']): void {
  if (signedHeaders.length > limits.signedHeaders) throw incomplete('SignedHeaders names too many headers.') // ours
  if (!signedHeaders.includes('host')) throw unsigned("'Host' or ':authority'")
  for (const name of Object.keys(headers)) {
    if (!name.startsWith('x-amz-') || signedHeaders.includes(name)) continue
    // Some clients add the token after signing. Nothing is lost: checkToken compares it with the key's own.
    if (name === 'x-amz-security-token' && headers[name] === token) continue
    throw unsigned(`'${clip(name)}'`)
  }
}

function checkToken({ token }: Claim, { sessionToken, expiresAt }: AccessKey, now: Instant): void {
  const right = sessionToken ? token !== undefined && sessionToken.matches(token) : token === undefined
  if (!right) throw new Fault('UnknownSecurityToken')
  if (expiresAt !== undefined && expiresAt <= now) throw new Fault('ExpiredSecurityToken')
}

function checkScope({ scope, stamp }: Claim, expected: string): void {
  const { date, region, service, terminator } = scope
  const day = stamp.slice(0, 8)
  let wrong = ''
  if (!isRegion(region)) wrong += 'Credential should be scoped to a valid region. '
  if (service !== expected) wrong += `Credential should be scoped to correct service: '${expected}'. `
  if (terminator !== 'aws4_request') {
    wrong += `Credential should be scoped with a valid terminator: 'aws4_request', not '${clip(terminator)}'. `
  }
  if (date !== day) {
    wrong += `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${clip(date)}' != '${day}', from '${stamp}'.`
  }
  if (wrong) throw unacceptable(wrong)
}

function checkSignature(claim: Claim, request: SignedRequest, secret: Secret): void {
  const digest = hash('sha256', request.body)
  // UNSIGNED-PAYLOAD is refused like any other wrong digest: the body is the whole of what is asked.
  if ((request.headers['x-amz-content-sha256'] ?? digest) !== digest) throw new Fault('SignatureMismatch')
  const canonical = canonicalRequest(claim, request, digest)
  // No such character comes off the wire, and as a byte it would pass for another.
  if (/[\u0100-\uffff]/.test(canonical)) throw new Fault('SignatureMismatch')
  const scope = claim.credential.slice(claim.accessKeyId.length + 1)
  const text = `${algorithm}\n${claim.stamp}\n${scope}\n${hash('sha256', Buffer.from(canonical, 'latin1'))}`

  const known = signingKeys.get(claim.credential)
  const key = known?.secret === secret ? known : deriveSigningKey(secret, scope)
  const [right, given] = [Buffer.from(hmac(key, text)), Buffer.from(claim.signature)]
  if (right.length !== given.length || !timingSafeEqual(right, given)) throw new Fault('SignatureMismatch')
  if (key !== known) remember(claim.credential, key)
}

function checkClock({ signedAt, lifetime, stamp }: Claim, now: Instant): void {
  const current = now - (now % seconds(1))
  const [earliest, latest] = [current - lifetime, current + skew]
  const span = lifetime % minutes(1) ? `${lifetime / seconds(1)} sec.` : `${lifetime / minutes(1)} min.`
  if (signedAt < earliest) {
    throw unacceptable(
      `Signature expired: ${stamp} is now earlier than ${basicDate(earliest)} (${basicDate(current)} - ${span})`,
    )
  }
  if (signedAt > latest) {
    throw unacceptable(
      `Signature not yet current: ${stamp} is still later than ${basicDate(latest)} (${basicDate(current)} + 5 min.)`,
    )
  }
}

// ---- The canonical request

function canonicalRequest(claim: Claim, { method, target, headers }: SignedRequest, digest: string): string {
  let lines = ''
  let previous = ''
  for (const name of claim.signedHeaders) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined
    if (value === undefined || name <= previous) throw new Fault('SignatureMismatch')
    // Not \s and trim(), which would also take the byte A0, perhaps one half of a letter.
    lines += `${name}:${value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')}\n`
    previous = name
  }
  const names = claim.signedHeaders.join(';')
  return `${method}\n${canonicalPath(target)}\n${canonicalQuery(claim.query)}\n${lines}\n${names}\n${digest}`
}

/** Every service but S3 tidies the path, and encodes it once more than the wire does. */
function canonicalPath(target: string): string {
  const [path = ''] = target.split('?', 1)
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encode(segment))
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`
}

/** By name and then by value, which is not the order of `name=value`: there `a-b=` would come before `a=`. */
function canonicalQuery(query: readonly Parameter[]): string {
  return query
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

type Parameter = readonly [name: string, value: string]

/** In the order given, and encoded the canonical way however they came. */
function readQuery(target: string): Parameter[] {
  const start = target.indexOf('?')
  if (start < 0) return []
  const pieces = target.slice(start + 1).split('&')
  return pieces.filter(Boolean).map((piece) => {
    const [name = '', ...value] = piece.split('=')
    return [encode(decode(name)), encode(decode(value.join('=')))]
  })
}

const isPresigned = (query: readonly Parameter[]) => query.some(([name]) => name === 'X-Amz-Algorithm')
const compare = (a: string, b: string) => Number(a > b) - Number(a < b)

const percent = Array.from({ length: 256 }, (_, byte) => `%${Buffer.of(byte).toString('hex').toUpperCase()}`)
const encode = (text: string) => text.replace(/[^\w.~-]/g, (byte) => percent[byte.charCodeAt(0)] ?? byte)
const decode = (text: string) =>
  text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

// ---- Keys

type SigningKey = ReturnType<typeof deriveSigningKey>

/**
 * By credential, which names all that a signing key is derived from but the secret. That is compared by identity, so
 * that a key whose secret has changed is derived anew. Only a right signature brings a key in.
 */
const signingKeys = new Map<string, SigningKey>()

function remember(credential: string, key: SigningKey): void {
  const [oldest] = signingKeys.keys()
  if (signingKeys.size >= limits.signingKeys && oldest !== undefined) signingKeys.delete(oldest)
  signingKeys.set(credential, key)
}

/** As the two blocks that HMAC begins its hashes from: two one-shot hashes take 2 µs where createHmac takes 13. */
function deriveSigningKey(secret: Secret, scope: string) {
  let key: Uint8Array = Buffer.from(`AWS4${secret.reveal()}`)
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  const block = (pad: number) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ pad)
  return { secret, inner: block(0x36), outer: block(0x5c) }
}

function hmac({ inner, outer }: SigningKey, text: string): string {
  const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer')
  return hash('sha256', Buffer.concat([outer, first]))
}

// ---- Words

const basicDate = (at: Instant) => new Date(at).toISOString().replace(/-|:|\.\d+/g, '')
const clip = (text: string) => (text.length > 64 ? `${text.slice(0, 64)}...` : text)
const incomplete = (text: string) => new Fault('IncompleteSignature', text)
const unacceptable = (text: string) => new Fault('SignatureUnacceptable', text)
const unsigned = (name: string) => unacceptable(`${name} must be a 'SignedHeader' in the AWS Authorization.`)
