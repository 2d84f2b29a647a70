import type { Instant } from '../lib/instant.ts'
import type { Challenge, MfaDemand } from './challenge.ts'
import { Fault } from './faults.ts'
import type { ClientId, Username, UserPoolId } from './ids.ts'
import type { Level, Method } from './method.ts'
import type { SessionRecord } from './session-tracking.ts'

/**
 * A sign-in that is under way: the state behind the `Session` string. It is found by the digest of that string, bound
 * to its client and user, and taken once by the answer that is right.
 */
export interface AuthSession {
  readonly poolId: UserPoolId
  /** SHA-256 of the session string, hexadecimal: who reads the store cannot answer a challenge with it. */
  readonly digest: string
  readonly clientId: ClientId
  /** The user; or, for somebody who does not exist and must not be told so, the name that was given. */
  readonly username: Username
  /** As the client gave it when the sign-in began. */
  readonly name: string
  /**
   * What it waits for: an answer, the confirmation of a sign-up, or the sign-in of whoever confirmed one. A session that
   * signed its user in is kept as `DONE`, to tell a second answer so.
   */
  readonly challenge: Challenge | 'SIGN_UP' | 'SIGNED_UP' | 'DONE'
  readonly expiresAt: Instant
  readonly startedAt: Instant
  readonly attempts: number
  readonly progress: Progress
  readonly question: QuestionState
}

/** How far a sign-in has come; it travels from challenge to challenge. */
export interface Progress {
  readonly flow: SignInFlow
  /** The identity provider that says who it is. */
  readonly provider?: string
  /** The event that the whole sign-in is, and the `event_id` of its tokens; none in what began before there were any. */
  readonly eventId?: string
  /** What was proven, in order. */
  readonly methods: readonly Method[]
  /** The device that was presented with the sign-in. */
  readonly deviceKey?: string
  /** The presented device has proven its secret. */
  readonly deviceProven?: boolean
  /** A temporary password was replaced on the way. */
  readonly passwordReplaced?: boolean
  /** A second factor was set up on the way: it is not asked for again. */
  readonly factorSetUp?: boolean
  /** The email address that is being set up as a second factor: the user's once a code from it comes back. */
  readonly newEmail?: string
  readonly custom?: readonly CustomResult[]
  /** DefineAuthChallenge has said that tokens are to be issued, and is not asked again. */
  readonly promised?: boolean
  /** Threat protection has looked at it, and may demand a second factor. */
  readonly rated?: { readonly demand?: MfaDemand }
  /** The level that a step-up must reach. */
  readonly target?: Level
  /** Some of the methods were proven before, and shown by an access token. */
  readonly credited?: boolean
}

export type SignInFlow = 'password' | 'srp' | 'custom' | 'choice' | 'federation'

/** One item of the `session` that DefineAuthChallenge is given. */
export interface CustomResult {
  readonly challengeName: string
  readonly challengeResult: boolean
  readonly challengeMetadata?: string
}

/** What the server must remember of the challenge that is open. */
export interface QuestionState {
  /** SHA-256 of the code that was sent, with the session's digest as salt. */
  readonly codeDigest?: string
  /** What a selection offered. */
  readonly offered?: readonly string[]
  /** The WebAuthn challenge, base64url. */
  readonly webAuthnChallenge?: string
  /** A software token being set up, sealed; `verified` once its code was right. */
  readonly softwareToken?: {
    readonly sealed: string
    readonly verified: boolean
    readonly deviceName?: string
    /** The time step whose code verified it: the code is used up. */
    readonly step?: number
  }
  /** What CreateAuthChallenge keeps from the client, and what it says of the challenge. */
  readonly custom?: { readonly private: Readonly<Record<string, string>>; readonly metadata?: string }
  /** Nobody by that name exists: every answer is wrong. */
  readonly decoy?: boolean
}

/**
 * A signed-in session: the family of tokens that goes back to one authentication. Revoking the family revokes its
 * refresh token, and every access and ID token with its `origin_jti`.
 */
export interface TokenSession {
  readonly poolId: UserPoolId
  /** `origin_jti` of the family's tokens. */
  readonly id: string
  readonly clientId: ClientId
  readonly username: Username
  readonly authTime: Instant
  readonly expiresAt: Instant
  readonly revokedAt?: Instant
  /** SHA-256 of the refresh token in force, hexadecimal. */
  readonly refreshDigest: string
  readonly scopes: readonly string[]
  readonly methods: readonly Method[]
  /** Refreshing asks for the device that signed in, where the pool tracks devices. */
  readonly deviceKey?: string
  /** The sign-in that it goes back to, in the record of events. */
  readonly eventId?: string
  /** Only of sessions that began while the pool tracked them. */
  readonly record?: SessionRecord
  /** It began at the OAuth endpoints: its tokens say so, and have an ID token among them for `openid` only. */
  readonly oauth?: boolean
}

/** @throws Fault RefreshTokenRevoked, RefreshTokenExpired */
export function mustBeRefreshable(session: TokenSession, at: Instant): void {
  if (session.revokedAt !== undefined) throw new Fault('RefreshTokenRevoked')
  if (at >= session.expiresAt) throw new Fault('RefreshTokenExpired')
}
