import { regionOf, type UserPoolId } from './ids.ts'

/** The resource that IAM policies name: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Abc123456`. */
export function userPoolArn(id: UserPoolId, accountId: string): string {
  return `arn:aws:cognito-idp:${regionOf(id)}:${accountId}:userpool/${id}`
}
