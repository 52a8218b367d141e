/** Raw event -> durable -> interpreted -> resolved -> stored -> acknowledged. */
export type * from './raw-batch.ts';
