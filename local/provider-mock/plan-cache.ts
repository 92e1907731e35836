import { createPlan, type Plan, type Question } from './plan.ts'

const MAX_PLANS = 256
/** Larger questions are rarely asked twice, and heavy to keep. */
const MAX_KEY_LENGTH = 16_384

/** Remembers plans, so that a benchmark measures whoever is before this mock, and not the mock. */
export const createPlanCache = (): ((question: Question) => Plan) => {
  const plans = new Map<string, Plan>()
  return (question) => {
    const key = `${question.method} ${question.url}\n${question.steering}\n${question.body}`
    const known = plans.get(key)
    if (known) return known
    const plan = createPlan(question)
    if (key.length > MAX_KEY_LENGTH) return plan
    if (plans.size === MAX_PLANS) plans.clear()
    plans.set(key, plan)
    return plan
  }
}
