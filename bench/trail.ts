/**
 * What the audit trail costs: `node bench/trail.ts [rounds] [calls]`. The same calls, 16 under way at once, to one server
 * without a trail, one that writes it to a file and one that writes both forms, in turn. Prints medians of the rounds:
 * calls in a second, and processor time of the server a call.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Crowd, type Json } from '../test/crowd.ts'
import { createClient, createPool, createUser, password } from '../test/fixtures.ts'
import { bundled, type Running, sdkAt } from '../test/server-process.ts'

const rounds = Number(process.argv[2] ?? 9)
const count = Number(process.argv[3] ?? 3000)
const together = 16

const folder = await mkdtemp(join(tmpdir(), 'cognate-trail-'))
const bundle = await bundled()

const file = `file:${join(folder, 'trail.jsonl')}`
const trails = {
  'no trail': '',
  'file:': file,
  'file: and cloudtrail:': `${file}.2,cloudtrail:${join(folder, 'cloudtrail.jsonl')}`,
}

/** Seconds that a process has had of a processor. */
async function processorTime({ child }: Running): Promise<number> {
  const [, rest = ''] = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')
  const fields = rest.split(' ')
  // utime and stime, in hundredths: proc(5)
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function prepare(trail: string) {
  const server = bundle.run(['serve', '--port', '0', '--data', bundle.newData(), '--iam', 'off'], {
    COGNATE_TRAIL: trail,
  })
  const url = await server.url()
  const served = { client: sdkAt(url) }
  const UserPoolId = await createPool(served)
  const { ClientId } = await createClient(served, UserPoolId)
  await createUser(served, UserPoolId, 'ada')
  const crowd = new Crowd([url], together)
  const AuthParameters = { USERNAME: 'ada', PASSWORD: password }
  const calls = {
    AdminGetUser: { UserPoolId, Username: 'ada' },
    InitiateAuth: { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters },
  }
  return { server, crowd, calls }
}

/** Calls in a second, and microseconds of processor time each. */
async function measure(server: Running, crowd: Crowd, operation: string, body: Json, calls: number) {
  const [from, used] = [performance.now(), await processorTime(server)]
  let left = calls
  const caller = async () => {
    while (left > 0) {
      left -= 1
      const { status } = await crowd.send(operation, body)
      if (status !== 200) throw new Error(`${operation} answers ${status}`)
    }
  }
  await Promise.all(Array.from({ length: together }, caller))
  const seconds = (performance.now() - from) / 1000
  return { rate: calls / seconds, cost: (((await processorTime(server)) - used) / calls) * 1e6 }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

try {
  const servers = await Promise.all(
    Object.entries(trails).map(async ([name, trail]) => ({ name, ...(await prepare(trail)) })),
  )
  for (const operation of ['AdminGetUser', 'InitiateAuth'] as const) {
    const found = servers.map(() => [] as { rate: number; cost: number }[])
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, { server, crowd, calls }] of servers.entries()) {
        const measured = await measure(server, crowd, operation, calls[operation], count)
        // The first is for warming up.
        if (round > 0) found[index]?.push(measured)
      }
    }
    for (const [index, { name }] of servers.entries()) {
      const [rates, costs] = [
        found[index]?.map(({ rate }) => rate) ?? [],
        found[index]?.map(({ cost }) => cost) ?? [],
      ]
      const rate = median(rates).toFixed(0).padStart(6)
      const cost = median(costs).toFixed(0).padStart(6)
      process.stdout.write(`${operation.padEnd(13)} ${name.padEnd(22)} ${rate} calls/s ${cost} µs a call\n`)
    }
  }
  for (const { crowd } of servers) crowd.close()
} finally {
  await bundle.remove()
  await rm(folder, { recursive: true, force: true })
}
