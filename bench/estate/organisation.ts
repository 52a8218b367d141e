/** The organisation the estate belongs to: sites, people, machines, plans. Invented; names under `.example` (RFC 2606). */
import type { ItemRef, PlanRef } from '@witness/record';
import { createRandom, mix } from './random.ts';

export const DOMAIN = 'corp.northwind.example';
export const NETBIOS = 'NORTHWIND';
export const MAIL_DOMAIN = 'northwind.example';
export const TENANT = 'northwind.onmicrosoft.example';

export interface Site {
  readonly code: string;
  /** Fixed, without summer time: rhythms need no more. */
  readonly offsetMinutes: number;
  /** Share of the people. */
  readonly share: number;
  readonly subnet: string;
}

export const SITES: readonly Site[] = [
  { code: 'MUC', offsetMinutes: 60, share: 0.5, subnet: '10.10' },
  { code: 'LON', offsetMinutes: 0, share: 0.15, subnet: '10.20' },
  { code: 'BOS', offsetMinutes: -300, share: 0.25, subnet: '10.30' },
  { code: 'SIN', offsetMinutes: 480, share: 0.1, subnet: '10.40' },
];

export const DEPARTMENTS = [
  'Sales',
  'Engineering',
  'Finance',
  'Operations',
  'Marketing',
  'HR',
  'Legal',
  'Support',
  'IT',
] as const;
export type Department = (typeof DEPARTMENTS)[number];

export interface Person {
  readonly index: number;
  readonly displayName: string;
  /** `anna.becker` */
  readonly login: string;
  /** `NORTHWIND\anna.becker` */
  readonly account: string;
  readonly upn: string;
  readonly department: Department;
  readonly site: Site;
  readonly workstation: string;
  readonly address: string;
  /** Home address on the Internet, for cloud services. */
  readonly publicAddress: string;
  readonly dn: string;
  /** A separate account for administration, for few. */
  readonly adminAccount?: string;
}

export interface Organisation {
  readonly people: readonly Person[];
  /** By site, in the order of how active they are. */
  readonly peopleOfSite: readonly (readonly Person[])[];
  readonly administrators: readonly Person[];
  readonly fileServers: readonly string[];
  readonly domainControllers: readonly string[];
  readonly memberServers: readonly string[];
  readonly sqlInstances: readonly string[];
  readonly oracleInstances: readonly string[];
  readonly hosts: readonly string[];
  readonly serviceAccounts: readonly string[];
}

const FIRST_NAMES =
  'Anna Ben Carla David Elena Felix Greta Hugo Ines Jonas Katja Liam Mara Nils Olga Paul Quinn Rosa Stefan Tara Ugo Vera Walter Xenia Yusuf Zoe Amir Bianca Chen Dana Emil Fatima George Hana Ivan Jana Kofi Lena Marc Nora'.split(
    ' ',
  );
const LAST_NAMES =
  'Becker Smith Okafor Tanaka Rossi Novak Larsen Dubois Garcia Weber Murray Singh Kowalski Haddad Lindgren Costa Meyer Patel Nguyen Brown Schulz Ferrari Ivanov Jensen Keller Lopez Moreau Olsen Park Quist Ramos Santos Tran Unger Varga Wolff Young Zeller Adler Brandt'.split(
    ' ',
  );

const toPerson = (index: number, seed: number): Person => {
  const count = FIRST_NAMES.length * LAST_NAMES.length;
  // A step that shares no factor with the number of pairs visits every pair once before one comes again.
  const pair = (index * 1009 + mix(seed)) % count;
  const first = FIRST_NAMES[pair % FIRST_NAMES.length] ?? '';
  const last = LAST_NAMES[Math.floor(pair / FIRST_NAMES.length)] ?? '';
  const again = Math.floor(index / count);
  const login = `${first}.${last}${again === 0 ? '' : again + 1}`.toLowerCase();
  const h = mix(seed ^ (index * 2654435761));
  const siteAt = (index * 0.6180339887) % 1;
  let sum = 0;
  const site =
    SITES.find((candidate) => {
      sum += candidate.share;
      return siteAt < sum;
    }) ?? (SITES[0] as Site);
  const department = DEPARTMENTS[h % DEPARTMENTS.length] ?? 'Sales';
  const isAdministrator = index % 37 === 5;
  return {
    index,
    displayName: `${first} ${last}`,
    login,
    account: `${NETBIOS}\\${login}`,
    upn: `${login}@${MAIL_DOMAIN}`,
    department: isAdministrator ? 'IT' : department,
    site,
    workstation: `${site.code}-PC${String(1000 + index).padStart(5, '0')}.${DOMAIN}`,
    address: `${site.subnet}.${(index >> 8) + 16}.${(index % 254) + 1}`,
    publicAddress: `198.51.100.${(h % 254) + 1}`,
    dn: `CN=${first} ${last},OU=${department},OU=${site.code},DC=corp,DC=northwind,DC=example`,
    ...(isAdministrator && { adminAccount: `${NETBIOS}\\adm-${login}` }),
  };
};

const named = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => name(index));

const two = (index: number): string => String(index + 1).padStart(2, '0');

export const createOrganisation = (options: {
  readonly seed: number;
  readonly users: number;
  readonly servers: number;
}): Organisation => {
  const { seed, users, servers } = options;
  // At least one person at every site and an administrator, however small.
  const people = Array.from({ length: Math.max(users, 12) }, (_, index) => toPerson(index, seed));
  const random = createRandom(seed ^ 0x5eed);
  const order = new Map(people.map((person) => [person, random.unit()]));
  const byActivity = [...people].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return {
    people,
    peopleOfSite: SITES.map((site) => byActivity.filter((person) => person.site === site)),
    administrators: people.filter((person) => person.adminAccount !== undefined),
    fileServers: named(servers * 0.2, (i) => `FS${two(i)}`),
    domainControllers: named(servers * 0.1, (i) => `DC${two(i)}.${DOMAIN}`),
    memberServers: named(servers * 0.4, (i) => `SRV${two(i)}.${DOMAIN}`),
    sqlInstances: named(servers * 0.1, (i) => `SQL${two(i)}\\${i % 2 === 0 ? 'ERP' : 'CRM'}`),
    oracleInstances: named(servers * 0.05, (i) => `ora${two(i)}.${DOMAIN}:1521/PROD`),
    hosts: named(servers * 0.15, (i) => `esx${two(i)}.${DOMAIN}`),
    serviceAccounts: ['svc-backup', 'svc-sql', 'svc-etl', 'svc-scan', 'svc-vmtools', 'svc-sap'].map(
      (name) => `${NETBIOS}\\${name}`,
    ),
  };
};

const plan = (digits: string, name: string): PlanRef => ({
  id: `{${digits}-5A1D-4C3B-9E2F-0123456789AB}`,
  name,
});

export const PLANS = {
  directory: plan('1D7E0001', 'Directory'),
  files: plan('1D7E0002', 'File servers'),
  cloud: plan('1D7E0003', 'Microsoft 365'),
  data: plan('1D7E0004', 'Databases'),
  platform: plan('1D7E0005', 'Servers and virtualisation'),
} as const;

export const ITEM_DOMAIN: ItemRef = { name: DOMAIN, type: 'Domain' };
export const ITEM_TENANT: ItemRef = { name: TENANT, type: 'Microsoft 365 tenant' };

/** One object per item, not one per record. */
export const createItems = (type: string): ((name: string) => ItemRef) => {
  const known = new Map<string, ItemRef>();
  return (name) => {
    const found = known.get(name);
    if (found) return found;
    const made = { name, type };
    known.set(name, made);
    return made;
  };
};
