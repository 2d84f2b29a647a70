/** CloudWatch Logs, S3 and Data Firehose on one socket, as far as logs of pools need them, in their own protocols. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { wellKnownPrincipals } from '../src/adapters/principals/well-known.ts'
import type { PoolLog } from '../src/domain/pool-log.ts'
import { verifySignature } from '../src/protocol/sigv4.ts'

interface LogEvent {
  readonly timestamp: number
  readonly message: string
}

/** How a call is answered in place of doing what it says: with an error, or not at all. */
export type Instead = { readonly status: number; readonly type: string } | 'silence' | undefined

const { find } = wellKnownPrincipals('123456789012')

class Refusal extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string) {
    super(type)
    this.status = status
    this.type = type
  }
}

const missing = () => new Refusal(400, 'ResourceNotFoundException')

export class AwsDestinations {
  /** Streams by group. A test makes groups, buckets and streams; whoever logs makes the streams in a group. */
  readonly groups = new Map<string, Map<string, LogEvent[]>>()
  readonly buckets = new Map<string, Map<string, Buffer>>()
  readonly streams = new Map<string, string[]>()
  /** `PutLogEvents us-east-1`: every call whose signature was right, with the region that it was signed for. */
  readonly asked: string[] = []
  /** The sizes of batches that were asked to be put. */
  readonly sizes: number[] = []
  instead: (operation: string, input: string) => Instead = () => undefined
  /** Of a batch, the records that the stream does not take now. */
  refuses: (record: string) => boolean = () => false
  /** What the service thinks that the time is; it looks at no time when it thinks nothing. */
  now: number | undefined

  #heard = Promise.withResolvers<void>()
  readonly #server = createServer((request, response) => this.#take(request, response))

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** Resolves at the first call after which this holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#heard.promise
  }

  /** What is in a group, over all its streams, oldest first within each. */
  logsIn(group: string): PoolLog[] {
    const events = [...(this.groups.get(group)?.values() ?? [])].flat()
    return events.map(({ message }) => JSON.parse(message))
  }

  /** What is in the files of a bucket, or of those whose key begins so. */
  linesIn(bucket: string, prefix = ''): PoolLog[] {
    const files = [...(this.buckets.get(bucket) ?? [])].filter(([key]) => key.startsWith(prefix))
    return files.flatMap(([, file]) => parsedLines(gunzipSync(file).toString('utf8')))
  }

  /** What a stream was given, joined as Firehose joins it. */
  recordsIn(stream: string): PoolLog[] {
    return parsedLines(this.streams.get(stream)?.join('') ?? '')
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const target = String(request.headers['x-amz-target'] ?? '')
    const [version, operation = 'PutObject'] = target === '' ? [''] : target.split('.')
    const service = version === '' ? 's3' : (version ?? '').startsWith('Logs') ? 'logs' : 'firehose'
    const xml = service === 's3'
    try {
      const { method = '', url = '' } = request
      const headers = request.headers as Record<string, string>
      const { region } = verifySignature(
        { method, target: url, headers, body },
        Date.now(),
        { service },
        find,
      )
      this.asked.push(`${operation} ${region}`)
      const instead = this.instead(operation, xml ? url : body.toString('utf8'))
      if (instead === 'silence') return
      if (instead !== undefined) throw new Refusal(instead.status, instead.type)
      const answer = xml ? this.#putObject(url, body) : this.#json(operation, body.toString('utf8'))
      response.setHeader('content-type', xml ? 'application/xml' : 'application/x-amz-json-1.1')
      response.end(xml ? '' : JSON.stringify(answer))
    } catch (error) {
      const { status, type } = error instanceof Refusal ? error : new Refusal(403, String(error))
      response.writeHead(status, { 'content-type': xml ? 'application/xml' : 'application/x-amz-json-1.1' })
      response.end(
        xml
          ? `<?xml version="1.0"?><Error><Code>${type}</Code><Message>no</Message></Error>`
          : JSON.stringify({ __type: type, message: `no: ${body.toString('utf8')}` }),
      )
    } finally {
      this.#heard.resolve()
      this.#heard = Promise.withResolvers()
    }
  }

  #json(operation: string, text: string): unknown {
    const input = JSON.parse(text)
    if (operation === 'PutLogEvents') return this.#putLogEvents(input)
    if (operation === 'CreateLogStream') return this.#createLogStream(input)
    if (operation === 'PutRecordBatch') return this.#putRecordBatch(input)
    throw new Refusal(400, 'UnknownOperationException')
  }

  #putLogEvents(input: { logGroupName: string; logStreamName: string; logEvents: LogEvent[] }): unknown {
    const stream = this.groups.get(input.logGroupName)?.get(input.logStreamName)
    if (stream === undefined) throw missing()
    const { logEvents } = input
    const bytes = logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0)
    const inOrder = logEvents.every(
      ({ timestamp }, index) => timestamp >= (logEvents[index - 1]?.timestamp ?? 0),
    )
    if (logEvents.length === 0 || logEvents.length > 10_000 || bytes > 1_048_576 || !inOrder)
      throw new Refusal(400, 'InvalidParameterException')
    this.sizes.push(logEvents.length)
    const { now } = this
    const tooNew = logEvents.findIndex(({ timestamp }) => now !== undefined && timestamp > now + 7_200_000)
    const taken = tooNew < 0 ? logEvents : logEvents.slice(0, tooNew)
    stream.push(...taken)
    return tooNew < 0 ? {} : { rejectedLogEventsInfo: { tooNewLogEventStartIndex: tooNew } }
  }

  #createLogStream(input: { logGroupName: string; logStreamName: string }): unknown {
    const streams = this.groups.get(input.logGroupName)
    if (streams === undefined) throw missing()
    if (streams.has(input.logStreamName)) throw new Refusal(400, 'ResourceAlreadyExistsException')
    streams.set(input.logStreamName, [])
    return {}
  }

  #putObject(url: string, body: Buffer): string {
    const [, bucket = '', key = ''] = /^\/([^/]+)\/([^?]+)/.exec(url) ?? []
    const files = this.buckets.get(bucket)
    if (files === undefined) throw new Refusal(404, 'NoSuchBucket')
    files.set(key, body)
    return ''
  }

  #putRecordBatch(input: { DeliveryStreamName: string; Records: { Data: string }[] }): unknown {
    const stream = this.streams.get(input.DeliveryStreamName)
    if (stream === undefined) throw missing()
    if (input.Records.length === 0 || input.Records.length > 500)
      throw new Refusal(400, 'InvalidArgumentException')
    this.sizes.push(input.Records.length)
    const RequestResponses = input.Records.map(({ Data }, index) => {
      const record = Buffer.from(Data, 'base64').toString('utf8')
      if (this.refuses(record))
        return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: `Slow down: ${record}` }
      stream.push(record)
      return { RecordId: String(index) }
    })
    const FailedPutCount = RequestResponses.filter((answer) => 'ErrorCode' in answer).length
    return { FailedPutCount, RequestResponses }
  }
}

function parsedLines(text: string): PoolLog[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
