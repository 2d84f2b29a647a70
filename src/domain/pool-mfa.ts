import { defined } from '../lib/defined.ts'
import { Fault } from './faults.ts'
import type { MfaConfiguration, MfaFactors, Pool, PoolSettings, SmsConfiguration } from './pool.ts'
import { withSnsRegion } from './pool-settings.ts'
import { mustOffer } from './pool-tier.ts'

/** What SetUserPoolMfaConfig is given. */
export interface MfaRequest {
  readonly MfaConfiguration?: MfaConfiguration
  readonly SmsMfaConfiguration?: {
    readonly SmsAuthenticationMessage?: string
    readonly SmsConfiguration?: SmsConfiguration
  }
  readonly SoftwareTokenMfaConfiguration?: { readonly Enabled?: boolean }
  readonly EmailMfaConfiguration?: NonNullable<MfaFactors['email']>
  readonly WebAuthnConfiguration?: NonNullable<MfaFactors['webAuthn']>
}

/**
 * The pool with its second factors replaced: what the request leaves out is off, MFA itself too.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier
 */
export function configureMfa(pool: Pool, request: MfaRequest): Pool {
  const configuration = request.MfaConfiguration ?? 'OFF'
  const { SmsMfaConfiguration: sms, EmailMfaConfiguration: email, WebAuthnConfiguration: webAuthn } = request
  const softwareToken = request.SoftwareTokenMfaConfiguration
  // A block that enables nothing is refused as well: measured with `Enabled: false`.
  if (configuration === 'OFF' && (sms ?? softwareToken ?? email) !== undefined) {
    throw new Fault(
      'InvalidParameter',
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    )
  }
  if (configuration !== 'OFF' && sms === undefined && !softwareToken?.Enabled && email === undefined) {
    throw new Fault('InvalidParameter', nothingLeft(webAuthn !== undefined))
  }
  if (email !== undefined) mustOffer(pool.settings.UserPoolTier, 'Email MFA', 'ESSENTIALS')
  if (webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
    mustOffer(pool.settings.UserPoolTier, 'Passkey MFA', 'ESSENTIALS')
  }
  const SmsConfiguration = sms?.SmsConfiguration
    ? withSnsRegion(sms.SmsConfiguration, pool.region)
    : pool.settings.SmsConfiguration
  if (sms !== undefined && SmsConfiguration === undefined) throw new Fault('InvalidParameter', noSms)
  return {
    ...pool,
    settings: {
      ...pool.settings,
      MfaConfiguration: configuration,
      ...defined({ SmsConfiguration, SmsAuthenticationMessage: sms?.SmsAuthenticationMessage }),
    },
    mfa: {
      sms: sms !== undefined,
      ...defined({ softwareToken: softwareToken && (softwareToken.Enabled ?? false), email, webAuthn }),
    },
  }
}

const noSms =
  'SMS configuration and Auto verification for phone_number are required when MFA is required/optional'

/** Two captures, told apart by the passkey block of the one request. */
const nothingLeft = (withPasskeys: boolean) =>
  withPasskeys
    ? 'Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.'
    : "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."

/**
 * The factors of a pool whose settings were made or replaced: these operations know of SMS only, and turn it on when
 * MFA is wanted and nothing else is there.
 * @throws Fault InvalidParameter
 */
export function factorsOf(settings: PoolSettings, standing: MfaFactors = { sms: false }): MfaFactors {
  if (settings.MfaConfiguration === 'OFF') return { sms: false, ...defined({ webAuthn: standing.webAuthn }) }
  if (standing.sms || standing.softwareToken || standing.email !== undefined) return standing
  if (settings.SmsConfiguration === undefined) throw new Fault('InvalidParameter', noSms)
  return { ...standing, sms: true }
}
