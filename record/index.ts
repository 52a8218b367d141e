/** The Activity Record: type, validation, identity, JSON and XML text. No I/O; everyone may import it. */
export * from './activity-record.ts';
export * from './errors.ts';
