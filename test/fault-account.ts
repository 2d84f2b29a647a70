import { appendFileSync } from 'node:fs'
import { operations } from '../src/api/registry.ts'
import { isRegional } from '../src/api/secondary.ts'
import type { FaultCode } from '../src/domain/faults.ts'
import type { Operation } from '../src/protocol/operation.ts'

/** Refusals that every operation may utter without declaring them. */
const implied: ReadonlySet<FaultCode> = new Set([
  'MalformedBody',
  'WrongJsonType',
  'ValidationFailed',
  'ConcurrentChange',
  'TooManyRequests',
])

/** Keeps account of the faults that operations raise, and of those they should not have. */
export class FaultAccount {
  readonly #raised = new Set<string>()
  readonly undeclared = new Set<string>()

  witness = (operation: Operation, code: FaultCode | undefined): void => {
    if (code === undefined) return
    const entry = `${operation.name} ${code}`
    this.#raised.add(entry)
    const declared =
      operation.faults.includes(code) ||
      operation.access.faults.includes(code) ||
      implied.has(code) ||
      (code === 'OperationNotEnabled' && isRegional(operation.name))
    if (!declared) this.undeclared.add(entry)
  }

  /** Hands the account to the run's teardown. */
  close(): void {
    const file = process.env.COGNATE_TEST_FAULTS
    if (file && this.#raised.size > 0) appendFileSync(file, `${[...this.#raised].join('\n')}\n`)
  }
}

/** Faults that operations declare and no test has raised. */
export function unraisedFaults(raised: ReadonlySet<string>): string[] {
  const declared = [...operations.values()].flatMap((operation) =>
    operation.faults.map((code) => `${operation.name} ${code}`),
  )
  return declared.filter((entry) => !raised.has(entry))
}
