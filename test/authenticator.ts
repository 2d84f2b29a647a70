/**
 * A passkey authenticator with its browser, in software: it makes the two documents of WebAuthn as they should be, or
 * with one thing wrong.
 */
import {
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto'

type Algorithm = 'ES256' | 'RS256' | 'EdDSA'

/** What the server asks for, as far as an authenticator looks at it. */
export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
}
export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
}

/** What may be otherwise than asked for. */
export interface Otherwise {
  readonly challenge?: string
  readonly origin?: string
  readonly rpId?: string
  readonly counter?: number
  readonly userPresent?: boolean
  readonly userVerified?: boolean
  /** The key that signs. */
  readonly key?: KeyObject
}

interface Kind {
  readonly algorithm?: Algorithm
  readonly origin?: string
  readonly aaguid?: string
  readonly attachment?: 'platform' | 'cross-platform' | null
  readonly transports?: readonly string[]
  /** Synchronised by its platform: counts no signatures. */
  readonly multiDevice?: boolean
  readonly userVerified?: boolean
}

const flag = { present: 0x01, verified: 0x04, eligible: 0x08, backedUp: 0x10, attested: 0x40 }

export class Authenticator {
  readonly id = randomBytes(32)
  readonly #kind: Required<Kind>
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject }
  #counter = 0

  constructor(kind: Kind = {}) {
    this.#kind = {
      algorithm: 'ES256',
      origin: 'https://example.com',
      aaguid: '00000000-0000-0000-0000-000000000000',
      attachment: 'platform',
      transports: ['internal'],
      multiDevice: false,
      userVerified: true,
      ...kind,
    }
    this.#keys = keyPair(this.#kind.algorithm)
  }

  get credentialId(): string {
    return this.id.toString('base64url')
  }

  /** `RegistrationResponseJSON` */
  register({ challenge, rp }: CreationOptions, otherwise: Otherwise = {}) {
    const { transports, attachment, aaguid } = this.#kind
    const attested = Buffer.concat([
      Buffer.from(aaguid.replaceAll('-', ''), 'hex'),
      uint16(this.id.length),
      this.id,
      cbor(coseKey(this.#kind.algorithm, this.#keys.publicKey)),
    ])
    const data = this.#data(rp.id, otherwise, attested)
    const object = cbor(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', data],
      ]),
    )
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      ...(attachment && { authenticatorAttachment: attachment }),
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge, otherwise).toString('base64url'),
        attestationObject: object.toString('base64url'),
        transports: [...transports],
      },
    }
  }

  /** `AuthenticationResponseJSON`, as the text that RespondToAuthChallenge takes. */
  sign(options: string | undefined, otherwise: Otherwise = {}): string {
    const { challenge, rpId }: RequestOptions = JSON.parse(options ?? '')
    this.#counter += 1
    const clientData = this.#clientData('webauthn.get', challenge, otherwise)
    const data = this.#data(rpId, otherwise)
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    const digest = this.#kind.algorithm === 'EdDSA' ? null : 'sha256'
    return JSON.stringify({
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signWith(digest, signed, otherwise.key ?? this.#keys.privateKey).toString('base64url'),
      },
    })
  }

  #clientData(type: string, challenge: string, otherwise: Otherwise): Buffer {
    const origin = otherwise.origin ?? this.#kind.origin
    return Buffer.from(JSON.stringify({ type, challenge: otherwise.challenge ?? challenge, origin }))
  }

  #data(rpId: string, otherwise: Otherwise, attested = Buffer.alloc(0)): Buffer {
    const { multiDevice } = this.#kind
    const flags =
      ((otherwise.userPresent ?? true) ? flag.present : 0) |
      ((otherwise.userVerified ?? this.#kind.userVerified) ? flag.verified : 0) |
      (multiDevice ? flag.eligible | flag.backedUp : 0) |
      (attested.length > 0 ? flag.attested : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(otherwise.counter ?? (multiDevice ? 0 : this.#counter))
    const rpIdHash = createHash('sha256')
      .update(otherwise.rpId ?? rpId)
      .digest()
    return Buffer.concat([rpIdHash, Buffer.of(flags), counter, attested])
  }
}

export function keyPair(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** RFC 9053 and RFC 8230. */
function coseKey(algorithm: Algorithm, key: KeyObject): Map<number, unknown> {
  const jwk: JsonWebKey = key.export({ format: 'jwk' })
  const bytes = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url')
  const [type, id] = ({ ES256: [2, -7], RS256: [3, -257], EdDSA: [1, -8] } as const)[algorithm]
  const own: Record<Algorithm, () => [number, unknown][]> = {
    ES256: () => [
      [-1, 1],
      [-2, bytes('x')],
      [-3, bytes('y')],
    ],
    RS256: () => [
      [-1, bytes('n')],
      [-2, bytes('e')],
    ],
    EdDSA: () => [
      [-1, 6],
      [-2, bytes('x')],
    ],
  }
  return new Map<number, unknown>([[1, type], [3, id], ...own[algorithm]()])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** As much of RFC 8949 as WebAuthn needs. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = [...(value as ReadonlyMap<unknown, unknown>)]
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([name, item]) => [cbor(name), cbor(item)]),
  ])
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.of((major << 5) | size)
  if (size < 0x100) return Buffer.of((major << 5) | 24, size)
  return Buffer.concat([Buffer.of((major << 5) | 25), uint16(size)])
}
