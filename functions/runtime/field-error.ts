/** A field whose value cannot be compiled, although the CRD lets it through: `<field>: <problem>`. */
export class FieldError extends Error {
  override readonly name = 'FieldError'
}
