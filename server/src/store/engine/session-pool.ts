/** Connections to the one engine of this process: readers beside the writer, each running one statement at a time. */
import type { Session } from 'chdb';
import { engineFailure } from './engine-failure.ts';

/** What `Session` of chdb gives us. */
export interface EngineResult {
  bytes(): Uint8Array;
  readonly rowsRead: number;
}

export interface Statement {
  readonly sql: string;
  /** Marks the statement in system.processes, so that it can be ended from another connection. */
  readonly queryId: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
  /** As in the URL: in the engine's escaped text form. */
  readonly parameters: ReadonlyMap<string, string>;
}

interface Connection {
  readonly session: Session;
  database: string;
  /** Settings of the last statement, to be put back before the next one. */
  changed: readonly string[];
}

export const quote = (text: string): string =>
  `'${text.replace(/[\\'\0]/g, (found) => (found === '\0' ? '\\0' : `\\${found}`))}'`;

const marked = (queryId: string): string => `/* ${queryId.replace(/[^\w-]/g, '_')} */`;

const prologue = (connection: Connection, statement: Statement): string => {
  const wanted = [...statement.settings].map(([name, value]) => `${name}=${quote(value)}`);
  const restored = connection.changed
    .filter((name) => !statement.settings.has(name))
    .map((name) => `${name}=DEFAULT`);
  const parameters = [...statement.parameters].map(
    ([name, value]) => `param_${name}=${quote(value)}`,
  );
  const assignments = [...restored, ...wanted, ...parameters];
  const use = connection.database === statement.database ? '' : `USE \`${statement.database}\`;\n`;
  return use + (assignments.length > 0 ? `SET ${assignments.join(', ')};\n` : '');
};

export class SessionPool {
  readonly #open: () => Session;
  readonly #connectionsMax: number;
  readonly #idle: Connection[] = [];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  readonly #all: Connection[] = [];
  readonly #control: Session;

  constructor(options: { open: () => Session; connectionsMax: number }) {
    this.#open = options.open;
    this.#connectionsMax = options.connectionsMax;
    this.#control = options.open();
  }

  #acquire(): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    if (this.#all.length < this.#connectionsMax) {
      const connection = { session: this.#open(), database: 'default', changed: [] };
      this.#all.push(connection);
      return Promise.resolve(connection);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }

  /** Rejects with an EngineFailure. A signal aborted before its turn comes keeps the statement from starting. */
  async run(statement: Statement, signal: AbortSignal): Promise<EngineResult> {
    const connection = await this.#acquire();
    let kill: NodeJS.Timeout | undefined;
    const end = () => {
      this.#kill(statement.queryId);
      kill = setInterval(() => this.#kill(statement.queryId), KILL_AGAIN_MS);
    };
    try {
      if (signal.aborted)
        throw engineFailure('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)');
      const text = `${prologue(connection, statement)}${marked(statement.queryId)} ${statement.sql}`;
      connection.changed = [...statement.settings.keys()];
      connection.database = statement.database;
      signal.addEventListener('abort', end, { once: true });
      return await connection.session.queryAsync(text, { format: 'TabSeparated' });
    } catch (error) {
      clearInterval(kill);
      // The engine holds a failed statement, with its memory and its place among the running ones, until the next one.
      await connection.session.queryAsync('SELECT 1').catch(() => {});
      throw engineFailure(error);
    } finally {
      signal.removeEventListener('abort', end);
      clearInterval(kill);
      this.#release(connection);
    }
  }

  /** A short statement of the host's own. */
  control(sql: string): Promise<unknown> {
    return this.#control.queryAsync(sql);
  }

  /** ASYNC: a synchronous KILL waits for the other connection in a way that never ends in this engine. */
  #kill(queryId: string): void {
    this.#control
      .queryAsync(`KILL QUERY WHERE startsWith(query, ${quote(marked(queryId))}) ASYNC`)
      .catch(() => {
        // The next attempt follows while the statement still runs.
      });
  }

  close(): void {
    for (const { session } of this.#all) session.close();
    this.#control.close();
  }
}

/** A statement that was not yet registered when it was ended is found by the next attempt. */
const KILL_AGAIN_MS = 100;
