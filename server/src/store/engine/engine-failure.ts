/** An error of the engine with its ClickHouse number, read once from the text `Code: 60. DB::Exception: ...`. */

export class EngineFailure extends Error {
  readonly engineCode: number;

  constructor(engineCode: number, text: string) {
    super(text);
    this.name = 'EngineFailure';
    this.engineCode = engineCode;
  }
}

/** ClickHouse's UNKNOWN_EXCEPTION, for errors of the binding that carry no number. */
const UNKNOWN_EXCEPTION = 1002;

export const engineFailure = (error: unknown): EngineFailure => {
  if (error instanceof EngineFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = /\bCode: (\d+)\./.exec(text)?.[1];
  return code === undefined
    ? new EngineFailure(
        UNKNOWN_EXCEPTION,
        `Code: ${UNKNOWN_EXCEPTION}. DB::Exception: ${text} (UNKNOWN_EXCEPTION)`,
      )
    : new EngineFailure(Number(code), text.slice(text.indexOf(`Code: ${code}.`)));
};
