import type { Echo } from './echo.ts'
import { TEST_NAMESPACE } from './names.ts'

/** Backends between which a route switches; `deployBackends` runs them. */
export const VERSIONS = ['v1', 'v2'] as const

const versionOf = (generation: number) => VERSIONS[generation % VERSIONS.length] ?? 'v1'

/** Spec whose every generation differs in backend, rewrite, both header filters and matches. */
const toSpec = (name: string, generation: number) => {
  const tag = String(generation)
  const extra = generation % 3 === 0 ? [{ path: { value: `/${name}-extra` } }] : []
  const set = [{ name: 'x-generation', value: tag }]
  return {
    matches: [{ path: { value: `/${name}` } }, ...extra],
    filters: [
      {
        type: 'URLRewrite',
        urlRewrite: {
          path: { type: 'ReplacePrefixMatch', replacePrefixMatch: `/generation/${tag}` },
        },
      },
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set } },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { set } },
    ],
    backendRefs: [{ name: `echo-${versionOf(generation)}`, port: 80 }],
  }
}

/** A route for `/<name>` that marks every answer with its generation. */
export const toGenerationRoute = (name: string, generation = 1) => ({
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'APIRoute',
  metadata: { name, namespace: TEST_NAMESPACE },
  spec: toSpec(name, generation),
})

/**
 * The generation that an answer was served by.
 * @throws Error when its parts come from different generations.
 */
export const readGeneration = (headers: NodeJS.Dict<string | string[]>, body: string): number => {
  const { path, headers: sent, version } = JSON.parse(body) as Echo
  const generation = Number(headers['x-generation'])
  const parts = [/^\/generation\/(\d+)/.exec(path)?.[1], sent['x-generation']].map(Number)
  if (parts.some((part) => part !== generation) || version !== versionOf(generation)) {
    throw new Error(`mixed generations: ${generation}, ${parts.join(', ')} from ${version}`)
  }
  return generation
}
