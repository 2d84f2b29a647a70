/** PreSignUp: lets one domain in and confirms who comes from there. */
export const handler = async (event) => {
  const email = event.request.userAttributes.email ?? ''
  if (!email.endsWith('@example.com')) throw new Error('Only example.com may sign up')
  event.response.autoConfirmUser = true
  event.response.autoVerifyEmail = true
  return event
}
