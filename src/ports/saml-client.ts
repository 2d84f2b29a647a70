import type { KeyObject } from 'node:crypto'
import type { SamlResponse } from '../domain/saml.ts'
import type { Instant } from '../lib/instant.ts'

/** An identity provider that speaks SAML 2.0, as a pool knows it. */
export interface SamlProvider {
  /** Where users are sent with a request, by redirect. */
  readonly signOnUrl: string
  /** DER, in base64; a signature under any of them is its own. */
  readonly certificates: readonly string[]
  /** What requests are signed with. Absent where they are not. */
  readonly signingKey?: KeyObject
  /** What opens its assertions. Absent where they are not encrypted. */
  readonly decryptionKey?: KeyObject
}

export interface SamlRequest {
  readonly id: string
  /** The pool's own name. */
  readonly issuer: string
  /** Where the answer is to be brought. */
  readonly consumerUrl: string
  readonly relayState: string
  /** Whether the user is to sign in although they are. */
  readonly forceAuthn: boolean
  readonly issuedAt: Instant
}

/** The service provider in SAML: asks identity providers who somebody is. */
export interface SamlClient {
  /** Where the user is sent to sign in. */
  readonly authorizationUrl: (provider: SamlProvider, request: SamlRequest) => Promise<string>
  /**
   * What a response says, in the base64 that it comes in. It is the provider's word: whatever is read stands under one of
   * its signatures, but for what is around a signed assertion. Whether it is to be believed is not looked at here.
   * @throws SamlRefusal
   */
  readonly read: (provider: SamlProvider, response: string) => Promise<SamlResponse>
}

/** A response that is none, or not the provider's: in words that the app may be told. */
export class SamlRefusal extends Error {
  override readonly name = 'SamlRefusal'
}
