import { acrLevels } from '../../domain/acr.ts'
import { userPoolArn } from '../../domain/arn.ts'
import type { Pool } from '../../domain/pool.ts'
import type { PoolDomain } from '../../domain/pool-domain.ts'
import type { Output } from '../../protocol/shape.ts'
import type { UserPool } from './shapes.ts'

/** A pool as CreateUserPool and DescribeUserPool show it. */
export function describePool(
  pool: Pool,
  accountId: string,
  users: number,
  domains: readonly PoolDomain[],
): Output<typeof UserPool> {
  const { identity, settings } = pool
  const { UserAttributeUpdateSettings } = settings
  return {
    ...settings,
    AcrConfiguration: acrLevels(settings.AcrConfiguration),
    // Absent until a request names it; an empty list stays.
    UserAttributeUpdateSettings:
      UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate && UserAttributeUpdateSettings,
    Id: pool.id,
    Name: pool.name,
    Arn: userPoolArn(pool.id, accountId, pool.region),
    CreationDate: pool.createdAt,
    LastModifiedDate: pool.modifiedAt,
    SchemaAttributes: pool.schema.map((attribute) => ({ ...attribute })),
    AliasAttributes: identity.aliasAttributes,
    UsernameAttributes: identity.usernameAttributes,
    UsernameConfiguration: identity.caseSensitivityStated
      ? { CaseSensitive: identity.caseSensitive }
      : undefined,
    EstimatedNumberOfUsers: users,
    Domain: domains.find(({ custom }) => custom === undefined)?.name,
    CustomDomain: domains.find(({ custom }) => custom !== undefined)?.name,
    UserPoolTags: pool.tags,
  }
}

/** The factors as Get- and SetUserPoolMfaConfig show them; one that was not named is absent. */
export function describeMfa(pool: Pool) {
  const { settings, mfa } = pool
  return {
    SmsMfaConfiguration: mfa.sms
      ? {
          SmsAuthenticationMessage: settings.SmsAuthenticationMessage,
          SmsConfiguration: settings.SmsConfiguration,
        }
      : undefined,
    SoftwareTokenMfaConfiguration:
      mfa.softwareToken === undefined ? undefined : { Enabled: mfa.softwareToken },
    EmailMfaConfiguration: mfa.email,
    MfaConfiguration: settings.MfaConfiguration,
    WebAuthnConfiguration: mfa.webAuthn,
  }
}
