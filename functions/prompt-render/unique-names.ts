import { FieldError } from '../runtime/field-error.ts'

/** The names of a list, in order. @throws FieldError for a name that stands there twice */
export const toUniqueNames = (
  list: readonly { readonly name: string }[],
  field: string,
): ReadonlySet<string> => {
  const names = new Set<string>()
  for (const [index, { name }] of list.entries()) {
    if (names.has(name)) throw new FieldError(`${field}[${index}].name: ${name} is given twice`)
    names.add(name)
  }
  return names
}
