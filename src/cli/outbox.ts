import { readConfig } from '../server/config.ts'
import { openStoreOf } from '../server/wiring.ts'
import type { Terminal } from './terminal.ts'

const most = 1000

/**
 * `cognate outbox`: the messages that were given up, newest first, without what is in them; or sends one again. It opens
 * the store itself, so it needs no server, and the server that runs takes up what it revives.
 */
export async function runOutbox(
  terminal: Terminal,
  flags: Readonly<Record<string, unknown>>,
  resend: string | undefined,
): Promise<void> {
  const store = await openStoreOf(readConfig(flags, terminal.env))
  try {
    const letters = await store.messages.dead(most)
    if (resend === undefined) {
      if (letters.length === 0) terminal.print('Nothing was given up.')
      for (const { id, createdAt, medium, to, failures, failure } of letters) {
        terminal.print(`${id}  ${new Date(createdAt).toISOString()}  ${medium}  ${to}`)
        terminal.print(`  failed ${failures === 1 ? 'once' : `${failures} times`}: ${failure}`)
      }
      return
    }
    const wanted = letters.filter(({ id }) => resend === 'all' || id === resend)
    for (const { poolId, id } of wanted) await store.messages.revive(poolId, id, Date.now())
    terminal.print(`${wanted.length} to be sent again`)
    if (wanted.length === 0) terminal.exit(1)
  } finally {
    await store.close()
  }
}
