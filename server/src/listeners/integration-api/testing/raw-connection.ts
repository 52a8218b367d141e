/** A connection that sends exactly the given bytes and reads HTTP answers one by one. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { TestApi } from './open-test-api.ts';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export interface RawConnection extends Disposable {
  send(bytes: string | Uint8Array): void;
  /** The next answer, 100 included; rejects when the connection ends before it is whole. */
  answer(): Promise<RawAnswer>;
  /** Resolves when the server has ended the connection. */
  ended(): Promise<void>;
  readonly isOpen: boolean;
}

const HEAD_END = '\r\n\r\n';

const tryParse = (bytes: Buffer): { answer: RawAnswer; length: number } | undefined => {
  const headLength = bytes.indexOf(HEAD_END);
  if (headLength < 0) return undefined;
  const head = bytes.subarray(0, headLength).toString('latin1');
  const bodyLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const length = headLength + HEAD_END.length + bodyLength;
  if (bytes.length < length) return undefined;
  const body = bytes.subarray(headLength + HEAD_END.length, length).toString('utf8');
  return { answer: { status: Number(head.split(' ')[1]), head, body }, length };
};

export const openRawConnection = async (
  api: Pick<TestApi, 'port' | 'isSecure'>,
): Promise<RawConnection> => {
  const place = { host: '127.0.0.1', port: api.port };
  const socket: Socket = api.isSecure
    ? connectSecure({ ...place, rejectUnauthorized: false })
    : connectPlain(place);
  let received = Buffer.alloc(0);
  let hasEnded = false;
  let wake = (): void => {};
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    hasEnded = true;
    wake();
  });
  socket.on('end', () => socket.end());
  await new Promise((resolve) => socket.once(api.isSecure ? 'secureConnect' : 'connect', resolve));
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return {
    send: (bytes) => void socket.write(bytes),
    answer: async () => {
      for (;;) {
        const parsed = tryParse(received);
        if (parsed) {
          received = received.subarray(parsed.length);
          return parsed.answer;
        }
        if (hasEnded) throw new Error(`ended with ${received.length} bytes`);
        await change();
      }
    },
    ended: async () => {
      while (!hasEnded) await change();
    },
    get isOpen() {
      return !hasEnded;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
};
