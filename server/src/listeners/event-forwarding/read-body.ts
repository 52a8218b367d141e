/** The body of a request: read within bounds, or thrown away within bounds. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteBudget } from './byte-budget.ts';
import { forwardingError } from './errors.ts';

/** Undefined for a chunked body, 0 without one. Node has checked that the header is a plain number. */
export const declaredLength = (request: IncomingMessage): number | undefined =>
  request.headers['transfer-encoding'] !== undefined
    ? undefined
    : Number(request.headers['content-length'] ?? 0);

/** All bytes, `onChunk` before each chunk is kept. Rejects when `onChunk` throws or the client goes away. */
const collect = (request: IncomingMessage, onChunk: (bytes: number) => void): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const stop = (): void => {
      request.off('data', take).off('end', finish).off('error', breakOff).off('close', breakOff);
    };
    const finish = (): void => {
      stop();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    };
    const breakOff = (cause?: Error): void => {
      stop();
      // A listener must stay: the stream may report the broken connection again.
      request.on('error', () => {});
      reject(forwardingError('FORWARDING_BODY_BROKEN_OFF', {}, { cause }));
    };
    const take = (chunk: Buffer): void => {
      try {
        onChunk(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        stop();
        request.pause();
        reject(error);
      }
    };
    if (request.destroyed && !request.readableEnded) breakOff();
    else request.on('data', take).on('end', finish).on('error', breakOff).on('close', breakOff);
  });

export interface HeldBody extends Disposable {
  readonly bytes: Uint8Array;
  /** Counts more bytes against the budget until the body is disposed of. Throws FORWARDING_BUSY. */
  hold(bytes: number): void;
}

export interface BodyBounds {
  readonly bytesMax: number;
  readonly budget: ByteBudget;
  /** The client sends only when it is told to continue. */
  readonly isAwaitingContinue: boolean;
}

/**
 * The whole body; dispose of it when the request is done. Throws FORWARDING_BODY_TOO_LARGE, FORWARDING_BUSY or
 * FORWARDING_BODY_BROKEN_OFF; the rest is then still to be drained.
 */
export const readBody = async (
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { bytesMax, budget, isAwaitingContinue }: BodyBounds,
): Promise<HeldBody> => {
  const tooLarge = () => forwardingError('FORWARDING_BODY_TOO_LARGE', { bytesMax });
  if ((declaredLength(request) ?? 0) > bytesMax) throw tooLarge();
  let held = 0;
  let received = 0;
  const hold = (bytes: number): void => {
    if (!budget.tryTake(bytes)) throw forwardingError('FORWARDING_BUSY');
    held += bytes;
  };
  const giveBack = (): void => {
    budget.giveBack(held);
    held = 0;
  };
  try {
    if (isAwaitingContinue) response.writeContinue();
    const bytes = await collect(request, (length) => {
      received += length;
      if (received > bytesMax) throw tooLarge();
      hold(length);
    });
    return { bytes, hold, [Symbol.dispose]: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
};

/** Throws away what is left of a refused body; beyond `bytesMax` the connection is cut. */
export const drainBody = (request: IncomingMessage, bytesMax: number): void => {
  if (request.readableEnded || request.destroyed) return;
  let bytes = 0;
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) request.socket.destroy();
  });
  request.resume();
};
