const former = { ada: { password: 'Analytical1!', email: 'ada@example.com' } }

/** UserMigration: takes over who comes with the right password, or has forgotten it. */
export const handler = async (event) => {
  const known = former[event.userName]
  const forgot = event.triggerSource === 'UserMigration_ForgotPassword'
  if (known && (forgot || known.password === event.request.password)) {
    event.response.userAttributes = { email: known.email, email_verified: 'true' }
    event.response.messageAction = 'SUPPRESS'
    if (!forgot) event.response.finalUserStatus = 'CONFIRMED'
  }
  return event
}
