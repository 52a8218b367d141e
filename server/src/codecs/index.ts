/** Bytes to values and back, pure. */
export type { EventDatum, WindowsEvent, XmlElement } from './windows-event/windows-event.ts';
