import type { UserPoolId } from '../domain/ids.ts'
import { mostBytes } from '../domain/import-job.ts'
import type { App } from '../ports/app.ts'
import { StaleRow } from '../ports/store.ts'

/** Of a chunk's bytes a third more becomes one row of text. */
const chunkBytes = 256 * 1024

export type Received = 'stored' | 'too large' | 'not expected'

/**
 * Takes a job's file in, chunk by chunk, each durable before the next is read: no more than one is in memory. It takes the
 * place of one uploaded before once it is whole; what breaks off leaves nothing.
 */
export async function receiveUpload(
  app: App,
  poolId: UserPoolId,
  jobId: string,
  body: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const upload = app.random.uuid()
  const { imports } = app.store
  let received: Received | undefined
  try {
    const chunks = await storeChunks(app, { poolId, jobId, upload }, body)
    received = chunks === undefined ? 'too large' : await accept(app, poolId, jobId, { id: upload, chunks })
    return received
  } finally {
    if (received !== 'stored') await imports.deleteChunks(poolId, jobId, upload)
  }
}

/** How many there are; nothing when they are more than a file may have. */
async function storeChunks(
  { store }: App,
  of: { readonly poolId: UserPoolId; readonly jobId: string; readonly upload: string },
  body: AsyncIterable<Uint8Array>,
): Promise<number | undefined> {
  let number = 0
  let gathered: Uint8Array[] = []
  let size = 0
  let total = 0
  const put = async () => {
    await store.imports.putChunk({ ...of, number, bytes: Buffer.concat(gathered) })
    number += 1
    gathered = []
    size = 0
  }
  for await (const bytes of body) {
    total += bytes.length
    if (total > mostBytes) return undefined
    gathered.push(bytes)
    size += bytes.length
    if (size >= chunkBytes) await put()
  }
  if (size > 0) await put()
  return number
}

/** A job takes a file until it is started. */
async function accept(
  { store }: App,
  poolId: UserPoolId,
  jobId: string,
  upload: { readonly id: string; readonly chunks: number },
): Promise<Received> {
  for (;;) {
    const job = await store.imports.find(poolId, jobId)
    if (job?.status !== 'Created') return 'not expected'
    try {
      await store.transaction(async (store) => {
        await store.imports.save({ ...job, upload })
        if (job.upload !== undefined) await store.imports.deleteChunks(poolId, jobId, job.upload.id)
      })
      return 'stored'
    } catch (error) {
      // Another upload was whole first, or somebody has started the job: look again.
      if (!(error instanceof StaleRow)) throw error
    }
  }
}
