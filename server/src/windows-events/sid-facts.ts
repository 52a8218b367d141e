/** Names behind SIDs, as events state them. */
import type { WindowsEvent } from '../codecs/index.ts';
import { accountName } from './accounts.ts';
import { field } from './fields.ts';
import { isAccountSid } from './well-known-sids.ts';

export interface NamedSid {
  readonly sid: string;
  readonly account: string;
}

export interface SidFields {
  readonly sid: string;
  readonly name: string;
  readonly domain: string;
}

export const SUBJECT: SidFields = {
  sid: 'SubjectUserSid',
  name: 'SubjectUserName',
  domain: 'SubjectDomainName',
};

export const TARGET: SidFields = {
  sid: 'TargetSid',
  name: 'TargetUserName',
  domain: 'TargetDomainName',
};

/** Only SIDs of one account count: `S-1-5-18` is written beside the name of the computer it stands for. */
export const sidFacts = (event: WindowsEvent, ...places: readonly SidFields[]): NamedSid[] => {
  const facts: NamedSid[] = [];
  for (const place of places) {
    const sid = field(event, place.sid);
    if (sid === undefined || !isAccountSid(sid)) continue;
    const name = field(event, place.name);
    if (name === undefined || name === sid) continue;
    facts.push({ sid, account: accountName(field(event, place.domain), name) });
  }
  return facts;
};
