import { Content } from '../lib/content.ts'
import { globMatches } from '../lib/glob.ts'
import { readConditions } from './iam-condition.ts'
import {
  type Context,
  fill,
  hasVariable,
  matches,
  type Pattern,
  readPattern,
  splitAtColons,
} from './iam-pattern.ts'

/** A policy that is attached to a user, a group or a role, read once and ready to be asked. */
export interface PolicyDocument {
  readonly statements: readonly Statement[]
}

interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly applies: Ask
}

export interface AuthorizationRequest {
  /** `cognito-idp:AdminGetUser` */
  readonly action: string
  /** The ARN of the resource, or `*` for what concerns the account as a whole. */
  readonly resource: string
  /** Condition keys, their names in lower case, with their values. */
  readonly context: Context
}

export type Verdict = 'allowed' | 'implicitly-denied' | 'explicitly-denied'

type Ask = (request: AuthorizationRequest) => boolean

export { ContentError as PolicyError } from '../lib/content.ts'

/**
 * What the policies together say: an explicit deny beats an allow, and what nobody allows is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policies: readonly PolicyDocument[], request: AuthorizationRequest): Verdict {
  const folded = { ...request, action: request.action.toLowerCase() }
  let verdict: Verdict = 'implicitly-denied'
  for (const { statements } of policies) {
    for (const { effect, applies } of statements) {
      if (effect === 'Allow' && verdict === 'allowed') continue
      if (!applies(folded)) continue
      if (effect === 'Deny') return 'explicitly-denied'
      verdict = 'allowed'
    }
  }
  return verdict
}

/**
 * Reads a policy document as AWS writes it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws PolicyError at the first thing wrong.
 */
export function parsePolicy(document: unknown): PolicyDocument {
  return readPolicy(new Content(document))
}

/** The same, where the document is part of something larger. */
export function readPolicy(content: Content): PolicyDocument {
  const { Version, Id, Statement } = content.members(['Version', 'Id', 'Statement'])
  const version = Version.given ? Version.among(['2012-10-17', '2008-10-17']) : '2008-10-17'
  if (Id.given) Id.text()
  if (!Statement.given) throw Statement.refusal('is missing')
  const sids = new Set<string>()
  return {
    statements: Statement.oneOrMore().map((one) => readStatement(one, version === '2012-10-17', sids)),
  }
}

function readStatement(content: Content, variables: boolean, sids: Set<string>): Statement {
  const parts = content.members([
    'Sid',
    'Effect',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
    'Principal',
    'NotPrincipal',
  ])
  for (const stranger of [parts.Principal, parts.NotPrincipal]) {
    if (stranger.given)
      throw stranger.refusal('has no place here: the principal is whoever the policy is attached to')
  }
  if (parts.Sid.given) {
    const sid = parts.Sid.matching(/^[A-Za-z0-9]*$/, 'must consist of letters and digits')
    if (sids.has(sid)) throw parts.Sid.refusal('must differ from the Sid of every other statement')
    sids.add(sid)
  }

  const effect = parts.Effect.among(['Allow', 'Deny'])
  const action = either(content, parts, 'Action', 'NotAction')
  const resource = either(content, parts, 'Resource', 'NotResource')
  const asks = [
    askAction(action.content, action.negated),
    askResource(resource.content, resource.negated, variables, effect),
    ...readConditions(parts.Condition, variables).map(
      (holds): Ask =>
        ({ context }) =>
          holds(context),
    ),
  ]
  return { effect, applies: (request) => asks.every((ask) => ask(request)) }
}

function either<Name extends string>(
  content: Content,
  parts: Record<Name, Content>,
  plain: Name,
  negated: Name,
) {
  if (parts[plain].given === parts[negated].given) {
    throw content.refusal(`must have ${parts[plain].given ? 'only one of' : 'either'} ${plain} or ${negated}`)
  }
  return parts[plain].given
    ? { content: parts[plain], negated: false }
    : { content: parts[negated], negated: true }
}

function askAction(content: Content, negated: boolean): Ask {
  const patterns = content.oneOrMore().map((one) => {
    one.matching(/^(?:\*|[\w*?-]+:[\w*?]+)$/, 'must be * or an action such as cognito-idp:AdminGetUser')
    return readPattern(one, { variables: false, wildcards: true, foldCase: true })
  })
  return ({ action, context }) => patterns.some((pattern) => matches(pattern, action, context)) !== negated
}

/**
 * A resource whose variable has no value is no resource. Under `NotResource` the same leaves open what the statement
 * spares, so it spares the least: such a Deny applies, such an Allow does not.
 */
function askResource(content: Content, negated: boolean, variables: boolean, effect: 'Allow' | 'Deny'): Ask {
  const patterns = content.oneOrMore().map((one) => readResource(one, variables))
  return ({ resource, context }) => {
    const filled = patterns.map((pattern) => fill(pattern, context))
    if (negated && filled.includes(undefined)) return effect === 'Deny'
    return filled.some((glob) => glob !== undefined && globMatches(glob, resource)) !== negated
  }
}

function readResource(content: Content, variables: boolean): Pattern {
  content.matching(/^(?:\*$|arn:)/, 'must be * or an ARN')
  const pattern = readPattern(content, { variables, wildcards: true, foldCase: false })
  // Above all the account must not come from the request: AWS has variables in the last part of an ARN only.
  if (splitAtColons(pattern, 6).slice(0, 5).some(hasVariable)) {
    throw content.refusal('may have a policy variable only after its fifth colon')
  }
  return pattern
}
