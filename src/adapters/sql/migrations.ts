import type { MigrationProvider } from 'kysely/migration'
import { first } from './migrations/001-first.ts'
import { signInEngine } from './migrations/002-sign-in-engine.ts'
import { sessions } from './migrations/003-sessions.ts'
import { authEvents } from './migrations/004-auth-events.ts'
import { groups } from './migrations/005-groups.ts'
import { largePools } from './migrations/006-large-pools.ts'
import type { TextType } from './text-type.ts'

/** One list for both databases, in order of key, never edited after release. */
export const migrationProvider = (text: TextType): MigrationProvider => ({
  getMigrations: async () => ({
    '001-first': first(text),
    '002-sign-in-engine': signInEngine(text),
    '003-sessions': sessions(text),
    '004-auth-events': authEvents(text),
    '005-groups': groups(text),
    '006-large-pools': largePools(text),
  }),
})
