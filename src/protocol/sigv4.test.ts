import assert from 'node:assert/strict'
import { createHash, createHmac, type Hash, type Hmac, hash } from 'node:crypto'
import { describe, test } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { AccessKey, Principal } from '../domain/principal.ts'
import { days, type Instant, minutes, seconds } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import { claimedScope, isSigned, type SignedRequest, verifySignature } from './sigv4.ts'
import { token, type Vector, vectors } from './sigv4.vectors.ts'

const signedAt = Date.parse('2015-08-30T12:36:00Z')
const accessKeyId = 'AKIDEXAMPLE'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const principal: Principal = {
  arn: 'arn:aws:iam::123456789012:user/ada',
  type: 'User',
  username: 'ada',
  userId: 'AIDAEXAMPLE',
  unrestricted: false,
  policies: [],
  tags: {},
}
const lasting: AccessKey = { id: accessKeyId, secret: new Secret(secretAccessKey), principal }
const passing: AccessKey = {
  ...lasting,
  sessionToken: new Secret(token),
  expiresAt: signedAt + minutes(60),
}

const wire = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

// ---- The oracle: AWS's own signer

class Sha256 {
  #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(bytesOf(secret)))
  }
  update(data: Uint8Array): void {
    this.#hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {
    throw new Error('not asked for')
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

interface Plain {
  method: string
  path: string
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body: string
}

interface Signer {
  id: string
  service: string
  region: string
  at: Instant
  secret: string
  token?: string
  /** Headers that are sent and not signed. */
  unsigned?: string[]
}

const call: Plain = {
  method: 'POST',
  path: '/',
  query: {},
  headers: {
    host: 'cognito-idp.us-east-1.amazonaws.com',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools',
  },
  body: '{"MaxResults":10}',
}
const usual: Signer = {
  id: accessKeyId,
  service: 'cognito-idp',
  region: 'us-east-1',
  at: signedAt,
  secret: secretAccessKey,
}

const oracle = (signer: Signer) =>
  new SignatureV4({
    credentials: {
      accessKeyId: signer.id,
      secretAccessKey: signer.secret,
      ...(signer.token === undefined ? {} : { sessionToken: signer.token }),
    },
    region: signer.region,
    service: signer.service,
    sha256: Sha256,
    applyChecksum: false,
  })

const forOracle = (plain: Plain) => ({ ...plain, protocol: 'https:', hostname: plain.headers.host ?? '' })

function onTheWire({ method, path, query, headers, body }: Plain): SignedRequest {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value]),
  )
  const text = pairs.map((pair) => pair.map((part) => encodeURIComponent(part ?? '')).join('=')).join('&')
  return {
    method,
    target: wire(text ? `${path}?${text}` : path),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, wire(value)])),
    body: Buffer.from(body),
  }
}

async function sign(plain: Partial<Plain> = {}, signer: Partial<Signer> = {}): Promise<SignedRequest> {
  const [request, by] = [
    { ...call, ...plain },
    { ...usual, ...signer },
  ]
  const signed = await oracle(by).sign(forOracle(request), {
    signingDate: new Date(by.at),
    unsignableHeaders: new Set(by.unsigned),
  })
  return onTheWire({ ...request, headers: signed.headers })
}

async function presign(
  plain: Partial<Plain> = {},
  signer: Partial<Signer> = {},
  expiresIn = 900,
): Promise<SignedRequest> {
  const [request, by] = [
    { ...call, ...plain },
    { ...usual, ...signer },
  ]
  const signed = await oracle(by).presign(forOracle(request), { signingDate: new Date(by.at), expiresIn })
  const query = Object.fromEntries(
    Object.entries(signed.query ?? {}).map(([name, value]) => [name, value ?? '']),
  )
  return onTheWire({ ...request, query, headers: signed.headers })
}

const byHandScope = ['20150830', 'us-east-1', 'cognito-idp', 'aws4_request']

/** The signature over these parts as they are, for what the oracle would never sign. */
function signByHand(request: SignedRequest, search: string, names: readonly string[]): string {
  const lines = names.map((name) => `${name}:${request.headers[name]}\n`).join('')
  const digest = hash('sha256', request.body)
  const canonical = `${request.method}\n/\n${search}\n${lines}\n${names.join(';')}\n${digest}`
  const text = `AWS4-HMAC-SHA256\n20150830T123600Z\n${byHandScope.join('/')}\n${hash('sha256', canonical)}`
  const key = byHandScope.reduce<string | Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  return createHmac('sha256', key).update(text).digest('hex')
}

async function signedByHand(
  names: readonly string[],
  more: Record<string, string> = {},
): Promise<SignedRequest> {
  const request = await sign()
  const headers = { ...request.headers, ...more }
  const signature = signByHand({ ...request, headers }, '', names)
  const credential = `${accessKeyId}/${byHandScope.join('/')}`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...request, headers: { ...headers, authorization } }
}

const verify = (
  request: SignedRequest,
  key: AccessKey = lasting,
  now: Instant = signedAt,
  service = 'cognito-idp',
) => verifySignature(request, now, { service }, (id) => (id === key.id ? key : undefined))

function faultOf(act: () => unknown): Fault | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

// ---- The published suite

describe("AWS's test suite", () => {
  for (const vector of vectors) {
    test(vector.name, async () => {
      const signature = await oracleSignature(vector)
      if (vector.signature !== undefined) assert.equal(signature, vector.signature)
      const headers = headersOf(vector)
      const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20150830/us-east-1/service/aws4_request, SignedHeaders=${Object.keys(headers).sort().join(';')}, Signature=${signature}`
      const request: SignedRequest = {
        method: vector.method ?? 'GET',
        target: wire(vector.target ?? '/'),
        headers: { ...headers, ...vector.unsigned, authorization },
        body: Buffer.from(vector.body ?? ''),
      }
      const key = 'x-amz-security-token' in request.headers ? passing : lasting
      assert.deepEqual(verify(request, key, signedAt, 'service'), { key, region: 'us-east-1', signedAt })
    })
  }

  const headersOf = ({ headers }: Vector): Record<string, string> => ({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    ...headers,
  })

  async function oracleSignature(vector: Vector): Promise<string | undefined> {
    const [path = '', search] = (vector.target ?? '/').split('?')
    const query: Record<string, string[]> = {}
    for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value]
    const { headers } = await oracle({ ...usual, service: 'service' }).sign(
      forOracle({
        method: vector.method ?? 'GET',
        path,
        query,
        headers: headersOf(vector),
        body: vector.body ?? '',
      }),
      { signingDate: new Date(signedAt) },
    )
    return /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1]
  }
})

// ---- Signed rightly

describe('accepts', () => {
  test('what the SDK sends, and says who signed it, for where and when', async () => {
    assert.deepEqual(verify(await sign()), { key: lasting, region: 'us-east-1', signedAt })
  })

  test('a session token, whether it was signed or added after', async () => {
    assert.equal(verify(await sign({}, { token }), passing).key, passing)
    const request = await sign()
    const after = { ...request, headers: { ...request.headers, 'x-amz-security-token': token } }
    assert.equal(verify(after, passing).key, passing)
  })

  test('a request up to five minutes old, or five minutes ahead of us', async () => {
    const request = await sign()
    assert.equal(verify(request, lasting, signedAt + minutes(5) + 999).signedAt, signedAt)
    assert.equal(verify(request, lasting, signedAt - minutes(5)).signedAt, signedAt)
  })

  test("a Date header in HTTP's form or AWS's, when there is no X-Amz-Date", async () => {
    for (const date of ['Sun, 30 Aug 2015 12:36:00 GMT', '20150830T123600Z']) {
      const request = await sign({}, { unsigned: ['x-amz-date'] })
      const { 'x-amz-date': _, ...headers } = request.headers
      assert.equal(verify({ ...request, headers: { ...headers, date } }).signedAt, signedAt)
    }
  })

  test('parameters without spaces between them', async () => {
    const request = await sign()
    const authorization = request.headers.authorization?.replaceAll(', ', ',') ?? ''
    assert.equal(verify({ ...request, headers: { ...request.headers, authorization } }).key, lasting)
  })

  test('a header of raw UTF-8, as the bytes it came in', async () => {
    assert.equal(
      verify(await sign({ headers: { ...call.headers, 'x-amz-note': 'à la carte, ሴ' } })).key,
      lasting,
    )
  })

  test('x-amz-content-sha256 when it is the digest of the body', async () => {
    const headers = { ...call.headers, 'x-amz-content-sha256': hash('sha256', call.body) }
    assert.equal(verify(await sign({ headers })).key, lasting)
  })

  test('the new secret and not the old one, as soon as a secret has changed', async () => {
    const changed: AccessKey = { ...lasting, secret: new Secret('another secret') }
    const [before, after] = [await sign(), await sign({}, { secret: 'another secret' })]
    assert.equal(verify(before).key, lasting)
    assert.equal(faultOf(() => verify(before, changed))?.code, 'SignatureMismatch')
    assert.equal(verify(after, changed).key, changed)
    assert.equal(faultOf(() => verify(after))?.code, 'SignatureMismatch')
  })

  test('headers in order, signed by hand', async () => {
    const names = ['content-type', 'host', 'x-amz-date', 'x-amz-target']
    assert.equal(verify(await signedByHand(names)).key, lasting)
  })

  test('a second request without deriving the signing key again, once one was signed rightly', async () => {
    class Counted extends Secret {
      revealed = 0
      override reveal(): string {
        this.revealed += 1
        return super.reveal()
      }
    }
    const secret = new Counted(secretAccessKey)
    const key: AccessKey = { ...lasting, id: 'AKIDCOUNTED', secret }
    const request = await sign({}, { id: key.id })
    const wrong = { ...request, method: 'PUT' }
    for (const _ of 'ab') assert.equal(faultOf(() => verify(wrong, key))?.code, 'SignatureMismatch')
    assert.equal(secret.revealed, 2)
    for (const _ of 'abc') assert.equal(verify(request, key).key, key)
    assert.equal(secret.revealed, 3)
  })

  test('more keys than the cache holds', async () => {
    const requests = await Promise.all(
      Array.from({ length: 1200 }, (_, n) => sign({}, { region: `us-east-${n}` })),
    )
    for (const request of [...requests, ...requests]) assert.equal(verify(request).key, lasting)
  })
})

// ---- Signed wrongly

interface Wrong {
  readonly name: string
  readonly request: () => Promise<SignedRequest>
  readonly code: FaultCode
  readonly message: string
  readonly key?: AccessKey
  readonly now?: Instant
}
type Circumstances = Pick<Wrong, 'key' | 'now'>

const missing = (name: string, request: Wrong['request']): Wrong => {
  return { name, request, code: 'MissingAuthentication', message: 'Missing Authentication Token' }
}
const incomplete = (name: string, request: Wrong['request'], message: string): Wrong => {
  return { name, request, code: 'IncompleteSignature', message }
}
const unacceptable = (
  name: string,
  request: Wrong['request'],
  message: string,
  at?: Circumstances,
): Wrong => {
  return { name, request, code: 'SignatureUnacceptable', message, ...at }
}
const unknown = (name: string, request: Wrong['request'], at?: Circumstances): Wrong => {
  const message = 'The security token included in the request is invalid.'
  return { name, request, code: 'UnknownSecurityToken', message, ...at }
}
const mismatched = (name: string, request: Wrong['request'], at?: Circumstances): Wrong => {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
  return { name, request, code: 'SignatureMismatch', message, ...at }
}

/** The usual request, signed, with these headers changed or (undefined) taken away. */
const withHeaders = (changes: Record<string, string | undefined>) => async (): Promise<SignedRequest> => {
  const request = await sign()
  const headers = Object.entries({ ...request.headers, ...changes }).filter(
    ([, value]) => value !== undefined,
  )
  return { ...request, headers: Object.fromEntries(headers) as Record<string, string> }
}

/** The usual request, signed, with its Authorization header edited. */
const withAuthorization = (edit: (text: string) => string) => async (): Promise<SignedRequest> => {
  const request = await sign()
  return {
    ...request,
    headers: { ...request.headers, authorization: edit(request.headers.authorization ?? '') },
  }
}

const withCredential = (credential: string) =>
  withAuthorization((text) => text.replace(/Credential=[^,]+/, `Credential=${credential}`))

const notAPair = (authorization: string) =>
  `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash('sha256', authorization, 'base64')}'.`
const requires = (name: string) => `Authorization header requires '${name}' parameter. `
const requiresDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
const fiveElements = (given: string) =>
  `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${given}'`
const basicFormat = (given: string) =>
  `Date must be in ISO-8601 'basic format'. Got '${given}'. See http://en.wikipedia.org/wiki/ISO_8601`
const mustBeSigned = (name: string) => `${name} must be a 'SignedHeader' in the AWS Authorization.`
const scopeDate = (given: string) =>
  `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${given}' != '20150830', from '20150830T123600Z'.`
const algorithmIs = (given: string) =>
  `Unsupported AWS 'algorithm': '${given}' (only AWS4-HMAC-SHA256 for now). `

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'

const wrongs: readonly Wrong[] = [
  missing('no credential at all', withHeaders({ authorization: undefined })),
  missing('an empty Authorization header', withHeaders({ authorization: '' })),
  incomplete(
    'Basic credentials',
    withHeaders({ authorization: 'Basic YWRhOmxvdmVsYWNlMQ==' }),
    `${requires('Credential')}${requires('Signature')}${requires('SignedHeaders')}Authorization=Basic`,
  ),
  incomplete('an access token', withHeaders({ authorization: `Bearer ${jwt}` }), notAPair(`Bearer ${jwt}`)),
  incomplete(
    'an access token without its scheme, which is not shown',
    withHeaders({ authorization: jwt }),
    `${requires('Credential')}${requires('Signature')}${requires('SignedHeaders')}Authorization=`,
  ),
  incomplete(
    'the scheme alone, and no date',
    withHeaders({ authorization: 'AWS4-HMAC-SHA256', 'x-amz-date': undefined }),
    `${requires('Credential')}${requires('Signature')}${requires('SignedHeaders')}${requiresDate}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'commas alone',
    withHeaders({ authorization: ',,,' }),
    `${requires('Credential')}${requires('Signature')}${requires('SignedHeaders')}Authorization=`,
  ),
  incomplete(
    'two schemes in one header',
    withHeaders({ authorization: 'AWS4-HMAC-SHA256 Credential=a,Basic YWRhOmxvdmVsYWNlMQ==' }),
    notAPair('AWS4-HMAC-SHA256 Credential=a,Basic YWRhOmxvdmVsYWNlMQ=='),
  ),
  incomplete(
    'no Credential',
    withAuthorization((text) => text.replace(/Credential=[^,]+, /, '')),
    `${requires('Credential')}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'no Signature',
    withAuthorization((text) => text.replace(/, Signature=.*/, '')),
    `${requires('Signature')}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'an empty Signature',
    withAuthorization((text) => text.replace(/Signature=.*/, 'Signature=')),
    `${requires('Signature')}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'no SignedHeaders',
    withAuthorization((text) => text.replace(/SignedHeaders=[^,]+, /, '')),
    `${requires('SignedHeaders')}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'no date',
    withHeaders({ 'x-amz-date': undefined }),
    `${requiresDate}Authorization=AWS4-HMAC-SHA256`,
  ),
  incomplete(
    'two Credentials',
    withAuthorization((text) => `${text}, Credential=AKIDOTHER/20150830/us-east-1/cognito-idp/aws4_request`),
    'Signature parameters must be given once each.',
  ),
  incomplete(
    'the same Signature twice',
    withAuthorization((text) => `${text}, ${text.slice(text.indexOf('Signature='))}`),
    'Signature parameters must be given once each.',
  ),
  incomplete(
    'another algorithm',
    withAuthorization((text) => text.replace('SHA256', 'SHA512')),
    algorithmIs('AWS4-HMAC-SHA512'),
  ),
  incomplete(
    'Signature Version 4A',
    withAuthorization((text) => text.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')),
    algorithmIs('AWS4-ECDSA-P256-SHA256'),
  ),
  incomplete(
    'the algorithm in lower case',
    withAuthorization((text) => text.replace('AWS4-HMAC-SHA256', 'aws4-hmac-sha256')),
    algorithmIs('aws4-hmac-sha256'),
  ),
  incomplete(
    'a Credential of four parts',
    withCredential('AKIDEXAMPLE/20150830/us-east-1/cognito-idp'),
    fiveElements('AKIDEXAMPLE/20150830/us-east-1/cognito-idp'),
  ),
  incomplete(
    'a Credential of six parts',
    withCredential('AKID/EXAMPLE/20150830/us-east-1/cognito-idp/aws4_request'),
    fiveElements('AKID/EXAMPLE/20150830/us-east-1/cognito-idp/aws4_request'),
  ),
  incomplete(
    'a Credential that is long and shapeless, of which the beginning is shown',
    withCredential('A'.repeat(1000)),
    fiveElements(`${'A'.repeat(64)}...`),
  ),
  incomplete('a date in words', withHeaders({ 'x-amz-date': 'yesterday' }), basicFormat('yesterday')),
  incomplete(
    'an invalid date by that very name',
    withHeaders({ 'x-amz-date': 'Invalid Date' }),
    basicFormat('Invalid Date'),
  ),
  incomplete(
    'a date in the extended format',
    withHeaders({ 'x-amz-date': '2015-08-30T12:36:00Z' }),
    basicFormat('2015-08-30T12:36:00Z'),
  ),
  incomplete(
    'a day that no calendar has',
    withHeaders({ 'x-amz-date': '20150230T123600Z' }),
    basicFormat('20150230T123600Z'),
  ),
  incomplete(
    'an hour that no clock has',
    withHeaders({ 'x-amz-date': '20150830T253600Z' }),
    basicFormat('20150830T253600Z'),
  ),
  incomplete(
    'an Authorization header without end',
    withAuthorization((text) => `${text},Padding=${'a'.repeat(4096)}`),
    'Authorization header is too long.',
  ),
  incomplete(
    'a target without end',
    () => sign({ path: `/${'a'.repeat(8192)}` }),
    'Request target is too long.',
  ),
  incomplete(
    'more signed headers than anybody sends',
    withAuthorization((text) => text.replace('=content-type', `=${'a;'.repeat(100)}content-type`)),
    'SignedHeaders names too many headers.',
  ),
  unacceptable(
    'the host not signed',
    () => sign({}, { unsigned: ['host'] }),
    mustBeSigned("'Host' or ':authority'"),
  ),
  unacceptable(
    'the operation not signed',
    () => sign({}, { unsigned: ['x-amz-target'] }),
    mustBeSigned("'x-amz-target'"),
  ),
  unacceptable(
    'the date not signed',
    () => sign({}, { unsigned: ['x-amz-date'] }),
    mustBeSigned("'x-amz-date'"),
  ),
  unacceptable(
    'an x-amz- header added on the way',
    withHeaders({ 'x-amz-cf-id': 'added' }),
    mustBeSigned("'x-amz-cf-id'"),
  ),
  unknown(
    'an access key that nobody has',
    withCredential('AKIDNOBODY/20150830/us-east-1/cognito-idp/aws4_request'),
  ),
  unknown('an access key id that is empty', withCredential('/20150830/us-east-1/cognito-idp/aws4_request')),
  unknown('a temporary key without its token', () => sign(), { key: passing }),
  unknown(
    'a temporary key with an empty token',
    () => sign({ headers: { ...call.headers, 'x-amz-security-token': '' } }),
    { key: passing },
  ),
  unknown("a temporary key with another's token", () => sign({}, { token: `${token}A` }), { key: passing }),
  unknown('a lasting key with a token', () => sign({}, { token })),
  {
    name: 'a temporary key at its end',
    request: () => sign({}, { token }),
    key: { ...passing, expiresAt: signedAt },
    code: 'ExpiredSecurityToken',
    message: 'The security token included in the request is expired',
  },
  unacceptable(
    'a region that cannot be one',
    withCredential('AKIDEXAMPLE/20150830/local/cognito-idp/aws4_request'),
    'Credential should be scoped to a valid region. ',
  ),
  unacceptable(
    'a region with a path in it',
    () => sign({}, { region: 'us-east-1-..%2f' }),
    'Credential should be scoped to a valid region. ',
  ),
  unacceptable(
    'another service',
    () => sign({}, { service: 'cognito-identity' }),
    "Credential should be scoped to correct service: 'cognito-idp'. ",
  ),
  unacceptable(
    'another terminator',
    withCredential('AKIDEXAMPLE/20150830/us-east-1/cognito-idp/aws5_request'),
    "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
  ),
  unacceptable(
    'a scope for another day',
    withCredential('AKIDEXAMPLE/20150831/us-east-1/cognito-idp/aws4_request'),
    scopeDate('20150831'),
  ),
  unacceptable(
    'a scope that is wrong throughout, said in one breath as AWS does',
    withCredential('AKIDEXAMPLE/b/c/d/e'),
    `Credential should be scoped to a valid region. Credential should be scoped to correct service: 'cognito-idp'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. ${scopeDate('b')}`,
  ),
  mismatched('another secret', () => sign({}, { secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ' })),
  mismatched(
    'another region in the scope than in the signature',
    withCredential('AKIDEXAMPLE/20150830/eu-west-1/cognito-idp/aws4_request'),
  ),
  mismatched('another time than was signed', withHeaders({ 'x-amz-date': '20150830T123601Z' })),
  mismatched('another body', async () => ({ ...(await sign()), body: Buffer.from('{"MaxResults":60}') })),
  mismatched('no body', async () => ({ ...(await sign()), body: new Uint8Array() })),
  mismatched('another method', async () => ({ ...(await sign()), method: 'PUT' })),
  mismatched('the method in lower case', async () => ({ ...(await sign()), method: 'post' })),
  mismatched('another path', async () => ({ ...(await sign()), target: '/admin' })),
  mismatched('a parameter added', async () => ({ ...(await sign()), target: '/?admin' })),
  mismatched('a parameter taken away', async () => ({
    ...(await sign({ query: { a: '1', b: '2' } })),
    target: '/?a=1',
  })),
  mismatched('another host', withHeaders({ host: 'cognito-idp.eu-west-1.amazonaws.com' })),
  mismatched(
    'another operation',
    withHeaders({ 'x-amz-target': 'AWSCognitoIdentityProviderService.DeleteUserPool' }),
  ),
  mismatched('a signed header that was not sent', withHeaders({ 'content-type': undefined })),
  mismatched(
    'a signed header that every object has',
    withAuthorization((text) => text.replace('=content-type', '=constructor;content-type')),
  ),
  mismatched(
    'signed headers out of order',
    withAuthorization((text) => text.replace('content-type;host', 'host;content-type')),
  ),
  mismatched('signed headers out of order, though signed in that order', () =>
    signedByHand(['host', 'content-type', 'x-amz-date', 'x-amz-target']),
  ),
  mismatched('a signed header named twice, and signed twice', () =>
    signedByHand(['content-type', 'host', 'host', 'x-amz-date', 'x-amz-target']),
  ),
  mismatched(
    'a signed header named twice',
    withAuthorization((text) => text.replace('host;', 'host;host;')),
  ),
  mismatched(
    'a signed header in upper case',
    withAuthorization((text) => text.replace('content-type', 'Content-Type')),
  ),
  mismatched(
    'a signed header without a name',
    withAuthorization((text) => text.replace('=content-type', '=;content-type')),
  ),
  mismatched(
    'one signed header fewer named than signed',
    withAuthorization((text) => text.replace('content-type;', '')),
  ),
  mismatched(
    'the signature in upper case',
    withAuthorization((text) => text.replace(/\w+$/, (signature) => signature.toUpperCase())),
  ),
  mismatched(
    'a signature cut short',
    withAuthorization((text) => text.slice(0, -1)),
  ),
  mismatched(
    'a signature with something after it',
    withAuthorization((text) => `${text}0`),
  ),
  mismatched(
    'a signature of zeros',
    withAuthorization((text) => text.replace(/\w+$/, '0'.repeat(64))),
  ),
  mismatched(
    'a signature that becomes the right one when characters are cut down to bytes',
    withAuthorization((text) =>
      text.replace(/\w$/, (last) => String.fromCharCode(last.charCodeAt(0) + 0x100)),
    ),
  ),
  mismatched(
    'a header that becomes the right one when characters are cut down to bytes',
    withHeaders({ 'content-type': 'application/x-amz-json-1.\u0131' }),
  ),
  mismatched('x-amz-content-sha256 of another body', () =>
    sign({ headers: { ...call.headers, 'x-amz-content-sha256': hash('sha256', 'another body') } }),
  ),
  mismatched('x-amz-content-sha256 of another body than the one that was signed', () =>
    signedByHand(['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-target'], {
      'x-amz-content-sha256': hash('sha256', 'another body'),
    }),
  ),
  mismatched('UNSIGNED-PAYLOAD, which would leave what is asked to anybody', () =>
    sign({ headers: { ...call.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
  ),
  unacceptable(
    'a request more than five minutes old',
    () => sign(),
    'Signature expired: 20150830T123600Z is now earlier than 20150830T124100Z (20150830T124600Z - 5 min.)',
    { now: signedAt + minutes(10) },
  ),
  unacceptable(
    'a lifetime claimed in the Authorization header, where nothing signs it',
    withAuthorization((text) => `${text}, Expires=604800`),
    'Signature expired: 20150830T123600Z is now earlier than 20150830T124100Z (20150830T124600Z - 5 min.)',
    { now: signedAt + minutes(10) },
  ),
  unknown(
    'a token given in the Authorization header',
    withAuthorization((text) => `${text}, Security-Token=${token}`),
    { key: passing },
  ),
  unacceptable(
    'a request one second too old',
    () => sign(),
    'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)',
    { now: signedAt + minutes(5) + seconds(1) },
  ),
  unacceptable(
    'a request from more than five minutes ahead',
    () => sign(),
    'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)',
    { now: signedAt - minutes(5) - 1 },
  ),
  unacceptable(
    'both an Authorization header and a presigned URL',
    async () => {
      const { authorization = '' } = (await sign()).headers
      const request = await presign()
      return { ...request, headers: { ...request.headers, authorization } }
    },
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ),
]

const refuses = ({ name, request, key, now, code, message }: Wrong) =>
  test(name, async () => {
    const given = await request()
    const fault = faultOf(() => verify(given, key, now))
    assert.deepEqual({ code: fault?.code, message: fault?.message }, { code, message })
  })

describe('refuses', () => {
  for (const wrong of wrongs) refuses(wrong)
})

describe('of two things wrong, names the one that is asked first', () => {
  const rows: readonly Wrong[] = [
    incomplete(
      'an incomplete header before a shapeless credential',
      withHeaders({ authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host' }),
      `${requires('Signature')}Authorization=AWS4-HMAC-SHA256`,
    ),
    incomplete(
      'a shapeless credential before an unsigned host',
      withHeaders({ authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c' }),
      fiveElements('a'),
    ),
    unknown('an unknown key before a wrong scope', withCredential('AKIDNOBODY/b/c/d/e')),
    unknown('a wrong token before a wrong scope', () => sign({}, { service: 's3' }), { key: passing }),
    unacceptable(
      'a wrong scope before a wrong signature',
      () => sign({}, { service: 's3', secret: 'another' }),
      "Credential should be scoped to correct service: 'cognito-idp'. ",
    ),
    mismatched('a wrong signature before a wrong clock', () => sign({}, { secret: 'another' }), {
      now: signedAt + days(1),
    }),
  ]
  for (const row of rows) refuses(row)
})

// ---- Presigned URLs

describe('presigned URLs', () => {
  const retarget =
    (edit: (target: string) => string, signer: Partial<Signer> = {}, expiresIn?: number) =>
    async () => {
      const request = await presign({}, signer, expiresIn)
      return { ...request, target: edit(request.target) }
    }
  const without = (name: string) =>
    retarget((target) => target.replace(new RegExp(`[?&]${name}=[^&]*`), '?&'))
  const includes = (name: string) => `AWS query-string parameters must include '${name}'. `
  const lifetime = 'X-Amz-Expires must be a whole number of seconds from 1 to 604800.'

  test('are good from five minutes before their signing until they expire', async () => {
    const request = await presign()
    for (const now of [signedAt - minutes(5), signedAt, signedAt + minutes(15)]) {
      assert.deepEqual(verify(request, lasting, now), { key: lasting, region: 'us-east-1', signedAt })
    }
    assert.equal(verify(await presign({}, {}, 604_800), lasting, signedAt + days(7)).key, lasting)
  })

  test('carry a session token, a body and parameters of their own', async () => {
    const query = { 'a b': ['2', '1'], 'a-b': '', ሴ: 'bar', a: '%41' }
    assert.equal(verify(await presign({ query, body: 'as signed' }, { token }), passing).key, passing)
  })

  test('may order and escape their parameters in any way', async () => {
    const [path = '', search = ''] = (await presign({ query: { a: 'b=c', b: '~', c: '(c)' } })).target.split(
      '?',
    )
    const shuffled = search
      .split('&')
      .reverse()
      .map((pair) =>
        pair
          .replaceAll('%2F', '%2f')
          .replace('b=~', '%62=%7E')
          .replace('(c)', '%28c%29')
          .replace('b%3Dc', 'b=c'),
      )
    const request = { ...(await presign()), target: `${path}?&${shuffled.join('&&')}&` }
    assert.equal(verify(request).key, lasting)
  })

  test('without X-Amz-Expires are good for five minutes', async () => {
    // Signed by hand, as the oracle always sets it.
    const request = await presign()
    const target = request.target.replace(/&X-Amz-Expires=\d+/, '').replace(/&X-Amz-Signature=\w+/, '')
    const search = target.slice('/?'.length).split('&').sort().join('&')
    const names = /X-Amz-SignedHeaders=([^&]*)/.exec(search)?.[1]?.split('%3B') ?? []
    const signature = signByHand(request, search, names)
    const brief = { ...request, target: `${target}&X-Amz-Signature=${signature}` }
    assert.equal(verify(brief, lasting, signedAt + minutes(5)).key, lasting)
    assert.equal(
      faultOf(() => verify(brief, lasting, signedAt + minutes(5) + seconds(1)))?.message,
      'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)',
    )
  })

  const rows: readonly Wrong[] = [
    missing('a signature without its algorithm is no signature', without('X-Amz-Algorithm')),
    incomplete(
      'an empty algorithm',
      retarget((target) => target.replace('AWS4-HMAC-SHA256', '')),
      `${includes('X-Amz-Algorithm')}Re-examine the query-string parameters.`,
    ),
    ...['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'].map((name) =>
      incomplete(`no ${name}`, without(name), `${includes(name)}Re-examine the query-string parameters.`),
    ),
    incomplete(
      'the algorithm and nothing else',
      async () => ({ ...(await presign()), target: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
      `${includes('X-Amz-Credential')}${includes('X-Amz-Signature')}${includes('X-Amz-SignedHeaders')}${includes('X-Amz-Date')}Re-examine the query-string parameters.`,
    ),
    incomplete(
      'another algorithm',
      retarget((target) => target.replace('SHA256', 'SHA1')),
      algorithmIs('AWS4-HMAC-SHA1'),
    ),
    incomplete(
      'a parameter twice',
      retarget((target) => `${target}&X-Amz-Date=20150830T123600Z`),
      'Signature parameters must be given once each.',
    ),
    incomplete(
      'a parameter twice, once in disguise',
      retarget((target) => `${target}&X%2DAmz%2dExpires=604800`),
      'Signature parameters must be given once each.',
    ),
    ...['0', '-1', '1.5', '604801', '9999999', '1e3', 'soon', ''].map((expires) =>
      incomplete(
        `X-Amz-Expires=${expires}`,
        retarget((target) => target.replace('Expires=900', `Expires=${expires}`)),
        lifetime,
      ),
    ),
    mismatched(
      'a lifetime prolonged',
      retarget((target) => target.replace('Expires=900', 'Expires=604800')),
    ),
    unacceptable(
      'after the lifetime',
      () => presign(),
      'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)',
      { now: signedAt + minutes(15) + seconds(1) },
    ),
    unacceptable(
      'after a lifetime that is no whole number of minutes',
      () => presign({}, {}, 45),
      'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123646Z - 45 sec.)',
      { now: signedAt + seconds(46) },
    ),
    unacceptable(
      'before its time',
      () => presign(),
      'Signature not yet current: 20150830T123600Z is still later than 20150830T123500Z (20150830T123000Z + 5 min.)',
      { now: signedAt - minutes(6) },
    ),
    incomplete(
      'a Credential of four parts',
      retarget((target) => target.replace('%2Faws4_request', '')),
      fiveElements('AKIDEXAMPLE/20150830/us-east-1/cognito-idp'),
    ),
    unacceptable(
      'another service',
      () => presign({}, { service: 'sts' }),
      "Credential should be scoped to correct service: 'cognito-idp'. ",
    ),
    incomplete(
      'the date in words',
      retarget((target) => target.replace('20150830T123600Z', 'today')),
      basicFormat('today'),
    ),
    unknown('a temporary key without its token', () => presign(), { key: passing }),
    unacceptable(
      'the token in a header, where nothing holds it',
      async () => {
        const request = await presign()
        return { ...request, headers: { ...request.headers, 'x-amz-security-token': token } }
      },
      mustBeSigned("'x-amz-security-token'"),
      { key: passing },
    ),
    mismatched('another body', async () => ({ ...(await presign()), body: Buffer.from('{}') })),
    mismatched(
      'a parameter added',
      retarget((target) => `${target}&admin=true`),
    ),
    incomplete(
      'a URL without end',
      retarget((target) => `${target}&a=${'a'.repeat(8192)}`),
      'Request target is too long.',
    ),
  ]
  for (const row of rows) refuses(row)
})

// ---- What is asked without verifying

describe('isSigned and claimedScope', () => {
  const scope = { accessKeyId, region: 'us-east-1' }
  const asked = async (request: SignedRequest | Promise<SignedRequest>) => {
    const given = await request
    return { signed: isSigned(given), scope: claimedScope(given) }
  }

  test('see both forms', async () => {
    assert.deepEqual(await asked(sign()), { signed: true, scope })
    assert.deepEqual(await asked(presign()), { signed: true, scope })
  })

  test('see nothing where there is nothing', async () => {
    assert.deepEqual(await asked(withHeaders({ authorization: undefined })()), {
      signed: false,
      scope: undefined,
    })
    assert.deepEqual(await asked(withHeaders({ authorization: '' })()), { signed: false, scope: undefined })
  })

  test('see a credential whose claim is no use', async () => {
    const useless = { signed: true, scope: undefined }
    assert.deepEqual(await asked(withHeaders({ authorization: `Bearer ${jwt}` })()), useless)
    assert.deepEqual(await asked(withCredential('a/b/c')()), useless)
    assert.deepEqual(await asked(withCredential('a/b/us-east-1/c/d/e')()), useless)
    assert.deepEqual(await asked(withCredential('AKID/20150830/../cognito-idp/aws4_request')()), useless)
    assert.deepEqual(await asked(withCredential('/20150830/us-east-1/cognito-idp/aws4_request')()), useless)
  })

  test('a claim need not be a good one', async () => {
    const claim = 'AWS4-HMAC-SHA256 Credential=mock/20150830/eu-west-1/cognito-idp/aws4_request'
    assert.deepEqual(await asked(withHeaders({ authorization: claim })()), {
      signed: true,
      scope: { accessKeyId: 'mock', region: 'eu-west-1' },
    })
  })
})

// ---- Whatever may come

describe('for any request', () => {
  const letters = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/)
  const text = fc.string({ unit: 'grapheme', maxLength: 24 })
  // The oracle keeps parameters in a plain object and loses this one.
  const parameter = text.filter((name) => name !== '__proto__')
  const name = letters.map((letters) => `x-amz-meta-${letters.toLowerCase()}`)

  test('signed by the oracle: it verifies', async () => {
    const requests = fc.record({
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      path: fc
        .array(text.map((segment) => segment.replaceAll('?', '')))
        .map((segments) => `/${segments.join('/')}`),
      query: fc.dictionary(parameter, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), {
        noNullPrototype: true,
      }),
      headers: fc.dictionary(name, text).map((headers) => ({ ...call.headers, ...headers })),
      body: text,
    })
    await fc.assert(
      fc.asyncProperty(requests, fc.boolean(), async (request, inQuery) => {
        assert.equal(verify(await (inQuery ? presign(request) : sign(request))).key, lasting)
      }),
      { numRuns: 300 },
    )
  })

  test('with one bit flipped in what was signed: it is refused', async () => {
    const requests = fc.record({
      path: letters.map((letters) => `/${letters}`),
      query: fc.dictionary(letters, letters, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      headers: letters.map((letters) => ({ ...call.headers, 'x-amz-meta-letters': letters })),
      body: fc.string({ minLength: 1 }),
    })
    const places = fc.constantFrom(
      'target',
      'body',
      'host',
      'content-type',
      'x-amz-target',
      'x-amz-date',
      'x-amz-meta-letters',
    )
    await fc.assert(
      fc.asyncProperty(requests, places, fc.nat(), fc.nat(7), async (plain, place, at, bit) => {
        const request = await sign(plain)
        const flip = (text: string) => flipBit(Buffer.from(text, 'latin1'), at, bit).toString('latin1')
        const flipped: SignedRequest =
          place === 'body'
            ? { ...request, body: flipBit(request.body, at, bit) }
            : place === 'target'
              ? { ...request, target: flip(request.target) }
              : { ...request, headers: { ...request.headers, [place]: flip(request.headers[place] ?? '') } }
        assert.ok(faultOf(() => verify(flipped)))
      }),
      { numRuns: 500 },
    )
  })

  test('made to do harm: a Fault, and nothing but a Fault', () => {
    const harm = fc.string({ unit: 'binary', maxLength: 80 })
    const broken = (...good: string[]) =>
      fc.oneof(
        harm,
        fc.constantFrom(...good),
        fc.tuple(fc.constantFrom(...good), harm).map((parts) => parts.join('')),
      )
    const credential = broken(`${accessKeyId}/20150830/us-east-1/cognito-idp/aws4_request`, '////')
    const signature = broken('0'.repeat(64), '%', 'é')
    const names = broken('host', 'host;x-amz-date', '__proto__;host', ';')
    const date = broken(
      '20150830T123600Z',
      'Sun, 30 Aug 2015 12:36:00 GMT',
      'Invalid Date',
      '+275760-09-13T00:00:00Z',
    )
    const authorization = fc
      .tuple(broken('AWS4-HMAC-SHA256', 'Basic'), credential, names, signature)
      .map(
        ([scheme, credential, names, signature]) =>
          `${scheme} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
      )
    const target = fc
      .tuple(
        broken('/', '*', 'http://example.com/'),
        credential,
        names,
        signature,
        date,
        broken('1', '1e9', 'NaN'),
      )
      .map(
        ([path, credential, names, signature, date, expires]) =>
          `${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-SignedHeaders=${names}&X-Amz-Signature=${signature}&X-Amz-Date=${date}&X-Amz-Expires=${expires}`,
      )
    const headers = fc.dictionary(
      fc.oneof(
        harm,
        fc.constantFrom('host', 'date', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'),
      ),
      fc.oneof(harm, date),
      { noNullPrototype: true },
    )
    const requests = fc.record({
      method: broken('GET', 'POST'),
      target: fc.oneof(harm, target, fc.constant('/')),
      headers: fc
        .tuple(headers, fc.option(fc.oneof(harm, authorization)))
        .map(([headers, authorization]) => ({
          ...headers,
          ...(authorization === null ? {} : { authorization }),
        })),
      body: fc.uint8Array(),
    })
    fc.assert(
      fc.property(requests, fc.constantFrom(lasting, passing), (request, key) => {
        isSigned(request)
        claimedScope(request)
        assert.ok(faultOf(() => verify(request, key)))
      }),
      { numRuns: 5000 },
    )
  })

  test('made to cost much: it costs little', () => {
    const long = [
      ' '.repeat(16_000),
      'a='.repeat(8000),
      '%'.repeat(16_000),
      '/..'.repeat(5000),
      '-a'.repeat(8000),
    ]
    for (const text of [...long, '&'.repeat(16_000), 'a&'.repeat(8000), ';'.repeat(4000)]) {
      const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20150830/us${text.slice(0, 1500)}/cognito-idp/aws4_request, SignedHeaders=host;z${text.slice(0, 1500)}, Signature=${text.slice(0, 500)}`
      const headers = { host: `a${text}b`, 'x-amz-date': text }
      const started = performance.now()
      for (const header of [{ authorization }, { authorization: text }, {}]) {
        faultOf(() =>
          verify({
            method: 'GET',
            target: `/${text}?${text}`,
            headers: { ...headers, ...header },
            body: Buffer.of(),
          }),
        )
        faultOf(() =>
          verify({ method: 'GET', target: `/?X-Amz-Algorithm=${text}`, headers, body: Buffer.of() }),
        )
      }
      assert.ok(performance.now() - started < 250, text.slice(0, 8))
    }
  })
})

function flipBit(bytes: Uint8Array, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  const index = at % copy.length
  copy[index] = (copy[index] ?? 0) ^ (1 << bit)
  return copy
}
