/** A simulated estate: the records of an organisation with believable rhythms and six planted incidents. */
export { createEstate, type Estate, type EstateOptions } from './create-estate.ts';
export type { Incident } from './incident-stage.ts';
