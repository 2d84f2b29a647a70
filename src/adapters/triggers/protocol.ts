/** What a runner and the sandbox of one function say to each other. Events and answers are JSON text, as Lambda has them. */
export interface Start {
  /** A `file:` URL. */
  readonly file: string
  readonly name: string
}

export interface Call {
  readonly id: number
  readonly event: string
  /** When the caller gives up: milliseconds since 1970. */
  readonly deadline: number
  readonly context: {
    readonly functionName: string
    readonly functionVersion: string
    readonly invokedFunctionArn: string
    readonly memoryLimitInMB: string
    readonly awsRequestId: string
    readonly logGroupName: string
    readonly logStreamName: string
  }
}

export type Question = Call | { readonly ping: true }

export type Report =
  | { readonly id: number; readonly answer: string }
  | { readonly id: number; readonly error: string }
  /** The file has no handler, or could not be loaded. */
  | { readonly id: number; readonly broken: string }
  /** Sent on the way out, after an error that nobody caught. */
  | { readonly crash: string }
  | { readonly pong: true }
