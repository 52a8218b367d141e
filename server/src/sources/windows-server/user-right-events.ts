/** Rights given to accounts by the computer's security policy. Source: Microsoft, "4704(S)", "4705(S)", "4717(S)", "4718(S)". */
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  field,
  privilegeListWords,
  sessionOf,
  subjectActor,
  wellKnownName,
} from '../../windows-events/index.ts';
import { MODIFIED, type ReadChange, requiredField } from './computer-change.ts';

const accountOf = (event: WindowsEvent): string => {
  const sid = requiredField(event, 'TargetSid');
  return wellKnownName(sid) ?? sid;
};

const rightChanged =
  (rightField: string, side: 'before' | 'after'): ReadChange =>
  (event) => {
    const rights = privilegeListWords(field(event, rightField) ?? '');
    return {
      action: MODIFIED,
      objectType: 'User Rights',
      what: `User Rights\\${accountOf(event)}`,
      actor: subjectActor(event),
      session: sessionOf(event),
      details: rights === '' ? [] : [{ property: 'Right', [side]: rights }],
    };
  };

export const USER_RIGHT_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [4704, rightChanged('PrivilegeList', 'after')],
  [4705, rightChanged('PrivilegeList', 'before')],
  [4717, rightChanged('AccessGranted', 'after')],
  [4718, rightChanged('AccessRemoved', 'before')],
]);
