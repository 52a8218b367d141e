/** The language's own explanation, for the command line and the documentation. */
import { TEXT_FIELDS, TIME_FIELDS } from './search-fields.ts';

const rows = (
  fields: readonly { readonly names: readonly string[]; readonly description: string }[],
): string =>
  fields
    .map(({ names, description }) => `  ${names.join(', ').padEnd(24)}${description}`)
    .join('\n');

export const SEARCH_HELP = `Words
  jdoe budget             records that have both words somewhere
  "annual budget"         the phrase as it stands
  -jdoe, NOT jdoe         records without it
  a OR b, (a OR b) c      either; parentheses group; AND may be left out

Fields
  who:jdoe                contains          who!:jdoe     does not contain
  who="CORP\\jdoe"         is exactly        who!=jdoe     is not
  what^=\\\\fs01\\hr         starts with       what$=.docx   ends with
  action=(Added, Removed) is one of         what:(a, b)   contains one of
  detail(property=Member after:jdoe)        one and the same detail has all of it

Letter case never matters. Every character stands for itself: *, ?, % and \\ have no special meaning.
Quote values with blanks; inside quotes a quotation mark is written twice: "a ""b"" c".
Several conditions must all hold, also on the same field; write a list or OR for "either".
A condition with ! or NOT also finds records that do not have the field at all.

${rows(TEXT_FIELDS)}

Times
  when:today, when:yesterday, when:this-week, when:last-month, when:2026-11, when:2026-11-01
  when:7d, when:24h, when:30min, when:2w    that long back from now
  when:2026-11-01..2026-11-05               both days included
  since:2026-11-01T08:30, until:yesterday   in the server's time zone; or with Z or +02:00
  hours:08:00-18:00, hours:22-6             time of day, both ends included
  hours:mon-fri,08:00-18:00@Europe/Berlin   with days and time zone
  outside-hours:mon-fri,08:00-18:00         every other time

${rows(TIME_FIELDS)}

before: and after: are values of details; for times write until: and since:.
`;
