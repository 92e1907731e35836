import type { CompiledSegment } from '#config/compiled/prompt.ts'
import { FieldError } from '../runtime/field-error.ts'

/** A brace itself, a variable, text without braces, or a brace that stands alone. */
const TOKEN = /\{\{|\}\}|\{([A-Za-z][A-Za-z0-9_]{0,62})\}|[^{}]+|[{}]/g

/**
 * The pieces of a text, in which `{name}` stands for a variable, and `{{` and `}}` for braces.
 *
 * @param names of the variables that there are
 * @throws FieldError for a variable that is not among them, and for a brace that stands alone
 */
export const compileTemplate = (
  template: string,
  names: ReadonlySet<string>,
  field: string,
): CompiledSegment[] => {
  const segments: CompiledSegment[] = []
  let text = ''
  const endText = () => {
    if (text !== '') segments.push({ text })
    text = ''
  }
  for (const { 0: token, 1: variable, index } of template.matchAll(TOKEN)) {
    if (variable !== undefined) {
      if (!names.has(variable)) throw new FieldError(`${field}: ${token} is no declared variable`)
      endText()
      segments.push({ variable })
    } else if (token === '{' || token === '}') {
      throw new FieldError(
        `${field}: ${token} at character ${index + 1} stands alone; write ${token}${token} for the brace itself`,
      )
    } else {
      text += token === '{{' || token === '}}' ? token.slice(1) : token
    }
  }
  endText()
  return segments
}
