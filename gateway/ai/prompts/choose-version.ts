import type { CompiledPrompt, CompiledPromptVersion } from '#config/compiled/prompt.ts'

/**
 * The version that answers a call.
 *
 * @param pinned the name of the only one that will do
 * @param random at least 0 and less than 1: where among the shares of the versions the call falls
 * @returns undefined when there is no version of the pinned name
 */
export const chooseVersion = (
  { versions }: Pick<CompiledPrompt, 'versions'>,
  pinned: string | undefined,
  random: number,
): CompiledPromptVersion | undefined => {
  if (pinned !== undefined) return versions.find(({ name }) => name === pinned)
  let left = random * versions.reduce((sum, { weight }) => sum + weight, 0)
  for (const version of versions) {
    if (left < version.weight) return version
    left -= version.weight
  }
  return undefined
}
