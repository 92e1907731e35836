import { Counter, Gauge, type Registry } from '@prometheus-io/client'

/** What an operator asks of the source: does it deliver, is it behind, did it miss anything. */
export const createSourceMetrics = (registry: Registry) => ({
  events: new Counter({
    name: 'penstock_source_events_total',
    help: 'Attempts to send an event, by event type and result (accepted, failed, dropped).',
    labelNames: ['type', 'result'] as const,
    registers: [registry],
  }),
  inFlight: new Gauge({
    name: 'penstock_source_in_flight',
    help: 'Events being sent now.',
    registers: [registry],
  }),
  pending: new Gauge({
    name: 'penstock_source_pending',
    help: 'Events not yet accepted, those in flight included.',
    registers: [registry],
  }),
  relists: new Counter({
    name: 'penstock_source_relists_total',
    help: 'Lists after the first one, by resource: each stands for a gap in the watch.',
    labelNames: ['resource'] as const,
    registers: [registry],
  }),
})

export type SourceMetrics = ReturnType<typeof createSourceMetrics>
