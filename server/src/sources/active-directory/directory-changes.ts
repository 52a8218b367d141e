/** 5136-5141: what happened to an object in one operation, joined from the events that tell it. */
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type DirectoryChangePart,
  directoryChangeAction,
  directoryChangeDetails,
  directoryChangePart,
  directoryPath,
  objectChange,
  SUBJECT,
  sidFacts,
} from '../../windows-events/index.ts';
import type { Interpretation, JoinFragments } from '../source.ts';
import { ACTIVE_DIRECTORY } from './title.ts';

export const interpretDirectoryObject = (event: WindowsEvent): Interpretation => {
  const { key, value } = directoryChangePart(event, ACTIVE_DIRECTORY.title);
  return {
    drafts: [],
    fragments: [{ source: ACTIVE_DIRECTORY.id, key, value }],
    sids: sidFacts(event, SUBJECT),
  };
};

/** The fragments are those of `interpretDirectoryObject`. */
export const joinDirectoryObject: JoinFragments = (fragments) => {
  const [first, ...others] = fragments.map(({ value }) => value as DirectoryChangePart);
  if (first === undefined) return { drafts: [] };
  const change = objectChange(fragments[0]?.key ?? '', [first, ...others]);
  return {
    drafts: [
      {
        ...change.record,
        action: directoryChangeAction(change),
        objectType: change.objectClass,
        what: directoryPath(change.name),
        details: directoryChangeDetails(change),
      },
    ],
  };
};
