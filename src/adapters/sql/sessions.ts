import type { Kysely, Selectable } from 'kysely'
import type { Challenge } from '../../domain/challenge.ts'
import type { ClientId, Username, UserPoolId } from '../../domain/ids.ts'
import type { AuthSession } from '../../domain/session.ts'
import type { AuthSessions } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function authSessionTable(db: Kysely<Database>): AuthSessions {
  return {
    async put(session) {
      await db
        .insertInto('auth_sessions')
        .values({
          pool_id: session.poolId,
          digest: session.digest,
          client_id: session.clientId,
          username: session.username,
          name: session.name,
          challenge: session.challenge,
          expires_at: session.expiresAt,
          started_at: session.startedAt,
          attempts: session.attempts,
          progress: JSON.stringify(session.progress),
          question: JSON.stringify(session.question),
        })
        .execute()
    },

    async find(poolId, digest) {
      const row = await db
        .selectFrom('auth_sessions')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .executeTakeFirst()
      return row && toAuthSession(row)
    },

    async take(poolId, digest) {
      const row = await db
        .deleteFrom('auth_sessions')
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .returningAll()
        .executeTakeFirst()
      return row && toAuthSession(row)
    },

    async countAttempt(poolId, digest) {
      const row = await db
        .updateTable('auth_sessions')
        .set((update) => ({ attempts: update('attempts', '+', 1) }))
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .returning('attempts')
        .executeTakeFirst()
      return row?.attempts ?? 0
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('auth_sessions')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

function toAuthSession(row: Selectable<Database['auth_sessions']>): AuthSession {
  return {
    poolId: row.pool_id as UserPoolId,
    digest: row.digest,
    clientId: row.client_id as ClientId,
    username: row.username as Username,
    name: row.name,
    challenge: row.challenge as Challenge,
    expiresAt: row.expires_at,
    startedAt: row.started_at,
    attempts: row.attempts,
    progress: JSON.parse(row.progress),
    question: JSON.parse(row.question),
  }
}
