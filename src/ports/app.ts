import type { Principal } from '../domain/principal.ts'
import type { Medium } from '../domain/template.ts'
import type { User } from '../domain/user.ts'
import type { Bell } from '../lib/bell.ts'
import type { Instant } from '../lib/instant.ts'
import type { Clock } from './clock.ts'
import type { CompromisedPasswords } from './compromised-passwords.ts'
import type { Journal } from './journal.ts'
import type { KeyMaker } from './key-maker.ts'
import type { Kms } from './kms.ts'
import type { MessageSender } from './message-sender.ts'
import type { ModExp } from './modexp.ts'
import type { OidcClient } from './oidc-client.ts'
import type { Outbound } from './outbound.ts'
import type { Outbox } from './outbox.ts'
import type { PasswordHashes } from './password-hashes.ts'
import type { PoolLogs } from './pool-logs.ts'
import type { Principals } from './principals.ts'
import type { Random } from './random.ts'
import type { SamlClient } from './saml-client.ts'
import type { Store } from './store.ts'
import type { Trail } from './trail.ts'
import type { TriggerRunner } from './trigger-runner.ts'
import type { Vault } from './vault.ts'

/** Everything the flows and faces may ask of the world, filled once by the wiring. */
export interface App {
  readonly clock: Clock
  /** The clock that callers sign with: the machine's own, also while tests move the other. */
  readonly signingClock: Clock
  readonly random: Random
  readonly store: Store
  readonly vault: Vault
  readonly modexp: ModExp
  readonly passwordHashes: PasswordHashes
  readonly keyMaker: KeyMaker
  readonly principals: Principals
  readonly outbox: Outbox
  /** What carries messages; a medium without one has the inbox alone. */
  readonly channels: Readonly<Record<Medium, MessageSender | undefined>>
  readonly kms: Kms
  /** Wakes whoever runs imports. */
  readonly imports: Bell
  readonly outbound: Outbound
  readonly oidc: OidcClient
  readonly saml: SamlClient
  readonly triggers: TriggerRunner
  readonly compromised: CompromisedPasswords
  readonly poolLogs: PoolLogs
  readonly journal: Journal
  /** Where the audit trail goes, if it goes anywhere. */
  readonly trail: Trail | undefined
  readonly site: Site
}

/** What this installation calls itself. */
export interface Site {
  readonly accountId: string
  /** The region of a request that names none. */
  readonly region: string
  /** Where clients reach this server, without a trailing slash. */
  readonly publicUrl: string
  /** How `iss` is written: as this server's own URL, or as AWS writes it. */
  readonly issuer: 'own' | 'aws'
  readonly iam: 'enforced' | 'off'
  /** Whether requests are held to AWS's rates. */
  readonly throttle: 'on' | 'off'
}

/** One request on its way through a face: the world, the one reading of the clock, and who is asking. */
export interface Call extends App {
  readonly now: Instant
  readonly requestId: string
  /** The region that was called: that of the signature, or of the host's name. Nothing where neither tells. */
  readonly region: string | undefined
  /** The operation's name, from which its IAM action follows. */
  readonly operation: string
  readonly principal: Principal | undefined
  readonly source: Source
  /** Is told whom a call is about where its access does not prove it; nobody asks where there is no trail. */
  readonly about?: (user: User) => void
}

/** The world as flows have it: with the call that is behind them, where it is one of an operation. */
export type WithinCall = App & Partial<Call>

export interface Source {
  readonly address: string
  readonly userAgent: string | undefined
  readonly referer: string | undefined
  readonly secure: boolean
  /** What the call is answered under; a page is under nothing. */
  readonly requestId?: string
}
