import { randomUUID } from 'node:crypto'
import { TriggerFailed, TriggerUnreachable } from '../../ports/trigger-runner.ts'
import type { FunctionArn } from './function-arn.ts'
import type { Report } from './protocol.ts'
import { type Isolation, type Sandbox, type SandboxOptions, sandboxes } from './sandbox.ts'

interface Pending {
  readonly requestId: string
  readonly timer: NodeJS.Timeout
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

export interface InstanceOptions extends SandboxOptions {
  readonly isolation: Isolation
  readonly timeout: number
}

export interface InstanceHeard {
  readonly line: (line: string) => void
  /** It takes no more calls; those that it has may still be answered. */
  readonly retired: (instance: Instance) => void
  readonly ended: (instance: Instance) => void
}

/** How long a sandbox may take to say that it is alive, once an invocation is overdue. */
const grace = 250

/** One warm sandbox and the invocations it owes. */
export class Instance {
  readonly #options: InstanceOptions
  readonly #heard: InstanceHeard
  readonly #sandbox: Sandbox
  readonly #pending = new Map<number, Pending>()
  readonly #stream: string
  #next = 0
  #retired = false
  #killed = false
  #crash: string | undefined
  #doubt: NodeJS.Timeout | undefined

  constructor(options: InstanceOptions, heard: InstanceHeard) {
    this.#options = options
    this.#heard = heard
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
    this.#stream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`
    this.#sandbox = sandboxes[options.isolation](options, {
      report: (report) => this.#take(report),
      dying: () => this.retire(),
      line: heard.line,
      ended: (how) => this.#end(how),
    })
  }

  /** How many invocations it has not answered. */
  get load(): number {
    return this.#pending.size
  }

  /** @throws TriggerFailed, TriggerUnreachable */
  invoke(arn: string, { name, version }: FunctionArn, event: string): Promise<unknown> {
    const { timeout, memory } = this.#options
    return new Promise((resolve, reject) => {
      const id = this.#next++
      const requestId = randomUUID()
      const timer = setTimeout(() => this.#giveUp(id), timeout)
      if (this.#pending.size === 0) this.#sandbox.hold(true)
      this.#pending.set(id, { requestId, timer, resolve, reject })
      this.#sandbox.send({
        id,
        event,
        deadline: Date.now() + timeout,
        context: {
          functionName: name,
          functionVersion: version,
          invokedFunctionArn: arn,
          memoryLimitInMB: String(memory),
          awsRequestId: requestId,
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: this.#stream,
        },
      })
    })
  }

  /** Ends it when it owes nothing any more. */
  retire(): void {
    if (!this.#retired) {
      this.#retired = true
      this.#heard.retired(this)
    }
    if (this.#pending.size === 0) void this.#kill()
  }

  async close(): Promise<void> {
    this.#failAll(() => new TriggerUnreachable('ServiceUnavailableException'))
    await this.#kill()
  }

  /**
   * An invocation is overdue. What it holds on to would stay for ever, so the sandbox is not used again. Others may
   * still be answered, unless it does not even say that it is alive: then it runs in a loop and never will.
   */
  #giveUp(id: number): void {
    this.#settle(id)?.reject(new TriggerUnreachable('Timeout'))
    this.retire()
    if (this.#killed || this.#doubt) return
    this.#doubt = setTimeout(() => {
      this.#failAll(() => new TriggerUnreachable('Timeout'))
      void this.#kill()
    }, grace)
    this.#sandbox.send({ ping: true })
  }

  #take(report: Report): void {
    if ('pong' in report) {
      clearTimeout(this.#doubt)
      this.#doubt = undefined
    } else if ('crash' in report) {
      this.#crash = report.crash
      this.retire()
    } else {
      const pending = this.#settle(report.id)
      if ('answer' in report) pending?.resolve(parsed(report.answer))
      else pending?.reject(new TriggerFailed('error' in report ? report.error : report.broken))
      // What it could not load may be there next time.
      if ('broken' in report) this.retire()
      else if (this.#retired && this.#pending.size === 0) void this.#kill()
    }
  }

  /** Its end fails what it owes. An uncaught error's words may speak of another caller: they go to one that was alone. */
  #end(how: string): void {
    this.#killed = true
    clearTimeout(this.#doubt)
    const words = this.#pending.size === 1 ? this.#crash : undefined
    this.#failAll(
      ({ requestId }) => new TriggerFailed(words ?? `RequestId: ${requestId} Error: Runtime ${how}`),
    )
    this.retire()
    this.#heard.ended(this)
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending === undefined) return undefined
    clearTimeout(pending.timer)
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#sandbox.hold(false)
    return pending
  }

  #failAll(reason: (pending: Pending) => Error): void {
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#settle(id)
      pending?.reject(reason(pending))
    }
  }

  async #kill(): Promise<void> {
    this.#killed = true
    clearTimeout(this.#doubt)
    await this.#sandbox.kill()
  }
}

/** Text that is no JSON, which only a function that talks past its runtime could send, counts as no answer. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return null
  }
}
