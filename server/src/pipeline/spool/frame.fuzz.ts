/** A segment damaged at random: every byte is accounted for, every entry found is one that was written. */
import { decodeFrame, encodeFrame, scanSegment, sealFrame } from './frame.ts';

const MARKER = Buffer.from('0011223344556677', 'hex');
const BATCH_ID = '0123456789abcdef0123456789abcdef';

const check = (input: Uint8Array): void => {
  const bytes = Buffer.from(input);
  let at = 0;
  for (const found of scanSegment(bytes, MARKER)) {
    if (found.offset !== at || found.length <= 0) throw new RangeError(`gap at ${at}`);
    at += found.length;
    if (found.kind === 'damage') continue;
    const batch = decodeFrame(bytes.subarray(found.offset, at), MARKER);
    if (batch?.batchId !== BATCH_ID) throw new RangeError(`foreign entry at ${found.offset}`);
  }
  if (at !== bytes.length) throw new RangeError(`ends at ${at} of ${bytes.length}`);
};

const makeInput = (random: () => number): Uint8Array => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const frames = Array.from({ length: below(6) }, (_, number) => {
    const frame = encodeFrame({
      input: 'fuzz',
      events: Array.from({ length: below(4) }, () => Buffer.alloc(below(90), below(256))),
      receivedAt: below(1e9),
      origin: { listener: 'fuzz', sender: 'fuzz' },
      batchId: BATCH_ID,
    });
    sealFrame(frame, number + 1, MARKER);
    return frame;
  });
  const bytes = Buffer.concat(frames);
  for (let fault = below(5); fault > 0 && bytes.length > 0; fault -= 1) {
    bytes.writeUInt8(below(256), below(bytes.length));
  }
  return bytes.subarray(0, bytes.length - below(3) * below(40));
};

export const fuzz = { name: 'spool frame', makeInput, check };
