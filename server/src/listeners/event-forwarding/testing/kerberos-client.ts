/** The independent Kerberos peer as a client of the tests. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Kdc } from './kdc.ts';

const PEER = fileURLToPath(new URL('./kerberos-peer.py', import.meta.url));

export interface PeerAnswer {
  readonly status: number;
  readonly isSealed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface ConnectRequest {
  readonly port: number;
  readonly service: string;
  readonly scheme?: 'Kerberos' | 'Negotiate';
  readonly mutual?: boolean;
}

export interface KerberosClient extends AsyncDisposable {
  connect(request: ConnectRequest): Promise<{ status: number; isComplete: boolean }>;
  post(
    body: Uint8Array,
    how: {
      readonly path: string;
      readonly mode?: 'sealed' | 'plain' | 'signed' | 'tampered' | 'replayed';
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<PeerAnswer>;
  replayToken(): Promise<number>;
}

/** Rejects with what the peer says when the peer itself refuses. */
export const openKerberosClient = (kdc: Kdc, cache: string): KerberosClient => {
  const child = spawn('/usr/bin/python3', [PEER], {
    env: { ...kdc.environment, KRB5CCNAME: cache },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (command: object): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await lines.next();
    const answer = done ? { error: 'the peer has ended' } : JSON.parse(value);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };
  return {
    connect: async ({ port, service, scheme = 'Kerberos', mutual = true }) => {
      const answer = await ask({ op: 'connect', port, service, scheme, mutual });
      return { status: Number(answer.status), isComplete: answer.isComplete === true };
    },
    post: async (body, { path, mode = 'sealed', headers = {} }) => {
      const base64 = Buffer.from(body).toString('base64');
      const answer = await ask({ op: 'post', path, mode, headers, body: base64 });
      return {
        status: Number(answer.status),
        isSealed: answer.isSealed === true,
        headers: answer.headers as Record<string, string>,
        bytes: Buffer.from(String(answer.body), 'base64'),
      };
    },
    replayToken: async () => Number((await ask({ op: 'replay-token' })).status),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
};
