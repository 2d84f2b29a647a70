#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: a Node too old to run Cognate finds the one that is pinned beside it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Parsed and stripped code is kept between starts: from source, a start takes half the time. Kept beside the code and
  // not where Node would by itself, in a folder of /tmp that anybody may have made.
  nodeModule.enableCompileCache(path('node_modules/.cache/compile'))
  // In a clone the source is what counts, whatever was built from it; a published package has the bundle only.
  await import(existsSync(path('src/main.ts')) ? '../src/main.ts' : '../dist/main.js')
} else if (existsSync(path('node_modules/.bin/node'))) {
  const child = spawn(path('node_modules/.bin/node'), [path('bin/cognate.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal]
  })
} else {
  process.stderr.write(`cognate needs Node 24 or later; this is ${process.versions.node}\n`)
  process.exitCode = 2
}
