import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text) => createHash('sha256').update(text).digest()

/** VerifyAuthChallengeResponse: the answer is the secret of the link. */
export const handler = async (event) => {
  const { privateChallengeParameters, challengeAnswer } = event.request
  event.response.answerCorrect = timingSafeEqual(
    digest(privateChallengeParameters.secret),
    digest(challengeAnswer),
  )
  return event
}
