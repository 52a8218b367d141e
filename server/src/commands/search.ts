import { recordToJson } from '@witness/record';
import { SEARCH_HELP } from '../search-language/index.ts';
import { type Command, numberOption } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatCount, plural } from './format.ts';
import { openOperations } from './open-operations.ts';
import { recordText } from './record-text.ts';

/** Shown when nobody says how many; every record is there for `--limit 0`. */
const LIMIT_DEFAULT = 50;

export const searchCommand: Command = {
  name: 'search',
  summary: 'Find records, newest first',
  usage: 'search "<words and filters>"',
  help: SEARCH_HELP,
  options: {
    json: { type: 'boolean' },
    limit: { type: 'string' },
  },
  run: async (invocation, io) => {
    const limit = numberOption('search', invocation.values, 'limit') ?? LIMIT_DEFAULT;
    const toText = invocation.values.json ? recordToJson : recordText;
    await using session = await openOperations(invocation, io);
    // One more than is shown tells whether there are more.
    const request = {
      text: invocation.words.join(' '),
      ...(limit > 0 ? { limit: limit + 1 } : {}),
    };
    let found = 0;
    for await (const records of session.operations.search(request, io.signal)) {
      const shown = limit > 0 ? records.slice(0, limit - found) : records;
      found += records.length;
      if (shown.length > 0) io.out.write(`${shown.map((each) => toText(each)).join('\n')}\n`);
    }
    if (!invocation.values.json) {
      io.error.write(
        limit > 0 && found > limit
          ? `The newest ${formatCount(limit)} are shown; --limit 0 shows all.\n`
          : `${plural(found, 'record')} found.\n`,
      );
    }
    return EXIT_CODES.done;
  },
};
