import type { Pool } from '../../domain/pool.ts'

/** Whom a pool's mail is from: what its EmailConfiguration says, its SES identity, or this server's own address. */
export function senderAddress(
  { settings }: Pool,
  standard: string,
): { from: string; replyTo?: string; configurationSet?: string } {
  const { From, SourceArn, ReplyToEmailAddress, ConfigurationSet } = settings.EmailConfiguration ?? {}
  const identity = SourceArn?.split(':identity/')[1]
  return {
    // An identity may be a whole domain, which nobody can be written from.
    from: From ?? (identity?.includes('@') ? identity : standard),
    ...(ReplyToEmailAddress !== undefined && { replyTo: ReplyToEmailAddress }),
    ...(ConfigurationSet !== undefined && { configurationSet: ConfigurationSet }),
  }
}
