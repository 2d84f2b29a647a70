import type { Fault } from '../domain/faults.ts'
import type { ProviderAnswer } from '../domain/federation.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import type { OAuthError } from '../domain/oauth-error.ts'
import type { SignIn } from './step.ts'

type TextMap = Readonly<Record<string, string>>

/** What binds a provider's answer to the question; each protocol uses of it what it has a place for. */
export interface Asked {
  /** Where the provider sends the user back to. */
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** RFC 7636 */
  readonly codeVerifier: string
}

/** What a provider says of somebody who has signed in there. */
export interface Told {
  readonly answer: ProviderAnswer
  /** Who it is, where the protocol itself says so; else it is one of the claims. */
  readonly subject?: string
}

/** How providers of a kind are spoken to. */
export interface ProviderProtocol {
  /** Where users come back to, below the address of this server. */
  readonly path: string
  /** Where a user is sent to sign in. `hints` are the app's: `prompt`, `login_hint`. */
  readonly url: (signIn: SignIn, provider: IdentityProvider, asked: Asked, hints: TextMap) => Promise<string>
  /** What the provider says of the user who comes back with these parameters. @throws Fault, OAuthError */
  readonly answer: (
    signIn: SignIn,
    provider: IdentityProvider,
    asked: Asked,
    parameters: TextMap,
  ) => Promise<Told>
  /** Where providers may begin: what is said of a user who was not sent there. */
  readonly unasked?: {
    readonly may: (signIn: SignIn, provider: IdentityProvider) => Promise<boolean>
    /** @throws Fault, OAuthError */
    readonly answer: (
      signIn: SignIn,
      provider: IdentityProvider,
      redirectUri: string,
      parameters: TextMap,
    ) => Promise<Told>
  }
  /** What the app is told where the user is refused, if not in the refusal's own way. */
  readonly refusal?: (fault: Fault) => OAuthError
}
