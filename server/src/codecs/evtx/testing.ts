/**
 * Builds small .evtx files for tests and fuzzers, from the format's description and independent of the decoder: what
 * the decoder must read back is known without a corpus.
 */
import { crc32 } from 'node:zlib';

export interface ElementSpec {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, ContentSpec>>;
  readonly content?: readonly ContentSpec[];
  /** Dependency identifier; written in templates only. */
  readonly dependency?: number;
}

export type ContentSpec =
  | string
  | ElementSpec
  | { readonly value: number; readonly optional?: boolean }
  | { readonly cdata: string }
  | { readonly characterReference: number }
  | { readonly entity: string }
  | { readonly instruction: string }
  | InstanceSpec;

export interface InstanceSpec {
  /** The same object is the same template: its definition is written once in a chunk. */
  readonly template: ElementSpec;
  readonly values: readonly ValueSpec[];
}

/** Bytes of a value in hexadecimal, or binary XML. */
export type ValueSpec = readonly [type: number, value: string | ElementSpec | InstanceSpec];

export interface RecordSpec {
  readonly id: number;
  readonly root: ElementSpec | InstanceSpec;
  /** Plain elements with dependency identifiers, as the specification has them and collectors do not. */
  readonly hasDependency?: boolean;
}

const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 4096;

export const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');

/** One chunk, written front to back; sizes are filled in when they are known. */
class ChunkWriter {
  readonly bytes = Buffer.alloc(CHUNK_BYTES);
  at = 512;
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<ElementSpec, number>();
  #lastRecordAt = 512;

  record({ id, root, hasDependency = false }: RecordSpec): void {
    const start = this.at;
    this.#lastRecordAt = start;
    this.#hex('2a2a0000');
    this.#u32(0);
    this.#u32(id);
    this.#u32(0);
    this.#hex('0080c7a5a0a9da01');
    this.#fragment(root, hasDependency);
    this.#u8(0);
    while ((this.at - start + 4) % 8 !== 0) this.#u8(0);
    const size = this.at - start + 4;
    this.#u32(size);
    this.bytes.writeUInt32LE(size, start + 4);
  }

  close(firstId: number, lastId: number): Buffer {
    const { bytes } = this;
    bytes.write('ElfChnk\0', 'latin1');
    for (const at of [8, 24]) bytes.writeBigUInt64LE(BigInt(firstId), at);
    for (const at of [16, 32]) bytes.writeBigUInt64LE(BigInt(lastId), at);
    bytes.writeUInt32LE(128, 40);
    bytes.writeUInt32LE(this.#lastRecordAt, 44);
    bytes.writeUInt32LE(this.at, 48);
    sealChunk(bytes);
    return bytes;
  }

  #fragment(root: ElementSpec | InstanceSpec, hasDependency: boolean): void {
    this.#hex('0f010100');
    if ('template' in root) this.#instance(root);
    else this.#element(root, hasDependency);
  }

  #element(spec: ElementSpec, hasDependency: boolean): void {
    const attributes = Object.entries(spec.attributes ?? {});
    this.#u8(attributes.length > 0 ? 0x41 : 0x01);
    if (hasDependency) this.#u16(spec.dependency ?? 0xffff);
    const sizeAt = this.#later();
    this.#name(spec.name);
    if (attributes.length > 0) {
      const listAt = this.#later();
      attributes.forEach(([name, content], index) => {
        this.#u8(index < attributes.length - 1 ? 0x46 : 0x06);
        this.#name(name);
        this.#content(content, hasDependency);
      });
      this.#sizeSince(listAt);
    }
    if (spec.content === undefined) {
      this.#u8(0x03);
    } else {
      this.#u8(0x02);
      for (const item of spec.content) this.#content(item, hasDependency);
      this.#u8(0x04);
    }
    this.#sizeSince(sizeAt);
  }

  #content(item: ContentSpec, hasDependency: boolean): void {
    if (typeof item === 'string') {
      this.#hex('0501');
      this.#text(item);
    } else if ('name' in item) this.#element(item, hasDependency);
    else if ('value' in item) {
      this.#u8(item.optional ? 0x0e : 0x0d);
      this.#u16(item.value);
      this.#u8(0x01);
    } else if ('cdata' in item) {
      this.#u8(0x07);
      this.#text(item.cdata);
    } else if ('characterReference' in item) {
      this.#u8(0x08);
      this.#u16(item.characterReference);
    } else if ('entity' in item) {
      this.#u8(0x09);
      this.#name(item.entity);
    } else if ('instruction' in item) {
      this.#u8(0x0a);
      this.#name('target');
      this.#u8(0x0b);
      this.#text(item.instruction);
    } else this.#instance(item);
  }

  #instance({ template, values }: InstanceSpec): void {
    this.#hex('0c01');
    this.#u32(identifierOf(template));
    const known = this.#templates.get(template);
    this.#u32(known ?? this.at + 4);
    if (known === undefined) this.#definition(template);
    this.#u32(values.length);
    const descriptorsAt = this.at;
    for (const [type] of values) {
      this.#u16(0);
      this.#u8(type);
      this.#u8(0);
    }
    values.forEach(([, value], index) => {
      const start = this.at;
      if (typeof value === 'string') this.#hex(value);
      else this.#fragment(value, false);
      this.bytes.writeUInt16LE(this.at - start, descriptorsAt + index * 4);
    });
  }

  #definition(template: ElementSpec): void {
    this.#templates.set(template, this.at);
    this.#u32(0);
    this.#u32(identifierOf(template));
    this.#hex('000102030405060708090a0b');
    const sizeAt = this.#later();
    this.#hex('0f010100');
    this.#element(template, true);
    this.#u8(0);
    this.#sizeSince(sizeAt);
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    this.#u32(known ?? this.at + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.at);
    this.#u32(0);
    this.#u16(0);
    this.#text(name);
    this.#u16(0);
  }

  #text(text: string): void {
    this.#u16(text.length);
    this.#hex(utf16(text));
  }

  #later(): number {
    this.#u32(0);
    return this.at - 4;
  }

  #sizeSince(sizeAt: number): void {
    this.bytes.writeUInt32LE(this.at - sizeAt - 4, sizeAt);
  }

  #hex(hex: string): void {
    this.at += this.bytes.write(hex, this.at, 'hex');
  }

  #u8(value: number): void {
    this.at = this.bytes.writeUInt8(value, this.at);
  }

  #u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  #u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }
}

const identifiers = new Map<ElementSpec, number>();

const identifierOf = (template: ElementSpec): number => {
  const known = identifiers.get(template) ?? 0x1000 + identifiers.size;
  identifiers.set(template, known);
  return known;
};

/** Writes both checksums of a chunk anew. */
export const sealChunk = (bytes: Buffer): void => {
  const end = Math.min(bytes.readUInt32LE(48), CHUNK_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(512, end)), 52);
  bytes.writeUInt32LE(crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))), 124);
};

/** Writes the checksum of a file header anew. */
export const sealFileHeader = (bytes: Buffer): void => {
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 120)), 124);
};

/** A clean, closed file: a list of records for every chunk. */
export const buildEvtx = (chunks: readonly (readonly RecordSpec[])[]): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(HEADER_BYTES, 40);
  header.writeUInt16LE(chunks.length, 42);
  sealFileHeader(header);
  const written = chunks.map((records) => {
    const writer = new ChunkWriter();
    for (const record of records) writer.record(record);
    return writer.close(records[0]?.id ?? 1, records.at(-1)?.id ?? 0);
  });
  return Buffer.concat([header, ...written]);
};

/** An `Event` with the least of a System and the body given. */
export const eventSpec = (
  body: readonly ContentSpec[],
  eventId: ContentSpec = '4624',
): ElementSpec => ({
  name: 'Event',
  attributes: { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
  content: [
    {
      name: 'System',
      content: [
        { name: 'Provider', attributes: { Name: 'Test-Provider' } },
        { name: 'EventID', content: [eventId] },
        { name: 'TimeCreated', attributes: { SystemTime: '2025-01-31T09:12:33.1234567Z' } },
        { name: 'EventRecordID', content: ['7'] },
        { name: 'Channel', content: ['Security'] },
        { name: 'Computer', content: ['dc1.example.org'] },
      ],
    },
    ...body,
  ],
});

/** What `eventSpec` decodes to, without its body. */
export const EVENT_HEAD = {
  provider: 'Test-Provider',
  eventId: 4624,
  systemTime: '2025-01-31T09:12:33.1234567Z',
  when: Date.parse('2025-01-31T09:12:33.123Z'),
  recordId: 7,
  channel: 'Security',
  computer: 'dc1.example.org',
} as const;
