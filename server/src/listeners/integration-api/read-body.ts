/** The body of a request: read within bounds, or thrown away within bounds. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteBudget } from './byte-budget.ts';
import { apiError } from './errors.ts';

export interface BodyBounds {
  readonly bytesMax: number;
  readonly budget: ByteBudget;
}

export interface ReceivedBody extends Disposable {
  /** Owns its memory, so that it may be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Undefined for a chunked body, 0 without one. Node has checked that the header is a plain number. */
export const declaredLength = (request: IncomingMessage): number | undefined => {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  return Number(request.headers['content-length'] ?? 0);
};

/** Throws INTEGRATION_API_BODY_TOO_LARGE when the request says already that its body is. */
export const refuseLargeBody = (request: IncomingMessage, bytesMax: number): void => {
  if ((declaredLength(request) ?? 0) > bytesMax) {
    throw apiError('INTEGRATION_API_BODY_TOO_LARGE', { bytesMax });
  }
};

const withoutBody = { bytes: new Uint8Array(0), [Symbol.dispose]: () => {} };

/** Chunked bodies take from the budget in steps of this size. */
const STEP_BYTES = 64 * 1024;

type Grow = (bytes: number) => void;

/** All chunks, `onChunk` before each is kept. Stops reading and rejects when `onChunk` throws or the client goes away. */
const readChunks = (request: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      request.off('data', take).off('end', finish).off('error', breakOff).off('close', breakOff);
    };
    const finish = (): void => {
      stop();
      resolve();
    };
    const breakOff = (cause?: Error): void => {
      stop();
      // A listener must stay: the stream may report the broken connection again.
      request.on('error', () => {});
      reject(apiError('INTEGRATION_API_BODY_BROKEN_OFF', {}, { cause }));
    };
    const take = (chunk: Buffer): void => {
      try {
        onChunk(chunk);
      } catch (error) {
        stop();
        request.pause();
        reject(error);
      }
    };
    if (request.destroyed && !request.readableEnded) breakOff();
    else request.on('data', take).on('end', finish).on('error', breakOff).on('close', breakOff);
  });

const readKnownLength = async (
  request: IncomingMessage,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  // Not Buffer.alloc: pages nobody has sent yet should not cost memory; every byte is written before it is read.
  const bytes = Buffer.allocUnsafeSlow(length);
  let end = 0;
  await readChunks(request, (chunk) => {
    end += chunk.copy(bytes, end);
  });
  return bytes;
};

const readChunked = async (
  request: IncomingMessage,
  bytesMax: number,
  grow: Grow,
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let length = 0;
  let reserved = STEP_BYTES;
  await readChunks(request, (chunk) => {
    length += chunk.length;
    if (length > bytesMax) throw apiError('INTEGRATION_API_BODY_TOO_LARGE', { bytesMax });
    if (length > reserved) {
      const more = Math.max(STEP_BYTES, length - reserved);
      grow(more);
      reserved += more;
    }
    chunks.push(chunk);
  });
  const bytes = Buffer.allocUnsafeSlow(length);
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(bytes, end);
  return bytes;
};

/**
 * The whole body; asks the client to go on when it waits for that. Dispose it when the request is done: its bytes count against
 * the budget until then.
 *
 * Throws INTEGRATION_API_BODY_TOO_LARGE, INTEGRATION_API_BUSY (the budget is used up) or INTEGRATION_API_BODY_BROKEN_OFF; the rest
 * of the body is then still to be drained.
 */
export const readBody = async (
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  bounds: BodyBounds & { readonly isAwaitingContinue: boolean },
): Promise<ReceivedBody> => {
  const { request, response } = exchange;
  const length = declaredLength(request);
  refuseLargeBody(request, bounds.bytesMax);
  if (length === 0) return withoutBody;

  let taken = 0;
  const grow = (bytes: number): void => {
    if (!bounds.budget.tryTake(bytes)) throw apiError('INTEGRATION_API_BUSY');
    taken += bytes;
  };
  const giveBack = (): void => {
    bounds.budget.giveBack(taken);
    taken = 0;
  };
  try {
    grow(length ?? STEP_BYTES);
    if (bounds.isAwaitingContinue) response.writeContinue();
    const bytes =
      length === undefined
        ? await readChunked(request, bounds.bytesMax, grow)
        : await readKnownLength(request, length);
    return { bytes, [Symbol.dispose]: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
};

/**
 * Throws away what is left of a refused body, so that a client that sends all of it before it reads the answer gets the answer and
 * can use the connection again. Beyond `bytesMax` the connection is cut.
 */
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
