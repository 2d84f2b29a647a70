/** DefineAuthChallenge: one link, and one answer to it. */
exports.handler = (event, _context, callback) => {
  const [answer] = event.request.session
  event.response.issueTokens = answer?.challengeResult === true
  event.response.failAuthentication = answer?.challengeResult === false
  if (answer === undefined) event.response.challengeName = 'CUSTOM_CHALLENGE'
  callback(null, event)
}
