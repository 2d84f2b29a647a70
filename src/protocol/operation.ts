import type { FaultCode } from '../domain/faults.ts'
import type { Call } from '../ports/app.ts'
import type { AnyShape, Input, Output } from './shape.ts'

/**
 * Who may call an operation, as a value: what it needs of the input, and the subject it proves. Naming an access on an
 * operation whose input lacks what it needs does not compile (`admit` is a property, so its parameters are compared
 * strictly).
 */
export interface Access<Needs, Subject> {
  /** How callers prove who they are. `client` names an app client and nothing else, `mail` shows what was mailed. */
  readonly by: 'iam' | 'token' | 'client' | 'mail'
  /** For `iam`: what the policy's resource is. */
  readonly resource?: 'account' | 'pool'
  /** Refusals that this access may raise, whichever operation it guards. */
  readonly faults: readonly FaultCode[]
  readonly admit: (call: Call, input: Needs) => Promise<Subject>
}

/** What `run` receives: the call, the input and the subject that its access has proven. */
export type Handed<I extends AnyShape, Subject> = Call & Subject & { readonly input: Input<I> }

interface Declaration<I extends AnyShape, O extends AnyShape, Subject> {
  readonly doc: string
  readonly access: Access<Input<I>, Subject>
  readonly input: I
  readonly output: O
  /** Refusals particular to this operation; those of its access and of validation are implied. */
  readonly faults: readonly FaultCode[]
  /** A known deviation from AWS, printed in docs/operations.md. */
  readonly differs?: string
  readonly run: (handed: Handed<I, Subject>) => Promise<Output<O>>
}

/** An operation as the pipeline sees it: declared types are behind it, JSON in front. */
export interface Operation {
  readonly name: string
  readonly doc: string
  readonly access: Pick<Access<never, unknown>, 'by' | 'resource' | 'faults'>
  readonly input: AnyShape
  readonly output: AnyShape
  readonly faults: readonly FaultCode[]
  readonly differs?: string
  /** The subject that the access proves; `input` has been read by `this.input`. */
  readonly admit: (call: Call, input: unknown) => Promise<unknown>
  /** Returns the output, not yet written. */
  readonly run: (call: Call, subject: unknown, input: unknown) => Promise<unknown>
}

export function operation<I extends AnyShape, O extends AnyShape, Subject>(
  name: string,
  declaration: Declaration<I, O, Subject>,
): Operation {
  const { access, run, ...facts } = declaration
  return {
    ...facts,
    name,
    access,
    admit: (call, input) => access.admit(call, input as Input<I>),
    run: (call, subject, input) => run({ ...call, ...(subject as Subject), input: input as Input<I> }),
  }
}
