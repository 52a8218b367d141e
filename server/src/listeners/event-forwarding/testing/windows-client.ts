/** A computer that forwards its events over TLS: one connection kept alive, as Windows does. */
import { Agent, request as httpsRequest } from 'node:https';
import {
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  buildSubscriptionEnd,
} from '../../../codecs/testing.ts';
import type { TestCertificate } from './authority.ts';
import { authorities, SUBSCRIPTION } from './open-test-forwarding.ts';

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  /** Of UTF-16 or UTF-8, whichever it is. */
  readonly text: string;
}

export interface PostRequest {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WindowsClient extends Disposable {
  readonly machine: string;
  post(body: Uint8Array, how?: PostRequest): Promise<TestAnswer>;
  enumerate(): Promise<TestAnswer>;
  heartbeat(): Promise<TestAnswer>;
  send(
    events: readonly string[],
    more?: Partial<Parameters<typeof buildEvents>[0]>,
  ): Promise<TestAnswer>;
  endSubscription(): Promise<TestAnswer>;
}

export const MANAGER_PATH = '/wsman/SubscriptionManager/WEC';
export const DELIVERY_PATH = `/wsman/subscriptions/${SUBSCRIPTION.id}/1`;

let messages = 0;
export const nextMessageId = (): string => {
  messages += 1;
  return `uuid:00000000-0000-4000-8000-${messages.toString(16).toUpperCase().padStart(12, '0')}`;
};

export const textOfAnswer = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe
    ? bytes.subarray(2).toString('utf16le')
    : bytes.toString('utf8');

export interface ClientOptions {
  readonly port: number;
  readonly machine?: string;
  /** `null` shows none. */
  readonly certificate?: TestCertificate | null;
  /** PEM of the authority of the server; the shared one when it is left out. */
  readonly trusted?: string;
}

export const openWindowsClient = async (options: ClientOptions): Promise<WindowsClient> => {
  const { port, machine = 'pc1.example.org' } = options;
  const { ca } = await authorities();
  const certificate =
    options.certificate === undefined
      ? await ca.issue({ dnsNames: [machine] })
      : options.certificate;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    ...(certificate && { key: certificate.key, cert: certificate.cert }),
    ca: options.trusted ?? ca.pem,
    servername: 'localhost',
  });
  const post: WindowsClient['post'] = (
    body,
    { path = DELIVERY_PATH, method = 'POST', headers } = {},
  ) =>
    new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          agent,
          method,
          path,
          headers: {
            'Content-Type': 'application/soap+xml;charset=UTF-16',
            'User-Agent': 'Microsoft WinRM Client',
            ...(headers?.['Transfer-Encoding'] === undefined && { 'Content-Length': body.length }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const { statusCode: status = 0, headers: given } = response;
            resolve({ status, headers: given, bytes, text: textOfAnswer(bytes) });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  const base = (path: string) => ({
    to: `https://localhost:${port}${path}`,
    machineId: machine,
    messageId: nextMessageId(),
    operationId: 'uuid:C7F39CB2-8FFD-4DA3-A111-CDB303EEA098',
  });
  const delivery = () => ({ ...base(DELIVERY_PATH), identifier: SUBSCRIPTION.id });
  return {
    machine,
    post,
    enumerate: () => post(buildEnumerate(base(MANAGER_PATH)), { path: MANAGER_PATH }),
    heartbeat: () => post(buildHeartbeat(delivery())),
    send: (events, more) =>
      post(buildEvents({ ...delivery(), events, ...more }), {
        headers: {
          'Content-Type': `application/soap+xml;charset=${more?.encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'}`,
        },
      }),
    endSubscription: () => post(buildSubscriptionEnd(delivery())),
    [Symbol.dispose]: () => agent.destroy(),
  };
};
