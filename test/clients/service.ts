/** A running server at the end of a socket, and what the stories of its clients need beside the client itself. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, describe } from 'node:test'
import {
  AdminUpdateUserAttributesCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { JwtVerifier } from 'aws-jwt-verify'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import type { CognitoJwtPayload } from 'aws-jwt-verify/jwt-model'
import { Secret, TOTP } from 'otpauth'
import { attributeList, createUser } from '../fixtures.ts'
import type { StoreKind } from '../harness.ts'
import { createPlace } from '../places.ts'
import { type Bundle, bundled, sdkAt } from '../server-process.ts'

/** Where somebody signs in. */
export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

export interface Message {
  readonly medium: 'SMS' | 'EMAIL'
  readonly to: string
  readonly body: string
  readonly code?: string
}

export interface Tokens {
  readonly AccessToken?: string | undefined
  readonly IdToken?: string | undefined
}

export interface Claims {
  readonly access: CognitoJwtPayload
  readonly id: CognitoJwtPayload
}

export interface Service {
  readonly url: string
  /** The SDK, with an administrator's key. */
  readonly client: CognitoIdentityProviderClient
  /** The code that has come to an address; the message is taken out of the inbox, and there is no other. */
  readonly codeTo: (place: Place, to: string) => Promise<string>
  /** Moves the server's clock by an ISO 8601 duration. */
  readonly later: (duration: string) => Promise<void>
  /** What an authenticator app shows, half a minute later: a code is good once. */
  readonly appCode: (secret: string | undefined) => Promise<string>
  /** The claims of both tokens, once AWS's verifier has accepted them by the keys that the server shows. */
  readonly verified: (place: Place, tokens: Tokens) => Promise<Claims>
}

const iam =
  'users: [{ name: ada, policies: [AdministratorAccess], accessKeys: [{ id: AKIACLIENTS, secret: clients }] }]'

/** Runs a suite against a server on each store. After each test the inbox is empty: every message was expected. */
export function onEachService(
  suite: (service: () => Service, store: StoreKind) => void,
  stores: readonly StoreKind[] = ['sqlite', 'postgres'],
  settings: readonly string[] = [],
): void {
  let bundle: Bundle
  before(async () => {
    bundle = await bundled()
  })
  after(() => bundle?.remove())

  for (const store of stores) {
    describe(store, () => {
      let service: Service | undefined
      let stop: (() => Promise<void>) | undefined
      before(async () => {
        const place = await createPlace(store)
        await writeFile(join(place.folder, 'iam.yaml'), iam)
        const server = bundle.run(['serve', '--port', '0', '--test-clock', ...settings, ...place.settings])
        const url = await server.url()
        const client = sdkAt(url, 'AKIACLIENTS', 'clients')
        service = serviceAt(url, client)
        stop = async () => {
          client.destroy()
          assert.equal((await server.end()).code, 0)
          assert.equal(server.stderr, '')
          await place.remove()
        }
      })
      after(() => stop?.())
      afterEach(async () => {
        if (service) assert.deepEqual(await messages(service.url, {}), [])
      })
      suite(() => {
        if (!service) throw new Error('the server is not running yet')
        return service
      }, store)
    })
  }
}

function serviceAt(url: string, client: CognitoIdentityProviderClient): Service {
  const later = async (advance: string): Promise<void> => {
    const response = await fetch(`${url}/_cognate/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance }),
    })
    assert.equal(response.status, 200)
  }
  return {
    url,
    client,
    later,
    async codeTo({ UserPoolId }, to) {
      const [message, ...others] = await messages(url, { userPoolId: UserPoolId, to, wait: '10s' })
      assert.deepEqual(others, [])
      assert.ok(message?.code && message.body.includes(message.code))
      await fetch(`${url}/_cognate/inbox?${new URLSearchParams({ userPoolId: UserPoolId, to })}`, {
        method: 'DELETE',
      })
      return message.code
    },
    async appCode(secret) {
      await later('PT30S')
      const response = await fetch(`${url}/_cognate/clock`)
      const { now } = (await response.json()) as { now: string }
      return new TOTP({ secret: Secret.fromBase32(secret ?? '') }).generate({ timestamp: Date.parse(now) })
    },
    async verified(place, { AccessToken, IdToken }) {
      const verify = await verifierAt(url, place)
      return { access: await verify('access', AccessToken), id: await verify('id', IdToken) }
    },
  }
}

async function messages(url: string, query: Readonly<Record<string, string>>): Promise<Message[]> {
  const response = await fetch(`${url}/_cognate/inbox?${new URLSearchParams(query)}`)
  assert.equal(response.status, 200)
  const inbox = (await response.json()) as { messages: Message[] }
  return inbox.messages
}

/** aws-jwt-verify as its users set it up, but for the key set: it would fetch by https only. */
export async function verifierAt(
  url: string,
  { UserPoolId, ClientId }: Place,
): Promise<(tokenUse: 'access' | 'id', token: string | undefined) => Promise<CognitoJwtPayload>> {
  const discovery = await fetch(`${url}/${UserPoolId}/.well-known/openid-configuration`)
  const { issuer, jwks_uri: jwksUri } = (await discovery.json()) as { issuer: string; jwks_uri: string }
  const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri }, { jwksCache: overHttp() })
  return async (tokenUse, token) => {
    const payload = (await verifier.verify(token ?? '')) as CognitoJwtPayload
    validateCognitoJwtFields(payload, { tokenUse, clientId: ClientId })
    return payload
  }
}

/** Key sets by http, or from the server that stands in for the one that the URL names. */
export const overHttp = (rewrite: (uri: string) => string = (uri) => uri): SimpleJwksCache =>
  new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(rewrite(uri))).arrayBuffer() } })

/** A confirmed user whose addresses are verified. */
export async function createVerified(
  service: Service,
  { UserPoolId }: Place,
  Username: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  await createUser(service, UserPoolId, Username, attributes)
  const verified = Object.fromEntries(Object.keys(attributes).map((name) => [`${name}_verified`, 'true']))
  const UserAttributes = attributeList(verified)
  await service.client.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes }))
}
