/** Paths of files: a number gives always the same file, so that files come again as in life. */
import type { Department } from './organisation.ts';
import { mix, type Random } from './random.ts';

const TOPICS =
  'Budget Forecast Contract Offer Invoice Roadmap Minutes Proposal Specification Report Review Audit Plan Presentation Checklist Statement Agreement Survey Schedule Inventory Drawing Test Order Receipt'.split(
    ' ',
  );
const SUBJECTS =
  'Aster Birch Cobalt Delta Ember Falcon Garnet Harbor Indigo Juniper Kestrel Lumen Maple Nimbus Onyx Prairie Quartz Raven Saffron Tundra Umber Violet Willow Xenon Yarrow Zephyr'.split(
    ' ',
  );
const FOLDERS: Readonly<Record<Department, readonly string[]>> = {
  Sales: ['Customers', 'Offers', 'Pricing', 'Pipeline'],
  Engineering: ['Designs', 'Releases', 'Tests', 'Suppliers'],
  Finance: ['Closing', 'Invoices', 'Payroll', 'Tax'],
  Operations: ['Shifts', 'Logistics', 'Quality', 'Maintenance'],
  Marketing: ['Campaigns', 'Events', 'Press', 'Brand'],
  HR: ['Applicants', 'Contracts', 'Training', 'Reviews'],
  Legal: ['Contracts', 'Disputes', 'Patents', 'Compliance'],
  Support: ['Tickets', 'Guides', 'Escalations', 'Returns'],
  IT: ['Images', 'Scripts', 'Licences', 'Runbooks'],
};
const EXTENSIONS = [
  'xlsx',
  'docx',
  'pdf',
  'pptx',
  'xlsx',
  'docx',
  'pdf',
  'csv',
  'msg',
  'dwg',
  'txt',
  'zip',
];

const at = <Value>(values: readonly Value[], hash: number): Value =>
  values[hash % values.length] as Value;

/** `Customers\2026\Cobalt` */
export const folderOf = (department: Department, hash: number): string =>
  `${at(FOLDERS[department], hash)}\\${2019 + ((hash >>> 5) % 8)}\\${at(SUBJECTS, hash >>> 9)}`;

/** `Offer Falcon 4711 v3.docx` */
export const fileNameOf = (hash: number): string =>
  `${at(TOPICS, hash)} ${at(SUBJECTS, hash >>> 7)} ${(hash >>> 3) % 10000} v${1 + ((hash >>> 11) % 9)}.${at(EXTENSIONS, hash >>> 13)}`;

const DEPARTMENT_FILES = 40_000;
const OWN_FILES = 300;

/** A number for the file somebody touches: mostly their own, often one of the department, sometimes one nobody had before. */
export const drawFile = (
  random: Random,
  owner: { index: number; departmentIndex: number },
): number => {
  const kind = random.unit();
  if (kind < 0.5) return mix(owner.index * 4096 + random.skewed(OWN_FILES, 2.5));
  if (kind < 0.85) {
    return mix(0x40000000 + owner.departmentIndex * 65536 + random.skewed(DEPARTMENT_FILES, 3));
  }
  return random.below(4294967296);
};
