import { describe } from 'node:test'
import { AdminSetUserMFAPreferenceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { preferenceSuite } from '../../../test/suites/mfa-preference.ts'
import { onUserSuite } from '../../../test/suites/on-user.ts'

describe('AdminSetUserMFAPreference', () => {
  preferenceSuite('AdminSetUserMFAPreference')
  onUserSuite('AdminSetUserMFAPreference', (client, UserPoolId, Username) =>
    client.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username })),
  )
})
