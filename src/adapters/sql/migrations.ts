import type { MigrationProvider } from 'kysely/migration'
import { first } from './migrations/001-first.ts'
import { signInEngine } from './migrations/002-sign-in-engine.ts'
import { sessions } from './migrations/003-sessions.ts'
import { authEvents } from './migrations/004-auth-events.ts'
import { groups } from './migrations/005-groups.ts'
import { brandingAndTerms } from './migrations/007-branding-and-terms.ts'
import { domains } from './migrations/008-domains.ts'
import { imports } from './migrations/009-imports.ts'
import { identityProviders } from './migrations/010-identity-providers.ts'
import { risk } from './migrations/011-risk.ts'
import { replicas } from './migrations/012-replicas.ts'
import { largePools } from './migrations/013-large-pools.ts'
import { outbox } from './migrations/020-outbox.ts'
import { authorizationCodes } from './migrations/021-authorization-codes.ts'
import { usedAssertions } from './migrations/023-used-assertions.ts'
import type { TextType } from './text-type.ts'

/** One list for both databases, in order of key, never edited after release. */
export const migrationProvider = (text: TextType): MigrationProvider => ({
  getMigrations: async () => ({
    '001-first': first(text),
    '002-sign-in-engine': signInEngine(text),
    '003-sessions': sessions(text),
    '004-auth-events': authEvents(text),
    '005-groups': groups(text),
    '007-branding-and-terms': brandingAndTerms(text),
    '008-domains': domains(text),
    '009-imports': imports(text),
    '010-identity-providers': identityProviders(text),
    '011-risk': risk(text),
    '012-replicas': replicas(text),
    '013-large-pools': largePools(text),
    '020-outbox': outbox(text),
    '021-authorization-codes': authorizationCodes(text),
    '023-used-assertions': usedAssertions(text),
  }),
})
