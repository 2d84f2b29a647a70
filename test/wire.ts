/** Requests and answers of the JSON API as they are on the wire. */
import assert from 'node:assert/strict'
import type { HttpRequest, HttpResponse } from '../src/protocol/aws-json.ts'

export const contentType = 'application/x-amz-json-1.1'
export const prefix = 'AWSCognitoIdentityProviderService.'
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function request(
  operation: string,
  body: string | Uint8Array,
  changes: Partial<HttpRequest> = {},
): HttpRequest {
  return {
    method: 'POST',
    target: '/',
    headers: { 'content-type': contentType, 'x-amz-target': `${prefix}${operation}` },
    body: Buffer.from(body),
    remoteAddress: '127.0.0.1',
    secure: false,
    ...changes,
  }
}

/** What every answer carries, whatever it says. */
export function commonHeaders({ headers }: HttpResponse, type = contentType): void {
  assert.match(headers['x-amzn-requestid'] ?? '', uuid)
  assert.equal(headers['content-type'], type)
  assert.equal(headers['access-control-allow-origin'], '*')
  assert.equal(
    headers['access-control-expose-headers'],
    'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
  )
}

export function frontEndError(answer: HttpResponse, type: string, message?: string): void {
  commonHeaders(answer)
  assert.equal(answer.status, 400)
  assert.equal(answer.headers['x-amzn-errortype'], `${type}:`)
  assert.equal(answer.headers['x-amzn-errormessage'], undefined)
  assert.equal(
    answer.body,
    message === undefined ? `{"__type":"${type}"}` : `{"__type":"${type}","Message":"${message}"}`,
  )
}

export function serviceError(answer: HttpResponse, type: string, message: string, status = 400): void {
  commonHeaders(answer)
  assert.equal(answer.status, status)
  assert.equal(answer.headers['x-amzn-errortype'], `${type}:`)
  assert.equal(answer.headers['x-amzn-errormessage'], message)
  assert.equal(answer.body, JSON.stringify({ __type: type, message }))
}
