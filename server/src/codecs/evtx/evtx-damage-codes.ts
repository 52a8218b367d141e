/**
 * Damage codes. People search for them: a code never changes its meaning and a retired one is never reused.
 */
interface DamageDefinition {
  readonly reason: string;
  readonly isLoss: boolean;
}

const loss = (reason: string): DamageDefinition => ({ reason, isLoss: true });
const notice = (reason: string): DamageDefinition => ({
  reason,
  isLoss: false,
});

export const EVTX_DAMAGE = {
  EVTX_FILE_SIGNATURE: notice('The file header does not begin with ElfFile'),
  EVTX_FILE_VERSION: notice('The file header names a format version other than 3.1 and 3.2'),
  EVTX_FILE_CHECKSUM: notice('The checksum of the file header does not match'),
  EVTX_FILE_CHECKSUM_MISSING: notice('The file header carries no checksum'),
  EVTX_FILE_DIRTY: notice('The file was not closed by its writer; its last events may be missing'),
  EVTX_FILE_MORE_CHUNKS: notice('The file holds more chunks than its header says; all were read'),
  EVTX_FILE_FEWER_CHUNKS: loss('The file holds fewer chunks than its header says'),
  EVTX_FILE_TRUNCATED: loss('The file ends inside a chunk'),
  EVTX_CHUNK_EMPTY: loss('The chunk holds nothing but zeros'),
  EVTX_CHUNK_SIGNATURE: loss('The chunk does not begin with ElfChnk; searched for records'),
  EVTX_CHUNK_HEADER: loss('The chunk header contradicts itself; searched for records'),
  EVTX_CHUNK_HEADER_CHECKSUM: notice('The checksum of the chunk header does not match'),
  EVTX_CHUNK_DATA_CHECKSUM: notice('The checksum of the chunk data does not match'),
  EVTX_CHUNK_CHECKSUM_MISSING: notice('The chunk carries no checksums'),
  EVTX_CHUNK_RECORD_COUNT: loss('The chunk holds another number of records than its header says'),
  EVTX_CHUNK_UNLISTED_RECORDS: notice('Records follow the end that the chunk header names; read'),
  EVTX_CHUNK_TEMPLATES_BORROWED: notice('The chunk lost templates; those of earlier chunks serve'),
  EVTX_RECORD_HEADER: loss('There is no record where one should begin; searched for the next'),
  EVTX_RECORD_SIZE_COPY: notice('The size after the record differs from the size before it'),
  EVTX_RECORD_BINXML: loss('The binary XML of the record cannot be read'),
  EVTX_RECORD_LIMIT: loss('The record asks for more than a chunk may'),
  EVTX_RECORD_NOT_AN_EVENT: loss('The record does not hold an Event of the usual shape'),
} as const satisfies Readonly<Record<string, DamageDefinition>>;

export type EvtxDamageCode = keyof typeof EVTX_DAMAGE;
