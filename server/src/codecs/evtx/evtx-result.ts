/** What decoding a .evtx file yields: one result per chunk, in file order. */
import type { WindowsEvent } from '../windows-event/windows-event.ts';
import { EVTX_DAMAGE, type EvtxDamageCode } from './evtx-damage-codes.ts';

/** A place of the file that is not as it should be. */
export interface EvtxDamage {
  readonly code: EvtxDamageCode;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes concerned; absent when it is not known how far the damage reaches. */
  readonly length?: number;
  /** One sentence in English, with the particulars. */
  readonly reason: string;
  /** Whether events may be missing because of it; false for what only deserves a mention. */
  readonly isLoss: boolean;
}

/** One chunk of 64 KiB, or the file header when `offset` is 0 (no events, only damage). */
export interface EvtxChunkResult {
  readonly offset: number;
  readonly bytes: number;
  /** In the order of the chunk, which is not always the order of time. */
  readonly events: readonly WindowsEvent[];
  readonly damage: readonly EvtxDamage[];
}

/** `detail` says what is particular to this place. */
export const toDamage = (
  code: EvtxDamageCode,
  place: { readonly offset: number; readonly length?: number },
  detail?: string,
): EvtxDamage => ({
  code,
  ...place,
  reason: detail ? `${EVTX_DAMAGE[code].reason}: ${detail}` : EVTX_DAMAGE[code].reason,
  isLoss: EVTX_DAMAGE[code].isLoss,
});
