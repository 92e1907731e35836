import { stringify } from 'yaml'

/** What a kubeconfig tells a client. */
export interface KubeconfigOptions {
  readonly port: number
  readonly token: string
  /** The server's certificate, as PEM: the client trusts it and no other. */
  readonly cert: string
}

/** Writes a kubeconfig. It names the server by https: kubectl sends no token over plain http. */
export const renderKubeconfig = ({ port, token, cert }: KubeconfigOptions): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'penstock',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(cert).toString('base64'),
        },
      },
    ],
    users: [{ name: 'penstock', user: { token } }],
    contexts: [
      {
        name: 'penstock',
        context: { cluster: 'penstock', user: 'penstock', namespace: 'default' },
      },
    ],
    'current-context': 'penstock',
  })
