import type { CompiledPrompt } from '#config/compiled/prompt.ts'
import { type PromptTemplateSpec, promptTemplate } from '#config/kinds/prompt-template.ts'
import { normalizePath } from '#lib/http/normalize-path.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createSpecCompiler } from '../runtime/spec-compiler.ts'
import { toUniqueNames } from './unique-names.ts'
import { compileVariables } from './variables.ts'
import { compileVersion } from './versions.ts'
import { compileWeights } from './weights.ts'

/** A path that requests are never normalised to would never match. */
const checkPath = (path: string): string => {
  const normal = normalizePath(path)
  if (normal === path) return path
  const hint = normal === undefined ? 'not a valid path' : `write ${normal}`
  throw new FieldError(`spec.expose.path: no request has this path; ${hint}`)
}

/** Providers take letters, digits, `_` and `-`, at most 64 of them. */
const toOutputName = (name: string): string => name.replaceAll('.', '_').slice(0, 64)

const compileSpec = (spec: PromptTemplateSpec, { metadata }: KubeObject): CompiledPrompt => {
  const { variables = [], versions, expose } = spec
  const names = toUniqueNames(variables, 'spec.variables')
  toUniqueNames(versions, 'spec.versions')
  const weights = compileWeights(spec)
  const context = { model: spec.model, names, outputName: toOutputName(metadata.name) }
  return {
    variables: compileVariables(variables),
    versions: versions.map((version, index) => ({
      name: version.name,
      weight: weights[index] ?? 0,
      ...compileVersion(version, `spec.versions[${index}]`, context),
    })),
    ...(expose && {
      expose: { path: checkPath(expose.path), hostnames: expose.hostnames ?? [] },
    }),
  }
}

/** Compiles a PromptTemplate. */
export const compilePrompt = createSpecCompiler(promptTemplate.spec, compileSpec)
