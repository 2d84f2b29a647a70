/** An import whose server is killed goes on where it stood, and nobody is imported twice. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { countsOf, createImportPool, createJob, csv, describeJob, person, startJob } from './imports.ts'
import { type Bundle, bundled, sdkAt } from './server-process.ts'

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())

const users = 1200
/** Between the batches of 50, at the first and near the last. */
const kills = [1, 500, 1000]

test(`killed ${kills.length} times while it imports`, { timeout: 120_000 }, async (context) => {
  const data = bundle.newData()
  const start = () => bundle.run(['serve', '--port', '0', '--data', data, '--test-clock'])

  let server = start()
  let url = await server.url()
  let client = sdkAt(url)
  const UserPoolId = await createImportPool({ client })
  const { JobId, PreSignedUrl } = await createJob({ client }, UserPoolId)
  const people = Array.from({ length: users }, (_, number) => person(`user${number}`))
  const answer = await fetch(PreSignedUrl, { method: 'PUT', body: csv(people) })
  assert.equal(answer.status, 200)
  await startJob({ client }, UserPoolId, JobId)

  const stood: number[] = []
  for (const least of kills) {
    let imported = 0
    while (imported < least) imported = (await describeJob({ client }, UserPoolId, JobId)).ImportedUsers ?? 0
    server.child.kill('SIGKILL')
    assert.equal((await server.ended).signal, 'SIGKILL')
    client.destroy()

    server = start()
    url = await server.url()
    client = sdkAt(url)
    const job = await describeJob({ client }, UserPoolId, JobId)
    assert.equal(job.Status, 'InProgress', 'it was through before it was killed')
    assert.ok((job.ImportedUsers ?? 0) >= imported, 'what was told is still there')
    stood.push(job.ImportedUsers ?? 0)
    // The dead one's lease has to run out.
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ advance: 'PT16S' })
    assert.equal((await fetch(`${url}/_cognate/clock`, { method: 'POST', headers, body })).status, 200)
  }

  for (;;) {
    const job = await describeJob({ client }, UserPoolId, JobId)
    if (job.Status === 'InProgress') continue
    assert.deepEqual(countsOf(job), {
      Status: 'Succeeded',
      ImportedUsers: users,
      SkippedUsers: 0,
      FailedUsers: 0,
    })
    break
  }
  context.diagnostic(`killed when ${stood.join(', ')} were imported`)
  const log = await fetch(`${url}/_cognate/imports/${UserPoolId}/${JobId}/log`)
  assert.equal(
    await log.text(),
    `[Succeeded] ${users} imported, 0 skipped, 0 failed. Import Job Completed Successfully.\n`,
  )
  client.destroy()
  assert.equal((await server.end()).code, 0)
})
