import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

/** A process of its own: what is built from `entry`, into `dist/` beside it. */
export interface Component {
  /** Also the name of its image: `penstock/<name>`. */
  readonly name: string
  readonly entry: string
}

export const components: readonly Component[] = [
  { name: 'route-compile', entry: 'functions/route-compile/main.ts' },
  { name: 'model-compile', entry: 'functions/model-compile/main.ts' },
  { name: 'prompt-render', entry: 'functions/prompt-render/main.ts' },
  { name: 'status-update', entry: 'functions/status-update/main.ts' },
  { name: 'cr-source', entry: 'sources/cr-source/main.ts' },
  { name: 'gateway', entry: 'gateway/main.ts' },
]

const root = import.meta.dirname

/** Dependencies in CommonJS call `require` for Node's own modules; an ES module has none. */
const REQUIRE =
  "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);"

/** What `node main.js` and buildpacks need to know; the bundle has no dependencies left. */
const manifest = (name: string) => ({
  name: `penstock-${name}`,
  private: true,
  type: 'module',
  engines: { node: '>=24' },
  scripts: { start: 'node --enable-source-maps main.js' },
})

/**
 * Bundles a component into `dist/main.js` beside its entry, a folder that runs, and that
 * `kn func deploy` takes, on its own.
 * @returns the folder, absolute.
 * @throws Error when the entry is missing or does not compile.
 */
export const bundle = async ({ name, entry }: Component): Promise<string> => {
  const source = join(root, entry)
  if (!existsSync(source)) throw new Error(`cannot build ${name}: there is no ${entry}`)
  const folder = join(dirname(source), 'dist')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [source],
    outfile: join(folder, 'main.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: REQUIRE },
    logLevel: 'error',
  })
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(name), null, 2)}\n`)
  const func = join(dirname(source), 'func.yaml')
  if (existsSync(func)) await copyFile(func, join(folder, 'func.yaml'))
  return folder
}

if (import.meta.main) {
  try {
    for (const component of components) console.log(await bundle(component))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
