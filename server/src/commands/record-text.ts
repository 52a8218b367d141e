import type { ActivityRecord, Detail } from '@witness/record';
import { formatTime, toTerminalText } from './format.ts';

const detailText = ({ property, before, after, message }: Detail): string => {
  const change = [
    before === undefined ? undefined : `was ${before || '(empty)'}`,
    after === undefined ? undefined : `now ${after || '(empty)'}`,
    message,
  ];
  const said = change.filter((part) => part !== undefined).join(', ');
  return toTerminalText(said ? `${property}: ${said}` : property);
};

const KNOWN_BY_TEXT = {
  event: '',
  client: '',
  lookup: ' (found by its identifier)',
  unknown: ' (nobody can tell)',
} as const;

/**
 * A record as a person reads it:
 *
 *     2025-01-31 09:12:33 UTC  CONTOSO\admin  Added user  CONTOSO\j.doe
 *         on dc1.contoso.test from WS7, Active Directory
 *         Display name: now J. Doe
 */
export const recordText = (record: ActivityRecord): string => {
  const from = record.workstation ? ` from ${record.workstation}` : '';
  const head = [
    formatTime(record.when),
    toTerminalText(record.who) + KNOWN_BY_TEXT[record.whoKnownBy],
    toTerminalText(`${record.action} ${record.objectType}`),
    toTerminalText(record.what),
  ].join('  ');
  return [
    head,
    `    ${toTerminalText(`on ${record.where}${from}, ${record.dataSource}`)}`,
    ...record.details.map((detail) => `    ${detailText(detail)}`),
  ].join('\n');
};
