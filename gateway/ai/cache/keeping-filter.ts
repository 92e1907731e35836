import type { ChatAnswer } from '../chat/answer.ts'
import { createAnswerAssembly } from '../chat/answer-assembly.ts'
import type { StreamFilter } from '../gates/gate.ts'

/** What was broken off or refused, or says nothing, is no answer for others. */
export const isKeepable = ({ finish, parts }: ChatAnswer): boolean =>
  (finish === 'stop' || finish === 'toolCalls') &&
  parts.every(({ type }) => type !== 'refusal') &&
  parts.some((part) => part.type === 'toolCall' || (part.type === 'text' && part.text !== ''))

/** Lets a stream pass as it is, and tells of its answer once it has come to its end. */
export const createKeepingFilter = (keep: (answer: ChatAnswer) => void): StreamFilter => {
  const assembly = createAnswerAssembly()
  let isKept = false
  return {
    push(event) {
      assembly.push(event)
      const answer = event.type === 'end' && !isKept ? assembly.toAnswer() : undefined
      if (answer) {
        isKept = true
        keep(answer)
      }
      return [event]
    },
  }
}
