import { configuredFactors } from '../../domain/first-factors.ts'
import type { Pool } from '../../domain/pool.ts'
import { shownMfa, type User } from '../../domain/user.ts'
import { firstFactorFacts } from '../../flows/first-factors.ts'
import type { App } from '../../ports/app.ts'
import { list, type Output, oneOf, required, struct } from '../../protocol/shape.ts'
import { Text, UserMFASettingList, Username } from '../shapes.ts'

const AuthFactor = oneOf('PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN', 'SOFTWARE_TOKEN')

/** What (Admin)GetUserAuthFactors answer. */
export const AuthFactors = struct({
  Username: required(Username),
  PreferredMfaSetting: Text,
  UserMFASettingList,
  ConfiguredUserAuthFactors: list(AuthFactor, { min: 0, max: 8 }),
})

export async function showAuthFactors(app: App, pool: Pool, user: User): Promise<Output<typeof AuthFactors>> {
  const softwareToken = await app.store.softwareTokens.find(pool.id, user.username)
  const { MFAOptions: _, ...mfa } = shownMfa(user.mfa)
  return {
    Username: user.username,
    ...mfa,
    ConfiguredUserAuthFactors: configuredFactors(
      await firstFactorFacts(app, pool, user),
      softwareToken !== undefined,
    ),
  }
}
