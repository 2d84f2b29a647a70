/** `npm run build`: the server as plain JavaScript in dist/, with its dependencies inside. */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Writes main.js, what runs in workers beside it, and what is loaded only by those who use it. Returns the bytes written. */
export async function build(folder: string): Promise<number> {
  await rm(folder, { recursive: true, force: true })
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'modexp-worker': 'src/adapters/modexp/worker.ts',
      'bcrypt-worker': 'src/adapters/password-hashes/bcrypt-worker.ts',
      'trigger-inside': 'src/adapters/triggers/inside.ts',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    // An addon that `pg` tries to load and does without.
    external: ['pg-native'],
    // Packages in CommonJS ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  })
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0)
}

if (import.meta.main) {
  const bytes = await build(fileURLToPath(new URL('../dist', import.meta.url)))
  process.stdout.write(`dist: ${Math.round(bytes / 1024)} KiB\n`)
}
