import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { eachLine } from './lines.ts'
import type { Question, Report, Start } from './protocol.ts'

/** A thread or a process that runs one function's file. */
export interface Sandbox {
  readonly send: (question: Question) => void
  /** Whether it keeps the server's process alive. It begins by not doing so. */
  readonly hold: (alive: boolean) => void
  readonly kill: () => Promise<void>
}

export interface SandboxOptions {
  /** The file that runs inside. */
  readonly entry: URL
  readonly start: Start
  /** Megabytes of JavaScript heap. */
  readonly memory: number
  readonly env: Readonly<Record<string, string>>
}

export interface Heard {
  readonly report: (report: Report) => void
  /** It answers no more calls than it has answered, though its last words may still be on their way. */
  readonly dying: () => void
  readonly line: (line: string) => void
  /** Once, at the end; `how` is in the words of Lambda's runtime. */
  readonly ended: (how: string) => void
}

interface Handle {
  ref(): void
  unref(): void
}

export type Isolation = 'thread' | 'process'

const execArgv = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON']
const outOfMemory = 'exited with error: signal: killed'
const exited = (code: number) =>
  code === 0 ? 'exited without providing a reason' : `exited with error: exit status ${code}`

/** Functions can find the way that reports take. What is no report is not heard, and throws nothing here. */
function hear(message: unknown, heard: Heard): void {
  if (typeof message !== 'object' || message === null) return
  const { id, answer, error, broken, crash } = message as Record<string, unknown>
  if ('pong' in message) heard.report({ pong: true })
  else if (typeof crash === 'string') heard.report({ crash })
  else if (typeof id !== 'number') return
  else if (typeof error === 'string') heard.report({ id, error })
  else if (typeof broken === 'string') heard.report({ id, broken })
  else if (typeof answer === 'string') heard.report({ id, answer })
}

export const sandboxes: Record<Isolation, (options: SandboxOptions, heard: Heard) => Sandbox> = {
  thread({ entry, start, memory, env }, heard) {
    const worker = new Worker(entry, {
      name: start.name,
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: memory },
      stdout: true,
      stderr: true,
      execArgv,
      env,
    })
    worker.unref()
    let end: string | undefined
    eachLine(worker.stdout, heard.line)
    eachLine(worker.stderr, heard.line)
    worker.on('message', (message) => hear(message, heard))
    worker.on('error', (error: NodeJS.ErrnoException) => {
      end = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory : exited(1)
      heard.dying()
    })
    worker.on('exit', (code) => heard.ended(end ?? exited(code)))
    return {
      send: (question) => worker.postMessage(question),
      hold: (alive) => (alive ? worker.ref() : worker.unref()),
      kill: async () => void (await worker.terminate()),
    }
  },

  process({ entry, start, memory, env }, heard) {
    const child = fork(fileURLToPath(entry), [JSON.stringify(start)], {
      execArgv: [...execArgv, `--max-old-space-size=${memory}`],
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
    for (const stream of streams) eachLine(stream, heard.line)
    // Pipes and the channel hold the server as well as the child itself. The types call the pipes plain streams.
    const handles = [child, child.channel, ...streams] as unknown as readonly (Handle | null)[]
    const hold = (alive: boolean) => {
      for (const handle of handles) alive ? handle?.ref() : handle?.unref()
    }
    hold(false)
    const over = Promise.withResolvers<void>()
    let end = exited(1)
    child.on('message', (message) => hear(message, heard))
    child.on('error', () => {})
    child.on('exit', (code, signal) => {
      end = signal === null ? exited(code ?? 1) : `exited with error: signal: ${signal}`
      heard.dying()
      over.resolve()
    })
    // Later than `exit`: by now its last words have been read.
    child.on('close', () => {
      heard.ended(end)
      over.resolve()
    })
    return {
      send: (question) => child.send(question, () => {}),
      hold,
      async kill() {
        hold(true)
        child.kill('SIGKILL')
        await over.promise
      },
    }
  },
}
