import type { Challenge } from '../../domain/challenge.ts'
import { Fault } from '../../domain/faults.ts'
import type { CustomResult, Progress } from '../../domain/session.ts'
import { createAuthChallenge, defineAuthChallenge, verifyAuthChallenge } from '../sign-in-triggers.ts'
import {
  type ChallengeRules,
  type Next,
  type Parameters,
  parameter,
  type SignIn,
  type Subject,
} from '../step.ts'

/** A challenge that the pool's triggers make and judge. A wrong answer is no refusal: what follows is theirs to say. */
export const customChallenge: ChallengeRules = {
  async begin(signIn, subject, progress) {
    const made = await createAuthChallenge(signIn, subject, progress.custom ?? [])
    const { publicChallengeParameters, privateChallengeParameters, challengeMetadata } = made
    return {
      parameters: { ...publicChallengeParameters, USERNAME: subject.user?.username ?? subject.name },
      state: {
        custom: {
          private: privateChallengeParameters,
          ...(challengeMetadata !== undefined && { metadata: challengeMetadata }),
        },
      },
    }
  },

  async judge({ signIn, subject, session, responses }) {
    const answer = parameter(responses, 'ANSWER')
    const { custom } = session.question
    const correct = await verifyAuthChallenge(signIn, subject, custom?.private ?? {}, answer)
    const result: CustomResult = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: correct && subject.user !== undefined,
      ...(custom?.metadata !== undefined && { challengeMetadata: custom.metadata }),
    }
    return { kind: 'judged', progress: { custom: [...(session.progress.custom ?? []), result] } }
  },
}

/** Challenges that DefineAuthChallenge may ask for. */
const askable: ReadonlySet<string> = new Set<Challenge>([
  'CUSTOM_CHALLENGE',
  'PASSWORD_VERIFIER',
  'ADMIN_NO_SRP_AUTH',
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
])

/** What DefineAuthChallenge says to the results so far. */
export async function decideCustom(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  responses: Parameters,
): Promise<Next> {
  const verdict = await defineAuthChallenge(signIn, subject, progress.custom ?? [])
  if (verdict.issueTokens) {
    if (subject.user === undefined) throw new Fault('CustomAuthRefused')
    return { kind: 'done' }
  }
  const { challengeName } = verdict
  if (verdict.failAuthentication || challengeName === undefined || !askable.has(challengeName)) {
    throw new Fault('CustomAuthRefused')
  }
  return { kind: 'challenge', challenge: challengeName as Challenge, input: responses }
}
