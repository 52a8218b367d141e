/** How data and commands arrive: one folder per listener. */
export * from './event-forwarding/index.ts';
export * from './integration-api/index.ts';
export * from './local-control/index.ts';
