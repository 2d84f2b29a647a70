/** aws-amplify where it is at home: in a browser, on a page of another origin, with the browser's own passkeys and storage. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SignInOutput } from 'aws-amplify/auth'
import { build } from 'esbuild'
import { type Running, startBrowser, type Visitor } from '../browser/browser.ts'
import { createFactorPool, firstFactors } from '../factors.ts'
import { createUser, password } from '../fixtures.ts'
import { root } from '../server-process.ts'
import { onEachService, type Place, type Tokens } from './service.ts'

/** The library as a page has it, in two global variables. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { Amplify } from 'aws-amplify'
        import * as auth from 'aws-amplify/auth'
        Object.assign(globalThis, { Amplify, auth })`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'browser',
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? assert.fail()
}

describe('aws-amplify in a browser', () => {
  onEachService(
    (service) => {
      let browser: Running
      let place: Place
      let visitor: Visitor
      before(async () => {
        browser = await startBrowser(await bundled())
        place = await createFactorPool(
          service(),
          { MfaConfiguration: 'OFF', WebAuthnConfiguration: { RelyingPartyId: 'localhost' } },
          firstFactors('WEB_AUTHN'),
          { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
        )
        await createUser(service(), place.UserPoolId, username, {})
        visitor = await browser.open('localhost')
        await configure()
      })
      after(() => browser?.close())

      const username = 'ada'
      const call = <T>(name: string, input: unknown = {}): Promise<T> =>
        visitor.run<T>(`auth.${name}(${JSON.stringify(input)})`)
      const configure = () =>
        visitor.run<void>(
          `Amplify.configure(${JSON.stringify({
            Auth: {
              Cognito: {
                userPoolId: place.UserPoolId,
                userPoolClientId: place.ClientId,
                userPoolEndpoint: service().url,
              },
            },
          })})`,
        )
      async function verified() {
        const tokens = await visitor.run<Tokens>(`auth.fetchAuthSession().then(({ tokens }) => ({
          AccessToken: tokens?.accessToken.toString(),
          IdToken: tokens?.idToken?.toString(),
        }))`)
        return service().verified(place, tokens)
      }
      async function signedIn(output: SignInOutput) {
        assert.deepEqual(output, { isSignedIn: true, nextStep: { signInStep: 'DONE' } })
        const { access } = await verified()
        assert.equal(access.username, username)
        return access
      }
      const byChoice = (preferredChallenge?: string) =>
        call<SignInOutput>('signIn', { username, options: { authFlowType: 'USER_AUTH', preferredChallenge } })

      test('by SRP, and still when the page is loaded again', async () => {
        await assert.rejects(call('signIn', { username, password: 'Wrong-horse-9' }), {
          message: /NotAuthorizedException: Incorrect username or password\./,
        })
        const { jti } = await signedIn(await call('signIn', { username, password }))
        visitor = await visitor.visit('localhost')
        await configure()
        assert.equal((await verified()).access.jti, jti)
      })

      test('by a passkey that is registered, preferred, selected and deleted', async () => {
        await call('associateWebAuthnCredential')
        const { credentials } = await call<{
          credentials: { credentialId: string; relyingPartyId: string }[]
        }>('listWebAuthnCredentials')
        const [credential, ...others] = credentials
        assert.equal(credential?.relyingPartyId, 'localhost')
        assert.deepEqual(others, [])
        await call('signOut')

        const { acr } = await signedIn(await byChoice('WEB_AUTHN'))
        assert.equal(acr, 'urn:cognito:loa:3')
        await call('signOut')

        const { nextStep } = await byChoice()
        assert.deepEqual(nextStep, {
          signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
          availableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN'],
        })
        await signedIn(await call('confirmSignIn', { challengeResponse: 'WEB_AUTHN' }))
        await call('deleteWebAuthnCredential', { credentialId: credential.credentialId })
        await call('signOut', { global: true })

        const left = await byChoice('WEB_AUTHN')
        assert.deepEqual(left.nextStep, {
          signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
          availableChallenges: ['PASSWORD_SRP', 'PASSWORD'],
        })
      })
    },
    ['sqlite'],
  )
})
