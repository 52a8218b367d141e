/** The tree element: how it is shaped when read, and its text when written. */
import { escapeXml, escapeXmlAttribute } from '@witness/record';
import type { XmlElement } from './windows-event.ts';

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Blank text beside children is layout, not content. */
export const toXmlElement = (
  name: string,
  attributes: Readonly<Record<string, string>> | undefined,
  { children, text }: { readonly children: readonly XmlElement[]; readonly text: string },
): XmlElement => {
  const hasText = children.length > 0 ? text.trim() !== '' : text !== '';
  const element: { -readonly [Key in keyof XmlElement]: XmlElement[Key] } = {
    name: localName(name),
  };
  if (attributes !== undefined) element.attributes = attributes;
  if (children.length > 0) element.children = children;
  if (hasText) element.text = text;
  return element;
};

/** An element as XML text. */
export const xmlElementToText = ({ name, attributes, children, text }: XmlElement): string => {
  const written = Object.entries(attributes ?? {})
    .map(([key, value]) => ` ${key}="${escapeXmlAttribute(value)}"`)
    .join('');
  const content = escapeXml(text ?? '') + (children ?? []).map(xmlElementToText).join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
};
