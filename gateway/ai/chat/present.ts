type Present<Fields> = { readonly [Name in keyof Fields]?: NonNullable<Fields[Name]> }

/** Whether a field is not there: null is as good as absent. */
export const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null

/** The fields that are there. */
export const toPresent = <Fields extends object>(fields: Fields): Present<Fields> => {
  const present = { ...fields }
  for (const name in present) if (isAbsent(present[name])) delete present[name]
  return present as Present<Fields>
}
