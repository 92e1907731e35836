/**
 * Folders every text starts with that the pattern can match: `/users` for `/users/[0-9]+`, and
 * `''` when that cannot be told at a glance. Each folder is complete: a `/` follows it.
 */
export const literalFolders = (source: string): string => {
  // A group without escapes and classes keeps its alternatives to itself.
  if (source.replace(/\([^()[\]\\]*\)/g, '').includes('|')) return ''
  return /^\^?((?:\/[\w~-]+)*)\/(?![*+?{])/.exec(source)?.[1] ?? ''
}
