import { Fault } from '../domain/faults.ts'

/** A request as the HTTP layer hands it in: the bytes as they came, so that a signature can be checked over them. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as on the request line. */
  readonly target: string
  /** Names in lower case; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly remoteAddress: string
  readonly secure: boolean
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const contentType = 'application/x-amz-json-1.1'
const targetPrefix = 'AWSCognitoIdentityProviderService.'

/** The operation that a request names, when it names one in the way of this protocol. */
export function operationName(headers: Readonly<Record<string, string>>): string | undefined {
  const target = headers['x-amz-target']
  return target?.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : undefined
}

export function hasContentType(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === contentType
}

/** @throws Fault MalformedBody, WrongJsonType */
export function readBody(body: Uint8Array): unknown {
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(body))
  } catch {
    throw new Fault('MalformedBody')
  }
  if (typeof json !== 'object' || json === null) throw new Fault('MalformedBody')
  if (Array.isArray(json)) throw new Fault('WrongJsonType', 'Start of list found where not expected')
  return json
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function success(requestId: string, output: unknown): HttpResponse {
  return answer(200, requestId, {}, output)
}

/** An error of the service: `message` in lower case, and a copy of both in the headers. */
export function serviceError(requestId: string, status: number, type: string, message: string): HttpResponse {
  const headers = { ...errorType(type), 'x-amzn-errormessage': headerText(message) }
  return answer(status, requestId, headers, { __type: type, message })
}

/** An error of the front end, before the service has seen the request: `Message` with a capital, or none. */
export function frontEndError(requestId: string, type: string, message: string): HttpResponse {
  const body = message === '' ? { __type: type } : { __type: type, Message: message }
  return answer(400, requestId, errorType(type), body)
}

/** What the front end says to a request that is not of this protocol at all. */
export function notThisProtocol(requestId: string): HttpResponse {
  return {
    status: 404,
    headers: { ...everyAnswer(requestId), 'content-type': 'application/xml' },
    body: '<UnknownOperationException/>\n',
  }
}

/** A browser asks before it calls from a page of another origin. */
export function preflight(requestId: string, asked: string | undefined): HttpResponse {
  return {
    status: 200,
    headers: {
      ...everyAnswer(requestId),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': asked === undefined ? allowedHeaders : headerText(asked),
      'access-control-max-age': '172800',
    },
    body: '',
  }
}

const allowedHeaders =
  'authorization,content-type,x-amz-date,x-amz-security-token,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request,cache-control'

function answer(
  status: number,
  requestId: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): HttpResponse {
  return {
    status,
    headers: { ...everyAnswer(requestId), 'content-type': contentType, ...headers },
    body: JSON.stringify(body),
  }
}

/** Errors too: browsers call this API from pages of any origin. */
const everyAnswer = (requestId: string) => ({
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
  'x-amzn-requestid': requestId,
})

/** The colon is the service's own. */
const errorType = (type: string) => ({ 'x-amzn-errortype': `${type}:` })

/** A header holds one line of Latin letters; a trigger's text can hold anything. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 1024)
}
