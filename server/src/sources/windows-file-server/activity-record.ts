/** An activity, complete, as a record. */
import type { Detail } from '@witness/record';
import {
  eventRecord,
  FILE_ACCESS,
  fileAccessWords,
  isOwnLogonId,
  type LogonSession,
} from '../../windows-events/index.ts';
import type { RecordDraft } from '../source.ts';
import { ACTION, type Activity, onlyLooks } from './activity.ts';
import type { FileEvent } from './file-event.ts';
import type { ObjectKinds } from './object-kind.ts';
import { TEMPORARY_FILE } from './temporary-files.ts';

export const FILE_SERVERS_TITLE = 'File Servers';

/** Named one by one up to this many; the rest is counted. */
export const NAMED_MAX = 1_000;

const sessionOf = ({ head, logonId }: FileEvent): LogonSession | undefined =>
  isOwnLogonId(logonId) ? { computer: head.computer, logonId } : undefined;

/** Named by nothing but a handle. */
const unnamed = ({ handle, program, process }: FileEvent): string =>
  `Unknown file or folder (handle ${handle}${program === undefined ? `, process ${process}` : ` of ${program}`})`;

const NOT_READ: Detail = {
  property: 'Content',
  message: 'Not read: only properties were looked at.',
};
const OPENED_ONLY: Detail = {
  property: 'Evidence',
  message:
    'Access was granted. No event at hand shows its use: that takes an audit entry on the file.',
};
const RENAMED_OR_DELETED: Detail = {
  property: 'Name',
  message:
    'The right to delete was used or granted, but no deletion and no new name is at hand: renamed, moved, deleted or left as it was.',
};

const UNSEEN = 'The right to change it was used; no event at hand says what changed.';

interface Effect {
  readonly rights: number;
  readonly detail: Detail;
}

const { writeData, appendData, writeAttributes, writeExtendedAttributes } = FILE_ACCESS;

/** What the use of a right changed where no event says more. */
const EFFECTS: readonly Effect[] = [
  { rights: writeData | appendData, detail: { property: 'Content', message: 'Written.' } },
  {
    rights: writeAttributes | writeExtendedAttributes,
    detail: { property: 'Attributes', message: 'Changed; events never say to what.' },
  },
  {
    rights: FILE_ACCESS.deleteChild,
    detail: { property: 'Content', message: 'Something in it was deleted.' },
  },
];

const SECURITY_EFFECTS: readonly Effect[] = [
  {
    rights: FILE_ACCESS.writePermissions,
    detail: { property: 'Permissions', message: UNSEEN },
  },
  { rights: FILE_ACCESS.writeOwner, detail: { property: 'Owner', message: UNSEEN } },
];

const modifiedDetails = (activity: Activity): Detail[] => {
  const { rights, changes, named, isRequestOnly, objectType } = activity;
  if (objectType !== undefined) return [];
  if (isRequestOnly) {
    return (rights & FILE_ACCESS.delete) === 0 ? [OPENED_ONLY] : [RENAMED_OR_DELETED, OPENED_ONLY];
  }
  const details: Detail[] = [];
  for (const { rights: bits, detail } of EFFECTS) if ((rights & bits) !== 0) details.push(detail);
  if (changes.length === 0) {
    for (const { rights: bits, detail } of SECURITY_EFFECTS) {
      if ((rights & bits) !== 0) details.push(detail);
    }
  }
  if (named.some(({ property }) => property === TEMPORARY_FILE) && details.length === 0) {
    details.push({ property: 'Content', message: 'Saved by way of temporary files.' });
  } else if ((rights & FILE_ACCESS.delete) !== 0) {
    details.push(RENAMED_OR_DELETED);
  }
  return details;
};

const renamedDetails = ({ newPath, newUnc, newFolder }: Activity): Detail[] => {
  if (newPath !== undefined) return [{ property: 'New name', after: newUnc ?? newPath }];
  return [
    {
      property: 'New name',
      message: `Not recorded.${newFolder === undefined ? '' : ` The object is in ${newFolder} now.`}`,
    },
  ];
};

const BY_ACTION: Partial<Readonly<Record<Activity['action'], (activity: Activity) => Detail[]>>> = {
  [ACTION.modified]: modifiedDetails,
  [ACTION.renamed]: renamedDetails,
  [ACTION.moved]: renamedDetails,
  [ACTION.read]: (activity) => [
    ...(onlyLooks(activity.rights) ? [NOT_READ] : []),
    ...(activity.isRequestOnly ? [OPENED_ONLY] : []),
  ],
};

const rightsDetails = (activity: Activity): Detail[] => {
  const { rights, refused, isRequestOnly, decisive } = activity;
  const isAsked = isRequestOnly || decisive.isFailure;
  const asked = isAsked ? activity.asked | rights : activity.asked;
  const masks = [
    ['Access', isAsked ? 0 : rights],
    ['Access requested', asked],
    ['Access refused', refused],
  ] as const;
  return masks.flatMap(([property, mask]) =>
    mask === 0 ? [] : [{ property, after: fileAccessWords(mask) }],
  );
};

const namedDetails = ({ named }: Activity): Detail[] => {
  const shown = named
    .slice(0, NAMED_MAX)
    .map(({ property, path }): Detail => ({ property, after: path }));
  return named.length <= NAMED_MAX
    ? shown
    : [...shown, { property: 'Left out', message: `${named.length - NAMED_MAX} more names.` }];
};

const foldDetails = ({ events, folds, firstRecordId, lastRecordId }: Activity): Detail[] => {
  if (events < 2) return [];
  const rules = [...folds].map(([rule, count]) => `${rule}: ${count}`).join(', ');
  return [
    {
      property: 'Events folded',
      after: String(events - 1),
      message: `${rules}; event records ${firstRecordId} to ${lastRecordId}.`,
    },
  ];
};

/** Far more than a security descriptor of 64 KB can have entries; well below the limit of a record. */
const CHANGES_MAX = 5_000;

const changeDetails = ({ changes }: Activity): readonly Detail[] =>
  changes.length <= CHANGES_MAX
    ? changes
    : [
        ...changes.slice(0, CHANGES_MAX),
        { property: 'Left out', message: `${changes.length - CHANGES_MAX} more changes.` },
      ];

const placeDetails = ({ unc, path, decisive }: Activity): Detail[] => {
  const details: Detail[] = [];
  const localPath = path === undefined || path === unc ? decisive.share?.localPath : path;
  const isPipe = decisive.share !== undefined && decisive.share.localPath === undefined;
  if (unc !== undefined && localPath !== undefined && !isPipe) {
    details.push({ property: 'Local path', after: localPath });
  }
  if (decisive.program !== undefined) {
    details.push({ property: 'Program', after: decisive.program });
  }
  if (decisive.transaction !== undefined) {
    details.push({ property: 'Transaction', after: decisive.transaction });
  }
  return details;
};

const typeOf = ({ objectType, pathKey }: Activity, kinds: ObjectKinds): string =>
  objectType ?? kinds.kindOf(pathKey);

export const toRecordDraft = (activity: Activity, kinds: ObjectKinds): RecordDraft => {
  const { decisive } = activity;
  return eventRecord(decisive.head, {
    dataSource: FILE_SERVERS_TITLE,
    actor: decisive.actor,
    action: activity.action,
    objectType: typeOf(activity, kinds),
    what: activity.unc ?? activity.path ?? unnamed(decisive),
    workstation: activity.address,
    session: sessionOf(decisive),
    details: [
      ...changeDetails(activity),
      ...(BY_ACTION[activity.action]?.(activity) ?? []),
      ...rightsDetails(activity),
      ...placeDetails(activity),
      ...namedDetails(activity),
      ...foldDetails(activity),
    ],
  });
};
