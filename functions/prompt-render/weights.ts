import type { PromptTemplateSpec } from '#config/kinds/prompt-template.ts'
import { FieldError } from '../runtime/field-error.ts'

/**
 * Of each version, its share of the calls that pin none: all go to the default, unless the versions
 * say otherwise.
 *
 * @throws FieldError when no version would get any
 */
export const compileWeights = ({ versions, defaultVersion }: PromptTemplateSpec): number[] => {
  const name = defaultVersion ?? versions.at(-1)?.name
  if (!versions.some((version) => version.name === name)) {
    throw new FieldError(`spec.defaultVersion: no version is called ${name}`)
  }
  if (versions.every(({ weight }) => weight === undefined)) {
    return versions.map((version) => (version.name === name ? 1 : 0))
  }
  const weights = versions.map(({ weight = 0 }) => weight)
  if (weights.every((weight) => weight === 0)) {
    throw new FieldError('spec.versions: at least one weight must be more than 0')
  }
  return weights
}
