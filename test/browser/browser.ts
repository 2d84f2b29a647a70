/**
 * A real browser, headless, with an authenticator of its own, on pages that only call `navigator.credentials`, or what
 * else a script of the test brings along.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import packaged from '@sparticuz/chromium'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'

export interface Running {
  /** Opens the page in a new tab: at `localhost`, where it is served, or at any `https:` origin, where it is put. */
  readonly open: (origin: string) => Promise<Visitor>
  readonly close: () => Promise<void>
}

/** Somebody at a page, with a fingerprint reader. */
export interface Visitor {
  /** `navigator.credentials.create`; rejects with the name of what the browser throws. */
  readonly create: (options: PublicKeyCredentialCreationOptionsJSON) => Promise<RegistrationResponseJSON>
  /** `navigator.credentials.get`, of the text that InitiateAuth hands out. */
  readonly get: (options: string) => Promise<AuthenticationResponseJSON>
  /** The finger is the user's, or is not. */
  readonly recognised: (is: boolean) => Promise<void>
  /** The value of a JavaScript expression on the page, once it is there. */
  readonly run: <T>(expression: string) => Promise<T>
  /** Goes to the same page elsewhere. */
  readonly visit: (origin: string) => Promise<Visitor>
  /** For what no script of a page does: following links and filling in forms, elsewhere too. */
  readonly tab: Page
}

export async function startBrowser(script = ''): Promise<Running> {
  const pages = createServer(({ url }, response) =>
    url === '/script.js'
      ? response.setHeader('content-type', 'text/javascript').end(script)
      : response.setHeader('content-type', 'text/html').end(page),
  )
  await new Promise<void>((listening) => pages.listen(0, '127.0.0.1', listening))
  const { port } = pages.address() as AddressInfo
  const browser: Browser = await chromium.launch({
    executablePath: await packaged.executablePath(),
    args: [
      // The pages are ours alone, and many a container or machine of CI has no sandbox and little shared memory to offer.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
    ],
  })
  return {
    async open(origin) {
      const tab = await browser.newPage()
      await tab.route('https://**', (route) => route.fulfill({ contentType: 'text/html', body: page }))
      const devTools = await tab.context().newCDPSession(tab)
      await devTools.send('WebAuthn.enable')
      const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      })
      return visit({ tab, devTools, authenticatorId, port }, origin)
    },
    async close() {
      await browser.close()
      await new Promise((closed) => pages.close(closed))
    },
  }
}

interface Tab {
  readonly tab: Page
  readonly devTools: CDPSession
  readonly authenticatorId: string
  readonly port: number
}

async function visit(at: Tab, origin: string): Promise<Visitor> {
  const { tab, devTools, authenticatorId, port } = at
  await tab.goto(origin === 'localhost' ? `http://localhost:${port}` : origin)
  return {
    create: (options) => call(tab, 'create', JSON.stringify(options)),
    get: (options) => call(tab, 'get', options),
    recognised: async (isUserVerified) => {
      await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    run: (expression) => tab.evaluate(expression),
    visit: (elsewhere) => visit(at, elsewhere),
    tab,
  }
}

async function call<T>(tab: Page, name: 'create' | 'get', json: string): Promise<T> {
  const { done, thrown } = await tab.evaluate<{ done?: T; thrown?: string }>(`${name}(${json})`)
  if (done === undefined) throw new Error(thrown)
  return done
}

const page = `<!doctype html>
<title>Passkeys</title>
<script src="/script.js"></script>
<script>
  const settle = (promise) =>
    promise.then((credential) => ({ done: credential.toJSON() }), (error) => ({ thrown: error.name }))
  const create = (options) =>
    settle(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }))
  const get = (options) =>
    settle(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))
</script>
`
