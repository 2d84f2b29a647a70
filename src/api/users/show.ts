import { shownAttributes, shownMfa, type User as UserFacts } from '../../domain/user.ts'
import type { Output } from '../../protocol/shape.ts'
import type { User } from '../shapes.ts'

/** A user as AdminCreateUser and ListUsers show one. */
export function showUser(user: UserFacts, attributes = shownAttributes(user)): Output<typeof User> {
  return {
    Username: user.username,
    Attributes: attributes,
    UserCreateDate: user.createdAt,
    UserLastModifiedDate: user.modifiedAt,
    Enabled: user.enabled,
    UserStatus: user.status,
    MFAOptions: shownMfa(user.mfa).MFAOptions,
  }
}
