import { Fault } from '../domain/faults.ts'
import { evaluate } from '../domain/iam-policy.ts'
import type { Principal } from '../domain/principal.ts'
import type { App } from '../ports/app.ts'
import type { LocalKeys } from '../ports/kms.ts'
import type { HttpRequest, HttpResponse } from '../protocol/aws-json.ts'
import { isSigned, verifySignature } from '../protocol/sigv4.ts'

/**
 * As much of the KMS API as the AWS Encryption SDK needs, for functions that decrypt what the local keys have encrypted:
 * they point their KMS client at this server. Calls are signed for `kms`, and a policy must allow them on the key.
 */

const prefix = 'TrentService.'

/** Whether a request is for this face. */
export const isForKms = ({ headers }: HttpRequest): boolean =>
  headers['x-amz-target']?.startsWith(prefix) ?? false

interface Request {
  readonly KeyId?: string
  readonly NumberOfBytes?: number
  readonly KeySpec?: 'AES_256' | 'AES_128'
  readonly Plaintext?: string
  readonly CiphertextBlob?: string
  readonly EncryptionContext?: Readonly<Record<string, string>>
}

type Operation = (keys: LocalKeys, request: Request, admit: (keyId: string) => void) => object

const operations: Readonly<Record<string, Operation>> = {
  GenerateDataKey(keys, { KeyId, NumberOfBytes, KeySpec, EncryptionContext = {} }, admit) {
    const keyId = mustBeArn(KeyId)
    admit(keyId)
    const size = NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32)
    if (!Number.isInteger(size) || size < 1 || size > 1024) throw new Refusal('ValidationException')
    const plaintext = keys.random(size)
    return {
      KeyId: keyId,
      Plaintext: base64(plaintext),
      CiphertextBlob: base64(keys.encrypt(keyId, plaintext, EncryptionContext)),
    }
  },
  Encrypt(keys, { KeyId, Plaintext = '', EncryptionContext = {} }, admit) {
    const keyId = mustBeArn(KeyId)
    admit(keyId)
    const ciphertext = keys.encrypt(keyId, Buffer.from(Plaintext, 'base64'), EncryptionContext)
    return { KeyId: keyId, CiphertextBlob: base64(ciphertext), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
  },
  Decrypt(keys, { KeyId, CiphertextBlob = '', EncryptionContext = {} }, admit) {
    const { keyId, plaintext } = opened(keys, CiphertextBlob, EncryptionContext)
    admit(keyId)
    if (KeyId !== undefined && KeyId !== keyId) throw new Refusal('IncorrectKeyException')
    return { KeyId: keyId, Plaintext: base64(plaintext), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
  },
}

/** An answer in KMS's own names. */
class Refusal extends Error {
  readonly type: string

  constructor(type: string, message = '') {
    super(message)
    this.type = type
  }
}

export function kmsFace(app: App, keys: LocalKeys): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const requestId = app.random.uuid()
    try {
      const name = request.headers['x-amz-target']?.slice(prefix.length) ?? ''
      const operation = operations[name]
      if (operation === undefined) throw new Refusal('UnknownOperationException')
      const principal = authenticate(app, request)
      const admit = (keyId: string) => mustBeAllowed(app, principal, `kms:${name}`, keyId)
      return answer(requestId, 200, operation(keys, readRequest(request.body), admit))
    } catch (error) {
      if (error instanceof Refusal)
        return answer(requestId, 400, { __type: error.type, message: error.message })
      if (error instanceof Fault)
        return answer(requestId, 400, { __type: 'AccessDeniedException', message: error.message })
      app.journal.error('unexpected failure', { requestId, face: 'kms', error })
      return answer(requestId, 500, { __type: 'KMSInternalException', message: '' })
    }
  }
}

function readRequest(body: Uint8Array): Request {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // No JSON is as wrong as JSON that is no request.
  }
  throw new Refusal('SerializationException')
}

function authenticate(app: App, request: HttpRequest): Principal | undefined {
  if (app.site.iam === 'off') return undefined
  if (!isSigned(request))
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const now = app.signingClock.now()
  return verifySignature(request, now, { service: 'kms' }, app.principals.find).key.principal
}

/** @throws Refusal */
function mustBeAllowed(app: App, principal: Principal | undefined, action: string, keyId: string): void {
  if (principal === undefined || principal.unrestricted) return
  const context = new Map([['aws:currenttime', [new Date(app.signingClock.now()).toISOString()]]])
  if (evaluate(principal.policies, { action, resource: keyId, context }) === 'allowed') return
  throw new Refusal(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${keyId}`,
  )
}

function opened(keys: LocalKeys, blob: string, context: Readonly<Record<string, string>>) {
  try {
    return keys.decrypt(Buffer.from(blob, 'base64'), context)
  } catch {
    // Altered, or of another key or context: KMS tells none from the others.
    throw new Refusal('InvalidCiphertextException')
  }
}

function mustBeArn(keyId: string | undefined): string {
  if (keyId !== undefined && /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]{1,256}$/.test(keyId))
    return keyId
  throw new Refusal('NotFoundException', `Invalid arn ${keyId ?? ''}`)
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function answer(requestId: string, status: number, body: object): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  }
}
