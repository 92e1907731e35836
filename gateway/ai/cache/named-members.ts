const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const pickFromList = (list: readonly unknown[], names: ReadonlySet<string>): unknown => {
  const items = list.map((item) => pickMembers(item, names))
  return items.every((item) => item === undefined) ? undefined : items
}

/**
 * What is left of a value when only members of these names stay, each in its place and with all
 * that it holds.
 *
 * @returns undefined when there are none
 * @throws RangeError for what is nested too deep
 */
export const pickMembers = (value: unknown, names: ReadonlySet<string>): unknown => {
  if (!isObject(value)) return undefined
  if (Array.isArray(value)) return pickFromList(value, names)
  const members = Object.entries(value).flatMap(([name, member]) => {
    const picked = names.has(name) ? member : pickMembers(member, names)
    return picked === undefined ? [] : [[name, picked] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}
