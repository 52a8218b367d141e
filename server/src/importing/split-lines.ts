/** Lines of a byte stream, without decoding them. */

export interface Line {
  /** Without its line break. */
  readonly bytes: Uint8Array;
  /** Where the line begins in the stream. */
  readonly offset: number;
  /** Where the next one begins. */
  readonly endOffset: number;
  /** True when the line was longer than allowed; `bytes` is then only its beginning. */
  readonly isCut: boolean;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const trimmed = (bytes: Buffer, offset: number): Buffer => {
  const start = offset === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, Math.max(start, end));
};

/**
 * The lines that end in each piece of the source, together. Holds at most one line and one piece in memory; what exceeds
 * `lineBytesMax` is skipped.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<readonly Line[]> {
  let pieces: Buffer[] = [];
  let kept = 0;
  let isCut = false;
  let lineOffset = 0;
  let position = 0;

  const keep = (piece: Buffer): void => {
    const room = lineBytesMax - kept;
    if (piece.length > room) isCut = true;
    if (room <= 0) return;
    const part = piece.length > room ? piece.subarray(0, room) : piece;
    pieces.push(part);
    kept += part.length;
  };
  const take = (endOffset: number): Line => {
    const bytes = trimmed(Buffer.concat(pieces, kept), lineOffset);
    const line = { bytes, offset: lineOffset, endOffset, isCut };
    pieces = [];
    kept = 0;
    isCut = false;
    lineOffset = endOffset;
    return line;
  };

  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, from)) {
      keep(bytes.subarray(from, at));
      from = at + 1;
      lines.push(take(position + from));
    }
    // Copied: a reader may reuse its buffer for the next piece.
    if (from < bytes.length) keep(Buffer.from(bytes.subarray(from)));
    position += bytes.length;
    if (lines.length > 0) yield lines;
  }
  if (kept > 0 || isCut) yield [take(position)];
}
