import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AdminForgetDeviceCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { tracking, trackingOnPrompt } from '../devices.ts'
import { createUser, password, smsConfiguration } from '../fixtures.ts'
import { onEachStore, type TestServer } from '../harness.ts'
import { claimsOf, createPlace, type Place } from '../tokens.ts'

const withSms = { MfaConfiguration: 'ON' as const, SmsConfiguration: smsConfiguration }

/** What the client keeps between visits, as a browser's local storage does. */
function storage() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => items.set(name, value),
    removeItem: (name: string) => items.delete(name),
    clear: () => items.clear(),
  }
}
type Visited = ReturnType<typeof storage>

/** Sends what the client fetches to the server under test. */
const fetchFrom =
  (server: TestServer): typeof fetch =>
  async (_, init) => {
    const headers = Object.entries(init?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
    const { status, body } = await server.api({
      method: 'POST',
      target: '/',
      headers: Object.fromEntries(headers),
      body: Buffer.from(String(init?.body)),
      remoteAddress: '127.0.0.1',
      secure: false,
    })
    return new Response(body, { status })
  }

interface Visit {
  readonly user: CognitoUser
  readonly session: CognitoUserSession
  /** The user is to be asked whether the device shall be remembered. */
  readonly mustAsk: boolean
  readonly codes: number
}

/** A visit of AWS's own client: a sign-in by SRP, with whatever device the browser remembers. */
function visit(
  server: TestServer,
  { UserPoolId, ClientId }: Place,
  Username: string,
  Storage: Visited,
): Promise<Visit> {
  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: 'http://localhost:9229/', Storage })
  const user = new CognitoUser({ Username, Pool: pool, Storage })
  let codes = 0
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: (session: CognitoUserSession, mustAsk = false) => resolve({ user, session, mustAsk, codes }),
      onFailure: reject,
      mfaRequired: async () => {
        codes += 1
        const [message] = await server.sent()
        user.sendMFACode(message?.code ?? '', callbacks)
      },
    }
    user.authenticateUser(new AuthenticationDetails({ Username, Password: password }), callbacks)
  })
}

const refreshed = ({ user, session }: Visit) =>
  new Promise<CognitoUserSession>((resolve, reject) => {
    user.refreshSession(session.getRefreshToken(), (error, renewed) =>
      error ? reject(error) : resolve(renewed),
    )
  })
const called = (
  call: (callbacks: { onSuccess: (answer: unknown) => void; onFailure: (e: Error) => void }) => void,
) => new Promise<unknown>((onSuccess, onFailure) => call({ onSuccess, onFailure }))

const deviceOf = ({ session }: Visit) => claimsOf(session.getAccessToken().getJwtToken()).device_key

describe("AWS's own client on a device that is remembered", () => {
  const original = globalThis.fetch
  after(() => {
    globalThis.fetch = original
  })
  onEachStore((server) => {
    let place: Place
    let prompting: Place
    before(async () => {
      globalThis.fetch = fetchFrom(server())
      place = await createPlace(server(), {}, { ...tracking, ...withSms })
      prompting = await createPlace(server(), {}, { ...trackingOnPrompt, ...withSms })
    })

    test('is asked for a code at the first visit and for none at the second', async () => {
      globalThis.fetch = fetchFrom(server())
      await createUser(server(), place.UserPoolId, 'ada')
      const browser = storage()
      const first = await visit(server(), place, 'ada', browser)
      assert.deepEqual([first.codes, first.mustAsk], [1, false])
      const second = await visit(server(), place, 'ada', browser)
      assert.equal(second.codes, 0)
      assert.equal(deviceOf(second), deviceOf(first))
      assert.deepEqual(await server().sent(), [])
      const elsewhere = await visit(server(), place, 'ada', storage())
      assert.equal(elsewhere.codes, 1)
      assert.notEqual(deviceOf(elsewhere), deviceOf(first))
      assert.ok((await refreshed(second)).isValid())
    })

    test('signs in again after the device was forgotten, and makes it known anew', async () => {
      globalThis.fetch = fetchFrom(server())
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'bob')
      const browser = storage()
      const first = await visit(server(), place, 'bob', browser)
      await server().client.send(
        new AdminForgetDeviceCommand({ UserPoolId, Username: 'bob', DeviceKey: String(deviceOf(first)) }),
      )
      await assert.rejects(refreshed(first), { message: 'Invalid Refresh Token' })
      const again = await visit(server(), place, 'bob', browser)
      assert.equal(again.codes, 1)
      assert.notEqual(deviceOf(again), deviceOf(first))
      assert.equal((await visit(server(), place, 'bob', browser)).codes, 0)
    })

    test('lets the user decide, where the pool wants that', async () => {
      globalThis.fetch = fetchFrom(server())
      await createUser(server(), prompting.UserPoolId, 'eve')
      const browser = storage()
      const first = await visit(server(), prompting, 'eve', browser)
      assert.deepEqual([first.codes, first.mustAsk], [1, true])
      const second = await visit(server(), prompting, 'eve', browser)
      assert.equal(second.codes, 1)
      second.user.getCachedDeviceKeyAndPassword()
      assert.equal(await called((on) => second.user.setDeviceStatusRemembered(on)), 'SUCCESS')
      const third = await visit(server(), prompting, 'eve', browser)
      assert.equal(third.codes, 0)
      third.user.getCachedDeviceKeyAndPassword()
      assert.ok(await called((on) => third.user.getDevice(on)))
      const listed = (await called((on) => third.user.listDevices(10, null, on))) as { Devices: unknown[] }
      assert.equal(listed.Devices.length, 1)
      await called((on) => third.user.globalSignOut(on))
      await assert.rejects(refreshed(third), { message: 'Refresh Token has been revoked' })
    })
  })
})
