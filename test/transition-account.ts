/** Holds sign-in to its diagram: every step that a test sees must be in `transitions`, and the suite must take them all. */
import { appendFileSync } from 'node:fs'
import type { Api } from '../src/api/pipeline.ts'
import { type Beginning, type Challenge, type SignInState, transitions } from '../src/domain/challenge.ts'
import type { AuthFlow } from '../src/flows/sign-in.ts'
import type { HttpRequest, HttpResponse } from '../src/protocol/aws-json.ts'

const beginnings: Record<AuthFlow, Beginning> = {
  USER_PASSWORD_AUTH: 'password',
  ADMIN_USER_PASSWORD_AUTH: 'password',
  ADMIN_NO_SRP_AUTH: 'password',
  USER_SRP_AUTH: 'srp',
  CUSTOM_AUTH: 'custom',
  USER_AUTH: 'choice',
  REFRESH_TOKEN_AUTH: 'refresh',
  REFRESH_TOKEN: 'refresh',
}

/** What a client sees: where it was, and where it is now. */
interface Step {
  readonly from: Beginning | Challenge
  readonly to: Challenge | 'tokens'
  /** Whether DefineAuthChallenge decides in this sign-in, where that can be told. */
  readonly custom?: boolean
}

/** Keeps account of the steps that clients were led, and of those that are not in the diagram. */
export class TransitionAccount {
  readonly #seen = new Map<string, Step>()
  /** Sessions, and whether they belong to a custom sign-in. */
  readonly #custom = new Map<string, boolean>()

  /** The API, watched. */
  watch =
    (api: Api): Api =>
    async (request) => {
      const answer = await api(request)
      for (const step of this.#stepsOf(request, answer)) this.#seen.set(JSON.stringify(step), step)
      return answer
    }

  get undrawn(): string[] {
    const undrawn = [...this.#seen.values()].filter((step) => waysOf(step).length === 0)
    return undrawn.map(({ from, to }) => arrow(from, to))
  }

  #stepsOf({ headers, body }: HttpRequest, answer: HttpResponse): Step[] {
    const operation = headers['x-amz-target']?.split('.')[1] ?? ''
    const starts = operation === 'InitiateAuth' || operation === 'AdminInitiateAuth'
    const answers = operation === 'RespondToAuthChallenge' || operation === 'AdminRespondToAuthChallenge'
    if (answer.status !== 200 || !(starts || answers)) return []
    const asked = JSON.parse(Buffer.from(body).toString('utf8'))
    const { ChallengeName, Session } = JSON.parse(String(answer.body))
    const custom = starts ? asked.AuthFlow === 'CUSTOM_AUTH' : this.#custom.get(asked.Session)
    if (Session !== undefined && custom !== undefined) this.#custom.set(Session, custom)
    const from: Step['from'] = starts ? beginnings[asked.AuthFlow as AuthFlow] : asked.ChallengeName
    const steps = stepsBetween(from, ChallengeName ?? 'tokens', asked)
    return custom === undefined ? steps : steps.map((step) => ({ ...step, custom }))
  }

  /** Hands the account to the run's teardown. */
  close(): void {
    const file = process.env.COGNATE_TEST_TRANSITIONS
    const lines = [...this.#seen.values()].map((step) => `${JSON.stringify(step)}\n`)
    if (file && lines.length > 0) appendFileSync(file, lines.join(''))
  }
}

function stepsBetween(
  from: Step['from'],
  to: Step['to'],
  asked: Record<string, Record<string, string>>,
): Step[] {
  const chosen = chosenIn(from, asked)
  const led = chosen === undefined || chosen === to || to === 'SELECT_CHALLENGE'
  return led
    ? [{ from, to }]
    : [
        { from, to: chosen },
        { from: chosen, to },
      ]
}

/** The challenge that a call of choice-based sign-in asks for, and may bring the answer to. */
function chosenIn(from: Step['from'], asked: Record<string, Record<string, string>>): Challenge | undefined {
  if (from === 'SELECT_CHALLENGE') return asked.ChallengeResponses?.ANSWER as Challenge
  // With the session of a sign-up parameters mean nothing.
  return from === 'choice' && !asked.Session
    ? (asked.AuthParameters?.PREFERRED_CHALLENGE as Challenge | undefined)
    : undefined
}

/** Every way through the junctions from one state that clients see to another. */
function waysBetween(from: SignInState, to: SignInState): SignInState[][] {
  if (from === 'tokens') return []
  return transitions[from].flatMap((next) => {
    if (next === to) return [[from, next]]
    return isJunction(next) ? waysBetween(next, to).map((way) => [from, ...way]) : []
  })
}

/** The ways that explain a step, in the kind of sign-in that it belongs to. */
function waysOf({ from, to, custom }: Step): SignInState[][] {
  const judged: SignInState = 'custom step judged'
  return waysBetween(from, to).filter((way) => custom || custom === undefined || !way.includes(judged))
}

/** Junctions alone are named in words. */
const isJunction = (state: SignInState): boolean => state.includes(' ')

/** Arrows of the diagram that no test has followed. A step that two ways explain is a witness of neither. */
export function untakenTransitions(lines: readonly string[]): string[] {
  const steps: Step[] = lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  const taken = new Set<string>()
  for (const step of steps) {
    const [way, another] = waysOf(step)
    if (way === undefined || another !== undefined) continue
    for (const [index, state] of way.slice(1).entries()) taken.add(arrow(way[index] ?? step.from, state))
  }
  return Object.entries(transitions)
    .flatMap(([from, all]) => all.map((to) => [from as SignInState, to] as const))
    .map(([from, to]) => arrow(from, to))
    .filter((name) => !taken.has(name))
}

const arrow = (from: SignInState, to: SignInState): string => `${from} -> ${to}`
