import { formatCount, formatDuration } from './format.ts';

export interface Progress {
  /** Of what `formatAmount` of the bar writes. */
  readonly done: number;
  readonly total: number;
  readonly records: number;
}

export interface ProgressBar {
  update(progress: Progress): void;
  /** Removes the bar, so that what follows starts on a clean line. */
  clear(): void;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 24;

/** `[########----------------]  33 %  12.0 MB of 36.0 MB  4,211 records/s  2 s left` */
export const progressLine = (
  { done, total, records }: Progress,
  elapsedMs: number,
  formatAmount: (amount: number) => string,
): string => {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(share * BAR_WIDTH);
  const left = share > 0 ? (elapsedMs * (1 - share)) / share : Number.POSITIVE_INFINITY;
  return [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`,
    `${Math.floor(share * 100)
      .toString()
      .padStart(3)} %`,
    `${formatAmount(done)} of ${formatAmount(total)}`,
    `${formatCount(elapsedMs > 0 ? (records * 1000) / elapsedMs : 0)} records/s`,
    Number.isFinite(left) ? `${formatDuration(left)} left` : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
};

/** Draws on a terminal only; elsewhere it stays silent. */
export const createProgressBar = (
  stream: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number },
  how: { readonly clock: () => number; readonly formatAmount: (amount: number) => string },
): ProgressBar => {
  const { clock, formatAmount } = how;
  const startedAt = clock();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update: (progress) => {
      const now = clock();
      if (!stream.isTTY || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const line = progressLine(progress, now - startedAt, formatAmount);
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (stream.isTTY && drawnAt > Number.NEGATIVE_INFINITY) stream.write('\r\u001b[K');
    },
  };
};
