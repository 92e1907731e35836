import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'

/** https://www.ssa.gov/employer/randomization.html: numbers that are never given out. */
const NUMBER =
  /(?<![0-9A-Za-z_-])(?!000|666|9)[0-9]{3}([- ])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9A-Za-z_]|-[0-9])/g

/** Numbers of the social security of the United States. */
export const findSocialSecurityNumbers = (text: string, from: number): Span[] =>
  Array.from(matchFrom(text, from, NUMBER), ({ 0: number, index }) => ({
    start: index,
    end: index + number.length,
    type: 'USSocialSecurityNumber',
  }))
