#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: a Node too old to run Cognate finds the one that is pinned beside it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const source = new URL('../src/main.ts', import.meta.url)
const main = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Parsed and stripped code is kept between starts: a start from source takes a third of the time.
  nodeModule.enableCompileCache()
  await import(main.href)
} else {
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) {
    const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128)
    })
  } else {
    process.stderr.write(`cognate needs Node 24 or later; this is ${process.versions.node}\n`)
    process.exitCode = 2
  }
}
