import { BlockList, isIP } from 'node:net'
import type { Instant } from '../lib/instant.ts'
import { isProtected } from './auth-event.ts'
import { Fault } from './faults.ts'
import type { ClientId, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import type { RiskLevel } from './risk.ts'
import type { SignInFlow } from './session.ts'

/** How threat protection reacts, in a pool or in one of its clients. Set once, a client's stands in place of the pool's. */
export interface RiskConfiguration {
  readonly poolId: UserPoolId
  readonly clientId?: ClientId
  readonly modifiedAt: Instant
  readonly settings: RiskSettings
}

/** In AWS's own words. A part that is absent is "Cognito defaults". */
export interface RiskSettings {
  readonly CompromisedCredentialsRiskConfiguration?: {
    readonly EventFilter?: readonly PasswordEvent[]
    readonly Actions: { readonly EventAction: 'BLOCK' | 'NO_ACTION' }
  }
  readonly AccountTakeoverRiskConfiguration?: {
    readonly NotifyConfiguration?: NotifyConfiguration
    readonly Actions: {
      readonly LowAction?: TakeoverAction
      readonly MediumAction?: TakeoverAction
      readonly HighAction?: TakeoverAction
    }
  }
  readonly RiskExceptionConfiguration?: {
    readonly BlockedIPRangeList?: readonly string[]
    readonly SkippedIPRangeList?: readonly string[]
  }
}

export type PasswordEvent = 'SIGN_IN' | 'PASSWORD_CHANGE' | 'SIGN_UP'

export interface TakeoverAction {
  readonly Notify: boolean
  readonly EventAction: 'BLOCK' | 'MFA_IF_CONFIGURED' | 'MFA_REQUIRED' | 'NO_ACTION'
}

export interface NotifyConfiguration {
  readonly From?: string
  readonly ReplyTo?: string
  readonly SourceArn: string
  readonly BlockEmail?: NotifyEmail
  readonly NoActionEmail?: NotifyEmail
  readonly MfaEmail?: NotifyEmail
}

export interface NotifyEmail {
  readonly Subject: string
  readonly HtmlBody?: string
  readonly TextBody?: string
}

/** "Cognito defaults", as the developer guide has them in "Setting up threat protection". */
const allEvents: readonly PasswordEvent[] = ['SIGN_IN', 'PASSWORD_CHANGE', 'SIGN_UP']
const block: TakeoverAction = { Notify: false, EventAction: 'BLOCK' }

const none: TakeoverAction = { Notify: false, EventAction: 'NO_ACTION' }

/** Whether threat protection acts, or only writes down what it sees. Sign-ins that triggers define have a mode of their own. */
export function modeOf(pool: Pool, flow?: SignInFlow): 'OFF' | 'AUDIT' | 'ENFORCED' {
  const addOns = pool.settings.UserPoolAddOns
  if (!isProtected(pool) || addOns === undefined) return 'OFF'
  return flow === 'custom'
    ? (addOns.AdvancedSecurityAdditionalFlows?.CustomAuthMode ?? 'OFF')
    : addOns.AdvancedSecurityMode
}

/** A filter that is left out is of all events, and shown so. @throws Fault InvalidParameter for what is no range */
export function resolveRisk(request: RiskSettings): RiskSettings {
  const { BlockedIPRangeList = [], SkippedIPRangeList = [] } = request.RiskExceptionConfiguration ?? {}
  for (const range of [...BlockedIPRangeList, ...SkippedIPRangeList]) {
    if (rangeIn(range) === undefined)
      throw new Fault('InvalidParameter', `${range} is not an IP address range in CIDR notation.`)
  }
  const compromised = request.CompromisedCredentialsRiskConfiguration
  if (compromised === undefined) return request
  const EventFilter = compromised.EventFilter?.length ? compromised.EventFilter : allEvents
  return { ...request, CompromisedCredentialsRiskConfiguration: { ...compromised, EventFilter } }
}

/** Whether passwords are looked at here, and a bad one is refused. */
export function passwordRule(
  { CompromisedCredentialsRiskConfiguration: rule }: RiskSettings,
  event: PasswordEvent,
): { readonly looks: boolean; readonly blocks: boolean } {
  const { EventFilter = allEvents, Actions } = rule ?? {}
  return { looks: EventFilter.includes(event), blocks: (Actions?.EventAction ?? 'BLOCK') === 'BLOCK' }
}

export function takeoverAction(settings: RiskSettings, level: RiskLevel): TakeoverAction {
  const configured = settings.AccountTakeoverRiskConfiguration
  return configured === undefined ? block : (configured.Actions[`${level}Action`] ?? none)
}

export const isBlocked = ({ RiskExceptionConfiguration: lists }: RiskSettings, address: string): boolean =>
  isInRange(lists?.BlockedIPRangeList, address)

export const isSkipped = ({ RiskExceptionConfiguration: lists }: RiskSettings, address: string): boolean =>
  isInRange(lists?.SkippedIPRangeList, address)

function isInRange(ranges: readonly string[] = [], address: string): boolean {
  const family = isIP(address)
  if (family === 0 || ranges.length === 0) return false
  const list = new BlockList()
  for (const text of ranges) {
    const range = rangeIn(text)
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  }
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

interface Range {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** `192.0.2.0/24`, `2001:db8::/32`: a range without its mask is none, as the guide says. */
function rangeIn(text: string): Range | undefined {
  const [, address = '', digits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? []
  const prefix = Number(digits)
  const family = isIP(address)
  if (family === 4 && prefix <= 32) return { address, prefix, family: 'ipv4' }
  if (family === 6 && prefix <= 128) return { address, prefix, family: 'ipv6' }
  return undefined
}
