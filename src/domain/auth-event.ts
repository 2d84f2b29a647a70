import type { Instant } from '../lib/instant.ts'
import type { Username, UserPoolId } from './ids.ts'

export type AuthEventType = 'SignIn' | 'SignUp' | 'ForgotPassword' | 'PasswordChange' | 'ResendCode'

/** What happened when a user signed in, signed up or recovered an account, as AdminListUserAuthEvents shows it. */
export interface AuthEvent {
  readonly poolId: UserPoolId
  readonly username: Username
  readonly id: string
  readonly type: AuthEventType
  readonly at: Instant
  readonly response: 'Pass' | 'Fail' | 'InProgress'
  readonly challenges: readonly {
    readonly name: 'Password' | 'Mfa'
    readonly response: 'Success' | 'Failure'
  }[]
  readonly context: { readonly ip?: string; readonly device?: string }
  readonly feedback?: { readonly value: 'Valid' | 'Invalid'; readonly provider: string; readonly at: Instant }
}
