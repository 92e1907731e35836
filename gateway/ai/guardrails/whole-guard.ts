import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import { createAnswerAssembly } from '../chat/answer-assembly.ts'
import { toEvents } from '../chat/answer-events.ts'
import { type AnswerCheck, type CheckedAnswer, checkAnswer } from './check-answer.ts'
import type { StreamGuard } from './stream-guard.ts'

/** What says nothing of the answer itself. */
const ASIDE: readonly ChatEvent['type'][] = ['start', 'usage', 'end']

const isSaid = ({ type }: ChatEvent): boolean => !ASIDE.includes(type)

/** Holds a stream back until it is known what it says: for rules that look at all of it. */
export const createWholeGuard = (check: AnswerCheck): StreamGuard => {
  const assembly = createAnswerAssembly()
  let checked: CheckedAnswer | undefined

  const release = async (answer: ChatAnswer): Promise<ChatEvent[]> => {
    checked = await checkAnswer(answer, check)
    if (checked.blocked) return [{ type: 'error', message: checked.blocked.message }]
    return toEvents(checked.answer).filter(isSaid)
  }

  return {
    push(event) {
      if (checked?.blocked) return []
      assembly.push(event)
      // Of a provider that failed nothing is let out: not all of it was judged.
      if (!isSaid(event) || event.type === 'error') return [event]
      const answer = event.type === 'finish' ? assembly.toAnswer() : undefined
      return answer ? release(answer) : []
    },
    /** What is only a part of an answer was judged by nobody. */
    end: () => [],
    get findings() {
      return checked?.findings ?? []
    },
    get audited() {
      return checked?.audited
    },
    get blocked() {
      return checked?.blocked
    },
  }
}
