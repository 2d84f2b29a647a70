/**
 * What IAM knows of the operations, where it is not what their names and inputs say.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Cognito User Pools".
 */

/** The action that a policy allows: the operation's own name, but for one that goes with another. */
export const actionOf = (operation: string): string =>
  operation === 'DescribeTermsByClient' ? 'DescribeTerms' : operation

/** Where requests name tags. */
export interface RequestTags {
  readonly UserPoolTags?: Readonly<Record<string, string>>
  readonly Tags?: Readonly<Record<string, string>>
  readonly TagKeys?: readonly string[]
}

/** What `aws:RequestTag/…` and `aws:TagKeys` are, of the actions that have these keys. The others have neither. */
const tagging: Readonly<Record<string, (input: RequestTags) => Tagging>> = {
  CreateUserPool: ({ UserPoolTags = {} }) => ({ tags: UserPoolTags, keys: Object.keys(UserPoolTags) }),
  UpdateUserPool: ({ UserPoolTags = {} }) => ({ tags: UserPoolTags, keys: Object.keys(UserPoolTags) }),
  TagResource: ({ Tags = {} }) => ({ tags: Tags, keys: Object.keys(Tags) }),
  UntagResource: ({ TagKeys = [] }) => ({ tags: {}, keys: TagKeys }),
}

interface Tagging {
  readonly tags: Readonly<Record<string, string>>
  readonly keys: readonly string[]
}

export const taggingOf = (action: string, input: RequestTags): Tagging =>
  tagging[action]?.(input) ?? { tags: {}, keys: [] }

/** Every Read and List action of the reference is named so, and no Write action. */
const looking = /^(?:Admin)?(?:Describe|Get|List)/
/** ours: not in the reference, and they make tokens. */
const makingTokens: ReadonlySet<string> = new Set(['GetClientToken', 'GetTokensFromRefreshToken'])

/** Whether an operation changes nothing. */
export const isReadOnly = (operation: string): boolean =>
  looking.test(operation) && !makingTokens.has(operation)
