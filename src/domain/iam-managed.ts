import { type PolicyDocument, parsePolicy } from './iam-policy.ts'

/**
 * The policies that AWS itself keeps and that concern user pools, each without its statements on other services.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const documents = {
  /** v1 */
  AdministratorAccess: ['*'],
  /** v7, of 27 February 2025 */
  AmazonCognitoPowerUser: ['cognito-idp:*'],
  /** v4, of 1 August 2019 */
  AmazonCognitoReadOnly: [
    'cognito-idp:Describe*',
    'cognito-idp:AdminGet*',
    'cognito-idp:AdminList*',
    'cognito-idp:List*',
    'cognito-idp:Get*',
  ],
}

/** By name and by ARN. */
export const managedPolicies: ReadonlyMap<string, PolicyDocument> = new Map(
  Object.entries(documents).flatMap(([name, Action]) => {
    const policy = parsePolicy({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action, Resource: '*' },
    })
    return [
      [name, policy],
      [`arn:aws:iam::aws:policy/${name}`, policy],
    ]
  }),
)
