/** What the server and the worker that reads large bodies say to each other; one body at a time. */
import { WitnessError } from '@witness/record';
import type { Destinations, PlanPlace } from './place-records.ts';
import type { Format } from './request-format.ts';

export type ToWorker =
  | { readonly kind: 'parse'; readonly bytes: Uint8Array<ArrayBuffer>; readonly format: Format }
  | { readonly kind: 'place'; readonly places: readonly PlanPlace[] };

export type FromWorker =
  | { readonly kind: 'parsed'; readonly destinations: Destinations; readonly count: number }
  | { readonly kind: 'placed'; readonly events: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** A WitnessError loses its class on the way between threads. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly location?: string;
}

export const toPlainError = (error: unknown): PlainError =>
  error instanceof WitnessError
    ? {
        code: error.code,
        message: error.message,
        advice: error.advice,
        ...(error.location !== undefined && { location: error.location }),
      }
    : { code: '', message: error instanceof Error ? error.message : String(error), advice: '' };

export const toWitnessError = ({ code, message, advice, location }: PlainError): WitnessError =>
  new WitnessError(
    code,
    { message, advice, retry: 'never' },
    {},
    location === undefined ? {} : { location },
  );
