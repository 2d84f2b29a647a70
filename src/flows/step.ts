import type { Challenge } from '../domain/challenge.ts'
import type { Client } from '../domain/client.ts'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { Method } from '../domain/method.ts'
import type { Pool } from '../domain/pool.ts'
import type { EventRisk } from '../domain/risk.ts'
import type { AuthSession, Progress, QuestionState } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { Source, WithinCall } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import type { IssuedTokens } from './tokens.ts'

/** Where a sign-in stands after a call: something more is asked, or it is done. Faces only render it. */
export type Step =
  | {
      readonly kind: 'challenge'
      readonly name: Challenge
      /** Absent where the state travels in the challenge itself (SRP). */
      readonly session?: Secret
      readonly parameters: Readonly<Record<string, string>>
      readonly available?: readonly Challenge[]
    }
  | { readonly kind: 'signed-in'; readonly tokens: IssuedTokens }

/** What stays the same from the start of a sign-in to its end. */
export interface SignIn {
  readonly app: WithinCall
  readonly pool: Pool
  readonly client: Client
  readonly now: Instant
  /** Where this call comes from. */
  readonly source: Source
  /** `ClientMetadata` of the call that begins, for the triggers that come before a sign-in. */
  readonly validationData: Parameters | undefined
  /** `ClientMetadata` of a call that answers, for the triggers during and after it. */
  readonly metadata: Parameters | undefined
  /** Is told what the record of events and the trail will say. */
  readonly witness?: Witness
  /** Is told what threat protection finds. */
  readonly assessed?: (risk: EventRisk) => void
}

/** Sees who signs in, and which answers were right. */
export interface Witness {
  readonly entered: (subject: Subject, progress: Progress) => void
  readonly judged: (challenge: Challenge, refused: FaultCode | undefined) => void
}

export type Parameters = Readonly<Record<string, string>>

/** A person who signs in: a user, or a name that no user has and that must not be told apart from one. */
export interface Subject {
  /** As the client gave it. */
  readonly name: string
  readonly user: User | undefined
}

/** What a challenge asks, and what the server keeps to judge the answer. */
export interface Question {
  readonly parameters: Parameters
  readonly available?: readonly Challenge[]
  readonly state?: QuestionState
  /** Codes are kept as digests salted with the session's own. */
  readonly code?: string
  /** Written in the same transaction as the session. */
  readonly along?: (store: Tables) => Promise<void>
  /** The whole state is in the parameters: no session is stored and none is handed out. */
  readonly stateless?: boolean
}

/** An answer to a challenge, with the session it belongs to. */
export interface Answer {
  readonly signIn: SignIn
  readonly subject: Subject
  readonly session: AuthSession
  readonly responses: Parameters
}

/** What an answer comes to. A challenge never starts another: it says what is proven, and one place decides. */
export type Outcome =
  | {
      readonly kind: 'proven'
      readonly user: User
      readonly method?: Method
      /** The user with what the answer changed. */
      readonly changed?: User
      readonly progress?: Partial<Progress>
      readonly along?: (store: Tables) => Promise<void>
    }
  /** Right or wrong, it goes into the progress: what follows is a trigger's to say. */
  | { readonly kind: 'judged'; readonly progress: Partial<Progress> }
  | {
      readonly kind: 'ask'
      readonly challenge: Challenge
      readonly changed?: User
      readonly progress?: Partial<Progress>
    }

/** What follows: another challenge with what it is begun with, or the end. */
export type Next =
  | {
      readonly kind: 'challenge'
      readonly challenge: Challenge
      readonly input: Parameters
      readonly available?: readonly Challenge[]
    }
  | { readonly kind: 'done' }

/** A challenge: what it asks, and how it judges the answer. */
export interface ChallengeRules {
  readonly begin: (
    signIn: SignIn,
    subject: Subject,
    progress: Progress,
    input: Parameters,
  ) => Promise<Question>
  readonly judge: (answer: Answer) => Promise<Outcome>
}

/** @throws Fault InvalidParameter when the parameter is not there, or no text that a store could look for */
export function parameter(parameters: Parameters, name: string): string {
  const value = parameters[name]
  if (value === undefined || value === '')
    throw new Fault('InvalidParameter', `Missing required parameter ${name}`)
  if (value.includes('\0')) throw new Fault('InvalidParameter', `Invalid parameter ${name}`)
  return value
}
