import { Fault } from './faults.ts'

interface Facts {
  /** Requests a second, of one Region. */
  readonly rate: number
  /** UpdateProvisionedLimit may raise it. */
  readonly adjustable?: true
  /** An operation has five a second for one pool besides. */
  readonly perPool?: true
  /** A request reads or writes one user, who has ten of either a second. */
  readonly ofUser?: 'read' | 'write'
}

/** Source: developer guide, "Quotas in Amazon Cognito"; what reads and what writes a user goes by its examples. */
export const categories = {
  UserAuthentication: { rate: 120, adjustable: true, ofUser: 'read' },
  UserCreation: { rate: 50, adjustable: true, ofUser: 'write' },
  UserFederation: { rate: 25, adjustable: true },
  UserAccountRecovery: { rate: 30, ofUser: 'write' },
  UserRead: { rate: 120, adjustable: true, ofUser: 'read' },
  UserUpdate: { rate: 25, ofUser: 'write' },
  UserToken: { rate: 120, adjustable: true },
  UserResourceRead: { rate: 50, adjustable: true, ofUser: 'read' },
  UserResourceUpdate: { rate: 25, ofUser: 'write' },
  UserList: { rate: 30 },
  UserPoolRead: { rate: 15 },
  UserPoolUpdate: { rate: 15 },
  UserPoolResourceRead: { rate: 20, perPool: true },
  UserPoolResourceUpdate: { rate: 15, perPool: true },
  UserPoolClientRead: { rate: 15, perPool: true },
  UserPoolClientUpdate: { rate: 15, perPool: true },
  ClientAuthentication: { rate: 150 },
  LimitManagement: { rate: 1 },
} as const satisfies Record<string, Facts>

export type Category = keyof typeof categories

const factsOf = (category: Category): Facts => categories[category]

export const adjustableCategories = (Object.keys(categories) as Category[]).filter(
  (category) => factsOf(category).adjustable,
)

const perPool = 5
const perUser = 10
/** How many answers to challenges come with a sign-in before they count as sign-ins themselves. */
const answersFree = 3
/** What an account may provision at most. AWS agrees on it with each account; this is ours. */
const mostProvisioned = 10

/** A request of a category, as far as its limits go. */
export interface Counted {
  readonly operation: string
  readonly category: Category
  readonly region: string
  readonly answersChallenge: boolean
  readonly poolId: string | undefined
  /** Their username, or the name that the request has for somebody. */
  readonly user: string | undefined
}

/** A bucket that a request takes a token from: that of the key, or the other where it is empty. */
export interface Demand {
  readonly key: string
  readonly rate: number
  readonly otherwise?: Demand
}

/** Everything that a request takes a token from. `provisioned` are the limits of its Region that were raised. */
export function demandsOf(counted: Counted, provisioned: ReadonlyMap<Category, number>): Demand[] {
  const { operation, category, region, answersChallenge, poolId, user } = counted
  const facts = factsOf(category)
  const rate = provisioned.get(category) ?? facts.rate
  const whole: Demand = { key: `${region} ${category}`, rate }
  const demands = [
    answersChallenge
      ? { key: `${region} answers ${category}`, rate: rate * answersFree, otherwise: whole }
      : whole,
  ]
  if (poolId !== undefined && facts.perPool) demands.push({ key: `${poolId} ${operation}`, rate: perPool })
  if (poolId !== undefined && facts.ofUser && user !== undefined)
    demands.push({ key: `${poolId} ${facts.ofUser} ${user}`, rate: perUser })
  return demands
}

/** @throws Fault LimitNotFound for what is no category, or one whose limit is fixed */
export function adjustable(name: string): Category {
  const category = adjustableCategories.find((known) => known === name)
  if (category === undefined) throw new Fault('LimitNotFound', name)
  return category
}

/** @throws Fault InvalidParameter, AboveQuota */
export function mustBeProvisionable(category: Category, rate: number): void {
  const free = factsOf(category).rate
  if (rate < free)
    throw new Fault('InvalidParameter', `The limit of ${category} is ${free} requests per second at least.`)
  if (rate > free * mostProvisioned) throw new Fault('AboveQuota', category, free * mostProvisioned)
}
