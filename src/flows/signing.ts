import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { Claims } from '../domain/claims.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { App } from '../ports/app.ts'
import type { KeyMaker } from '../ports/key-maker.ts'
import type { SigningKey, Store } from '../ports/store.ts'
import type { Vault } from '../ports/vault.ts'

/** A pool's two key pairs: one signs ID tokens, the other access tokens, as the real JWKS shows. */
interface OpenKeys {
  readonly id: OpenKey
  readonly access: OpenKey
}
interface OpenKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The JOSE header, encoded once. */
  readonly header: string
}

export async function makeSigningKeys(
  keyMaker: KeyMaker,
  vault: Vault,
  poolId: UserPoolId,
): Promise<SigningKey[]> {
  const [id, access] = await Promise.all([keyMaker.rsa(), keyMaker.rsa()])
  const uses = [
    ['id', id],
    ['access', access],
  ] as const
  return uses.map(([use, pair]): SigningKey => {
    const { kty, n, e } = pair.publicKey.export({ format: 'jwk' })
    // 44 characters of base64, as the real kid is; a digest of the key keeps it unique without a registry.
    const kid = createHash('sha256').update(`${n}`).digest('base64')
    const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
    return {
      use,
      kid,
      jwk: { alg: 'RS256', e: `${e}`, kid, kty: `${kty}`, n: `${n}`, use: 'sig' },
      sealedPrivateKey: vault.seal(der, sealContext(poolId, use)),
    }
  })
}

const sealContext = (poolId: UserPoolId, use: string) => `signing key ${poolId} ${use}`

const signAsync = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('RSA-SHA256', data, key, done),
)

/** A compact JWS, RS256. The signature is made on the thread pool. */
export async function signToken(
  app: App,
  poolId: UserPoolId,
  use: 'id' | 'access',
  claims: Claims,
): Promise<string> {
  const key = (await openKeys(app, poolId))[use]
  const unsigned = `${key.header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  const signature = await signAsync(Buffer.from(unsigned), key.privateKey)
  return `${unsigned}.${signature.toString('base64url')}`
}

/** What a JWT says of itself, before anything is believed; nothing where a text is no JWT. */
export function statedClaims(token: string): Claims | undefined {
  const [header, payload, signature, ...rest] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined
  } catch {
    // Not JSON: as good as any other text.
    return undefined
  }
}

/** The claims of a token that this pool's key signed for this use, or nothing. Time and revocation are not judged here. */
export async function openToken(
  app: App,
  poolId: UserPoolId,
  use: 'id' | 'access',
  token: string,
): Promise<Claims | undefined> {
  const [header, payload, signature, ...rest] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined
  const key = (await openKeys(app, poolId))[use]
  // The header must be the very one we write: no other algorithm, key or parameter can be smuggled in.
  if (header !== key.header) return undefined
  const bytes = Buffer.from(signature, 'base64url')
  // A token has one spelling: base64 that decodes alike is not the text we handed out.
  if (bytes.toString('base64url') !== signature) return undefined
  const valid = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key.publicKey, bytes)
  return valid ? JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) : undefined
}

/** Opened keys by pool, kept for as long as their store; a pool's keys never change. */
const opened = new WeakMap<Store, Map<UserPoolId, Promise<OpenKeys>>>()
const mostOpened = 1000

function openKeys(app: App, poolId: UserPoolId): Promise<OpenKeys> {
  const ofStore = opened.get(app.store) ?? new Map<UserPoolId, Promise<OpenKeys>>()
  opened.set(app.store, ofStore)
  const known = ofStore.get(poolId)
  if (known !== undefined) return known
  if (ofStore.size >= mostOpened) ofStore.clear()
  const opening = load(app, poolId)
  ofStore.set(poolId, opening)
  opening.catch(() => ofStore.delete(poolId))
  return opening
}

async function load(app: App, poolId: UserPoolId): Promise<OpenKeys> {
  const keys = new Map((await app.store.pools.keys(poolId)).map((key) => [key.use, key]))
  const open = (use: 'id' | 'access'): OpenKey => {
    const key = keys.get(use)
    if (key === undefined) throw new Error(`pool ${poolId} has no signing key for ${use} tokens`)
    const der = Buffer.from(app.vault.open(key.sealedPrivateKey, sealContext(poolId, use)))
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const header = Buffer.from(JSON.stringify({ kid: key.kid, alg: 'RS256' })).toString('base64url')
    return { kid: key.kid, privateKey, publicKey: createPublicKey(privateKey), header }
  }
  return { id: open('id'), access: open('access') }
}
