import type { Kysely } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { CustomSending, Message } from '../../domain/message.ts'
import type { Messages } from '../../ports/store.ts'
import type { Vault } from '../../ports/vault.ts'
import type { Database } from './tables.ts'

/** Messages hold codes and temporary passwords, so all of a message but its address is sealed. */
export function messageTable(db: Kysely<Database>, vault: Vault): Messages {
  return {
    async put(message) {
      const content: Content = {
        body: message.body,
        ...(message.subject !== undefined && { subject: message.subject }),
        ...(message.code !== undefined && { code: message.code }),
        ...(message.sender !== undefined && { sender: message.sender }),
      }
      await db
        .insertInto('messages')
        .values({
          pool_id: message.poolId,
          id: message.id,
          created_at: message.createdAt,
          medium: message.medium,
          recipient: message.to,
          sealed: vault.seal(Buffer.from(JSON.stringify(content)), context(message.poolId, message.id)),
        })
        .execute()
    },

    async list({ poolId, to, limit }) {
      let query = db.selectFrom('messages').selectAll()
      if (poolId !== undefined) query = query.where('pool_id', '=', poolId)
      if (to !== undefined) query = query.where('recipient', '=', to)
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row): Message => {
        const content: Content = JSON.parse(
          Buffer.from(vault.open(row.sealed, context(row.pool_id, row.id))).toString('utf8'),
        )
        return {
          id: row.id,
          poolId: row.pool_id as UserPoolId,
          medium: row.medium as Message['medium'],
          to: row.recipient,
          ...content,
          createdAt: row.created_at,
        }
      })
    },

    async deleteOlder(before) {
      const { numDeletedRows } = await db
        .deleteFrom('messages')
        .where('created_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },

    async clear({ poolId, to }) {
      let query = db.deleteFrom('messages')
      if (poolId !== undefined) query = query.where('pool_id', '=', poolId)
      if (to !== undefined) query = query.where('recipient', '=', to)
      const { numDeletedRows } = await query.executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

interface Content {
  readonly subject?: string
  readonly body: string
  readonly code?: string
  readonly sender?: CustomSending
}

const context = (poolId: string, id: string) => `message ${poolId} ${id}`
