import { Counter, Gauge, type Registry } from '@prometheus-io/client'

/** Whether events get through, by Trigger. */
export const createBrokerMetrics = (registry: Registry) => ({
  deliveries: new Counter({
    name: 'penstock_broker_deliveries_total',
    help: 'Deliveries by Trigger and result (delivered, retried, dead, dropped).',
    labelNames: ['trigger', 'result'] as const,
    registers: [registry],
  }),
  pending: new Gauge({
    name: 'penstock_broker_pending',
    help: 'Events accepted but not yet delivered or given up, by Trigger. It has no bound.',
    labelNames: ['trigger'] as const,
    registers: [registry],
  }),
})

export type BrokerMetrics = ReturnType<typeof createBrokerMetrics>
