import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { CustomSending, Message } from '../../domain/message.ts'
import type { Messages, PendingMessage } from '../../ports/messages.ts'
import type { Vault } from '../../ports/vault.ts'
import type { Database } from './tables.ts'

type Row = Selectable<Database['messages']>

/** Messages hold codes and temporary passwords, so all of a message but its address is sealed. */
export function messageTable(db: Kysely<Database>, vault: Vault): Messages {
  const opened = (row: Row): PendingMessage => {
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
      failures: row.failures,
      ...(row.failure !== null && { failure: row.failure }),
    }
  }
  const one = ({ poolId, id }: Pick<Message, 'poolId' | 'id'>) =>
    db.updateTable('messages').where('pool_id', '=', poolId).where('id', '=', id)

  return {
    async put(message, dueAt) {
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
          due_at: dueAt ?? null,
        })
        .execute()
    },

    async claim(medium, now, until, limit) {
      const due = await db
        .selectFrom('messages')
        .select(['pool_id', 'id'])
        .where('medium', '=', medium)
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute()
      // One by one: of the nodes that have found the same, each row goes to one.
      const claimed = await Promise.all(
        due.map((row) =>
          db
            .updateTable('messages')
            .set({ due_at: until })
            .where('pool_id', '=', row.pool_id)
            .where('id', '=', row.id)
            .where('due_at', '<=', now)
            .returningAll()
            .executeTakeFirst(),
        ),
      )
      return claimed.flatMap((row) => (row === undefined ? [] : [opened(row)]))
    },

    async delivered({ poolId, id }) {
      await db.deleteFrom('messages').where('pool_id', '=', poolId).where('id', '=', id).execute()
    },

    async postpone(message, { failures, failure, dueAt }) {
      await one(message)
        .set({ failures, failure, due_at: dueAt ?? null })
        .execute()
    },

    async dead(limit) {
      const rows = await db
        .selectFrom('messages')
        .selectAll()
        .where('failures', '>', 0)
        .where('due_at', 'is', null)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(opened)
    },

    async revive(poolId, id, now) {
      const { numUpdatedRows } = await one({ poolId, id })
        .set({ due_at: now, failures: 0 })
        .where('failures', '>', 0)
        .where('due_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    async list({ poolId, to, limit }) {
      let query = db.selectFrom('messages').selectAll()
      if (poolId !== undefined) query = query.where('pool_id', '=', poolId)
      if (to !== undefined) query = query.where('recipient', '=', to)
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => {
        const { failures: _, failure: __, ...message } = opened(row)
        return message
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
