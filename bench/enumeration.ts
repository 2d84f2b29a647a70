/**
 * Whether time tells who has an account, at a client that hides it: `node bench/enumeration.ts [samples] [sqlite|postgres]`.
 * Every call that takes a name, on every kind of user that must look like nobody, one call at a time over one socket, in
 * random order. Ends with 1 when a median is more than a millisecond from that of nobody.
 */
import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Crowd } from '../test/crowd.ts'
import { createHidingPlace, createKind, type Kind, nameOf, type Probe, probes } from '../test/enumeration.ts'
import { createPlace } from '../test/places.ts'
import { startPostgres } from '../test/postgres.ts'
import { bundled, sdkAt } from '../test/server-process.ts'

const samples = Number(process.argv[2] ?? 2000)
const kindOfStore = process.argv[3] === 'postgres' ? 'postgres' : 'sqlite'

/** Nobody is locked out for four failures, and four codes an hour are within every limit. Then the clock is moved. */
const triesAnHour = 4
const people = 50
const rounds = Math.ceil(samples / people / triesAnHour)

const postgres = kindOfStore === 'postgres' ? await startPostgres() : undefined
if (postgres) process.env.COGNATE_TEST_DATABASE_URL = postgres.url
const store = await createPlace(kindOfStore)
const iam = join(store.folder, 'iam.yaml')
await writeFile(
  iam,
  'users: [{ name: ada, policies: [AdministratorAccess], accessKeys: [{ id: AKIA1, secret: s }] }]',
)
const bundle = await bundled()
const server = bundle.run(['serve', '--port', '0', ...store.settings, '--iam-file', iam, '--test-clock'])
const url = await server.url()
const client = sdkAt(url, 'AKIA1', 's')
const crowd = new Crowd([url], 1)
const { ClientId, UserPoolId } = await createHidingPlace(client, 'usernames')

/** What is measured, and on whom. */
interface Row {
  readonly probe: Probe
  readonly kind: Kind
  readonly names: readonly string[]
  readonly times: number[]
}
const rows: Row[] = probes.flatMap((probe) =>
  probe.kinds.map((kind) => ({
    probe,
    kind,
    names: Array.from({ length: people }, (_, index) => nameOf(probe.name, kind, index)),
    times: [],
  })),
)
for (const { kind, names } of rows)
  await Promise.all(names.map((name) => createKind(client, { UserPoolId, ClientId }, kind, name)))
client.destroy()

async function measure({ probe, times }: Row, name: string, counts: boolean): Promise<void> {
  const { operation, body } = await probe.call(
    (operation, body) => crowd.send(operation, body),
    ClientId,
    name,
  )
  const from = performance.now()
  const { status } = await crowd.send(operation, body)
  const time = performance.now() - from
  if (status >= 500) throw new Error(`${operation} answered ${status}`)
  if (counts) times.push(time)
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    const item = items[last] as T
    items[last] = items[other] as T
    items[other] = item
  }
  return items
}

// One round more, before any counts: programs are slow at first.
for (let round = 0; round <= rounds; round += 1) {
  const turns = Array.from({ length: triesAnHour }, () => rows)
    .flat()
    .flatMap((row) => row.names.map((name) => ({ row, name })))
  for (const { row, name } of shuffle(turns)) await measure(row, name, round > 0)
  await fetch(`${url}/_cognate/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: 'PT1H' }),
  })
  process.stderr.write(`round ${round} of ${rounds}\n`)
}
crowd.close()
await server.end()
await bundle.remove()
await store.remove()
await postgres?.stop()

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
const shown = (milliseconds: number) => milliseconds.toFixed(2)

process.stdout.write(
  `Node ${process.version}, ${kindOfStore}, ${rounds * people * triesAnHour} samples a row, milliseconds\n\n` +
    '| call | user | median | p95 | from nobody |\n|---|---|---|---|---|\n',
)
for (const { probe, kind, times } of rows) {
  const sorted = times.toSorted((a, b) => a - b)
  const nobody = rows.find((row) => row.probe === probe && row.kind === 'unknown')?.times ?? []
  const median = quantile(sorted, 0.5)
  const difference =
    median -
    quantile(
      nobody.toSorted((a, b) => a - b),
      0.5,
    )
  const figures = [median, quantile(sorted, 0.95), difference].map(shown)
  process.stdout.write(`| ${probe.name} | ${kind} | ${figures.join(' | ')} |\n`)
  if (Math.abs(difference) > 1) process.exitCode = 1
}
