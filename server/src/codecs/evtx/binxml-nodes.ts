/** Binary XML as parsed: elements with places to fill in. A template keeps its nodes; a plain fragment has no places. */
import type { DataPlan, EventPlan } from './event-plan.ts';

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** A place for value number `index` of the template instance. */
export interface SubstitutionNode {
  readonly kind: 'substitution';
  readonly index: number;
  /** A NULL value drops the enclosing element or attribute instead of leaving it empty. */
  readonly isOptional: boolean;
}

/** A template instance in place, at an offset of the chunk; `end` bounds it. */
export interface InstanceNode {
  readonly kind: 'instance';
  readonly offset: number;
  readonly end: number;
}

export interface AttributeNode {
  readonly name: string;
  readonly content: readonly (TextNode | SubstitutionNode)[];
}

export interface ElementNode {
  readonly kind: 'element';
  readonly name: string;
  /** The value that must not be NULL for the element to be there; -1 for none. */
  readonly dependency: number;
  readonly attributes: readonly AttributeNode[];
  readonly content: readonly ContentNode[];
}

export type ContentNode = ElementNode | TextNode | SubstitutionNode | InstanceNode;

export interface Template {
  readonly root: ElementNode | InstanceNode;
  /** Made on first use; `null` where only the general way through a tree will do. */
  plan: EventPlan | DataPlan | null | undefined;
}
