import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type LogDestination, sourceName } from '../../domain/pool-log.ts'
import type { Instant } from '../../lib/instant.ts'
import { byRegion, nothingLeft, refusal, resourceOf, type Sender } from './sender.ts'

const zip = promisify(gzip)

/** Amazon S3, or whatever speaks its API at the endpoint: a file of lines, compressed, for every request. */
export function s3Sender(endpoint: string | undefined, accountId: string): Sender {
  const clients = byRegion(
    (region) =>
      new S3Client({
        region,
        ...(endpoint !== undefined && { endpoint }),
        // Other servers than AWS's seldom answer at a host name of every bucket, and AWS answers at both.
        forcePathStyle: true,
        // A bucket may be in another region than the pool.
        followRegionRedirects: true,
        maxAttempts: 1,
      }),
  )
  return {
    async send(destination, lines, abortSignal) {
      const { name: Bucket, region } = resourceOf(destination)
      const text = lines.map((line) => `${line.text}\n`).join('')
      const command = new PutObjectCommand({
        Bucket,
        Key: objectKey(destination, accountId, lines[0]?.at ?? 0, text),
        Body: await zip(text),
        ContentType: 'application/gzip',
      })
      await clients.in(region).send(command, { abortSignal }).catch(refusal)
      return nothingLeft
    },
    close: clients.close,
  }
}

/**
 * As AWS names the files in a bucket (grafana/lambda-promtail#92). Where it has random figures they are digests here: of the
 * destination, and of what is in the file, so that a second try of the same lines makes no second file.
 */
export function objectKey(
  { arn, poolId, region, source }: LogDestination,
  accountId: string,
  at: Instant,
  text: string,
): string {
  const event = sourceName(source)
  const delivery = digestOf(`${arn} ${poolId}`).replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/,
    '$1-$2-$3-$4-$5',
  )
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
  const file = [
    `${accountId}_aws_cognito_service_logs_${region}_${poolId}_${source}_INFO_S3_${delivery}`,
    `cognito-${poolId}_${event}_${day}_${digestOf(text).slice(0, 16)}.log.gz`,
  ]
  return `AWSLogs/${accountId}/AWSCognitoServiceLogs/${region}/${poolId}/${event}/${file.join('_')}`
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')
