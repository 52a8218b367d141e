/** Raw event -> durable -> interpreted -> resolved -> stored -> acknowledged. */
export {
  createPipeline,
  type Pipeline,
  type PipelineOptions,
  type PipelineState,
} from './pipeline.ts';
export { PIPELINE_LIMITS, type PipelineLimits } from './pipeline-limits.ts';
export type * from './raw-batch.ts';
