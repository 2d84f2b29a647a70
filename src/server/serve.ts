import { randomUUID } from 'node:crypto'
import { operationNames } from '../api/names.ts'
import { createApi, refuse } from '../api/pipeline.ts'
import { operations } from '../api/registry.ts'
import { Fault } from '../domain/faults.ts'
import { isForKms, kmsFace } from '../kms/face.ts'
import type { App } from '../ports/app.ts'
import { startChores } from './chores.ts'
import type { Config } from './config.ts'
import { startDelivery } from './delivery.ts'
import { type Handlers, listen, standardLimits } from './http.ts'
import { startImports } from './imports.ts'
import { type Signers, wire } from './wiring.ts'

export interface Served {
  readonly url: string
  readonly signers: Signers
  /** Opens the files of the trail anew, where it has any. */
  readonly reopen: (() => void) | undefined
  readonly stop: () => Promise<void>
}

const grace = 10_000

/** Starts a server as the settings say. It is ready when the promise resolves. */
export async function serve(config: Config): Promise<Served> {
  const { promise: handlers, resolve: ready } = Promise.withResolvers<Handlers>()
  const listening = await listen(config.host, config.port, handlers)
  try {
    // With port 0 the address is known only now, and tokens name it.
    const publicUrl = config.publicUrl ?? `http://localhost:${listening.port}`
    const { app, signers, clock, close } = await wire(config, publicUrl)
    const stopping = new AbortController()
    const web = once(async () => {
      // Loaded at the first request: half of clients never ask for a page, and it is a third of the start.
      const { webFace } = await import('./web.ts')
      return webFace(app, { inbox: readersOf(config), clock, stopping: stopping.signal })
    })
    ready({
      api: apiOf(app),
      tooLarge: () => refuse(randomUUID(), new Fault('BodyTooLarge', standardLimits.body)),
      web: async (request, response) => (await web())(request, response),
      failed: (error) => app.journal.error('unexpected failure', { error }),
    })
    const stopChores = startChores(app)
    const stopDelivery = startDelivery(app)
    const stopImports = startImports(app)
    return {
      signers,
      reopen: app.trail?.reopen,
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${listening.port}`,
      async stop() {
        stopping.abort()
        // Whoever waits for a message is answered with what there is.
        app.outbox.kick()
        await listening.stop(grace)
        await stopDelivery()
        await stopImports()
        await stopChores()
        await close()
      },
    }
  } catch (error) {
    await listening.stop(0)
    throw error
  }
}

/** `POST /`: the user pools API, and the KMS API where the keys are this server's own. */
function apiOf(app: App): Handlers['api'] {
  const userPools = createApi(app, operations, operationNames)
  const { keys } = app.kms
  if (keys === undefined) return userPools
  const kms = kmsFace(app, keys)
  return async (request) => (isForKms(request) ? kms(request) : userPools(request))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

function readersOf({ inbox, loopback }: Config): 'everybody' | 'loopback' | 'nobody' {
  if (inbox === 'on') return 'everybody'
  return inbox === 'loopback' && loopback ? 'loopback' : 'nobody'
}
