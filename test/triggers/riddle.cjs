/** The three custom challenge triggers in one function: three tries at one riddle. */
exports.handler = (event, _context, callback) => {
  const { request, response } = event
  switch (event.triggerSource) {
    case 'DefineAuthChallenge_Authentication': {
      const last = request.session.at(-1)
      response.issueTokens = last?.challengeResult === true
      response.failAuthentication = !response.issueTokens && request.session.length >= 3
      if (!response.issueTokens && !response.failAuthentication) response.challengeName = 'CUSTOM_CHALLENGE'
      break
    }
    case 'CreateAuthChallenge_Authentication':
      response.publicChallengeParameters = { riddle: 'What has an eye and cannot see?' }
      response.privateChallengeParameters = { answer: 'needle' }
      response.challengeMetadata = 'RIDDLE'
      break
    case 'VerifyAuthChallengeResponse_Authentication':
      response.answerCorrect = request.challengeAnswer === request.privateChallengeParameters.answer
  }
  callback(null, event)
}
