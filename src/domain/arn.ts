import { regionOf, type UserPoolId } from './ids.ts'

/**
 * The resource that IAM policies name: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Abc123456`. In the
 * region of a replica it begins with that region and keeps the id.
 */
export function userPoolArn(id: UserPoolId, accountId: string, region = regionOf(id)): string {
  return `arn:aws:cognito-idp:${region}:${accountId}:userpool/${id}`
}

/** The pool that such an ARN names, of whichever account; nothing where it is the ARN of anything else. */
export function poolIdOfArn(arn: string): UserPoolId | undefined {
  const id = /^arn:aws:cognito-idp:[\w-]*:[0-9]+:userpool\/([\w-]+_[0-9a-zA-Z]+)$/.exec(arn)?.[1]
  return id as UserPoolId | undefined
}
