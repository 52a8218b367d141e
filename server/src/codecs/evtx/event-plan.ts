/**
 * Templates of the usual shape as flat plans: which value or constant is which field of the event. With a plan an event
 * costs only reading its values; no tree is built.
 */
import { tryParseNumber } from '../windows-event/event-from-tree.ts';
import { type SystemTime, tryParseSystemTime } from '../windows-event/system-time.ts';
import type { AttributeNode, ContentNode, ElementNode } from './binxml-nodes.ts';

/** Where one field comes from: a constant (`index` -1) or a value. */
export interface Source {
  /** The constant; `undefined` when the template has no such field. */
  readonly text: string | undefined;
  /** The constant as a number and as a time, where it is one. */
  readonly number: number | undefined;
  readonly time: SystemTime | undefined;
  readonly index: number;
  readonly isOptional: boolean;
  /** The value that must not be NULL for the field to be there; -1 for none. */
  readonly dependency: number;
}

const SYSTEM_FIELDS = [
  ['provider', 'Provider', 'Name'],
  ['providerGuid', 'Provider', 'Guid'],
  ['eventSourceName', 'Provider', 'EventSourceName'],
  ['eventId', 'EventID'],
  ['qualifiers', 'EventID', 'Qualifiers'],
  ['version', 'Version'],
  ['level', 'Level'],
  ['task', 'Task'],
  ['opcode', 'Opcode'],
  ['keywords', 'Keywords'],
  ['systemTime', 'TimeCreated', 'SystemTime'],
  ['recordId', 'EventRecordID'],
  ['activityId', 'Correlation', 'ActivityID'],
  ['relatedActivityId', 'Correlation', 'RelatedActivityID'],
  ['processId', 'Execution', 'ProcessID'],
  ['threadId', 'Execution', 'ThreadID'],
  ['channel', 'Channel'],
  ['computer', 'Computer'],
  ['userSid', 'Security', 'UserID'],
] as const;

export type SystemPlan = Readonly<Record<(typeof SYSTEM_FIELDS)[number][0], Source>>;

export interface DatumPlan {
  readonly isBinary: boolean;
  readonly name: string | undefined;
  readonly source: Source;
}

export interface DataPlan {
  readonly kind: 'data';
  /** Of the EventData element itself. */
  readonly dependency: number;
  readonly items: readonly DatumPlan[];
}

/** A value that holds the body as binary XML of its own. */
export interface EmbeddedPlan {
  readonly kind: 'embedded';
  readonly index: number;
}

export interface EventPlan {
  readonly kind: 'event';
  readonly system: SystemPlan;
  readonly bodies: readonly (DataPlan | EmbeddedPlan)[];
}

const constant = (text: string | undefined, dependency: number): Source => ({
  text,
  number: tryParseNumber(text),
  time: text === undefined ? undefined : tryParseSystemTime(text),
  index: -1,
  isOptional: false,
  dependency,
});

const ABSENT = constant(undefined, -1);

/** `undefined` when the content is more than one constant or one value. */
const sourceOf = (content: readonly ContentNode[], dependency: number): Source | undefined => {
  const [node] = content;
  if (node === undefined) return constant('', dependency);
  if (content.length > 1) return undefined;
  if (node.kind === 'text') return constant(node.text, dependency);
  if (node.kind !== 'substitution') return undefined;
  const { index, isOptional } = node;
  return {
    text: undefined,
    number: undefined,
    time: undefined,
    index,
    isOptional,
    dependency,
  };
};

const attributeNamed = (element: ElementNode, name: string): AttributeNode | undefined =>
  element.attributes.find((attribute) => attribute.name === name);

const fieldSource = (element: ElementNode | undefined, attribute?: string): Source | undefined => {
  if (element === undefined) return ABSENT;
  if (attribute === undefined) return sourceOf(element.content, element.dependency);
  const node = attributeNamed(element, attribute);
  return node === undefined ? ABSENT : sourceOf(node.content, element.dependency);
};

const isElement = (node: ContentNode): node is ElementNode => node.kind === 'element';

const planSystem = (system: ElementNode): SystemPlan | undefined => {
  if (system.dependency >= 0 || !system.content.every(isElement)) return undefined;
  const elements = new Map(system.content.map((element) => [element.name, element]));
  if (elements.size !== system.content.length) return undefined;
  const entries = SYSTEM_FIELDS.map(
    ([field, element, attribute]) =>
      [field, fieldSource(elements.get(element), attribute)] as const,
  );
  if (entries.some(([, source]) => source === undefined)) return undefined;
  return Object.fromEntries(entries) as SystemPlan;
};

const planDatum = (element: ElementNode): DatumPlan | undefined => {
  const isBinary = element.name === 'Binary';
  if (element.name !== 'Data' && !isBinary) return undefined;
  const source = sourceOf(element.content, element.dependency);
  const name = sourceOf(attributeNamed(element, 'Name')?.content ?? [], -1);
  if (source === undefined || name?.text === undefined) return undefined;
  return { isBinary, name: name.text === '' ? undefined : name.text, source };
};

const planData = ({ content, dependency }: ElementNode): DataPlan | undefined => {
  const items: DatumPlan[] = [];
  for (const node of content) {
    const item = isElement(node) ? planDatum(node) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
  }
  return { kind: 'data', dependency, items };
};

const planBody = (node: ContentNode): DataPlan | EmbeddedPlan | undefined => {
  if (node.kind === 'substitution') {
    return { kind: 'embedded', index: node.index };
  }
  return isElement(node) && node.name === 'EventData' ? planData(node) : undefined;
};

/** The dependency of `Event` does not count; see `binxml-tree.ts`. */
const planEvent = ({ content }: ElementNode): EventPlan | undefined => {
  const systems = content.filter((node) => isElement(node) && node.name === 'System');
  const [system] = systems;
  if (systems.length !== 1 || system === undefined) return undefined;
  const systemPlan = isElement(system) ? planSystem(system) : undefined;
  const bodies = content.filter((node) => node !== system).map(planBody);
  const known = bodies.filter((body) => body !== undefined);
  if (systemPlan === undefined || known.length !== bodies.length) return undefined;
  return { kind: 'event', system: systemPlan, bodies: known };
};

/** The plan of a template's root element, `null` when it has not the usual shape. */
export const planTemplate = (root: ElementNode): EventPlan | DataPlan | null => {
  if (root.name === 'Event') return planEvent(root) ?? null;
  return root.name === 'EventData' ? (planData(root) ?? null) : null;
};
