/** Starts Witness as its users do, as a process of its own, and talks to it over its doors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '..', 'server', 'src', 'main.ts');

export const ADMIN_PASSWORD = 'a password for tests only';

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Account to run under, for root. */
  readonly uid?: number;
}

const environment = (extra: CommandOptions['env'] = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  WITNESS_ADMIN_PASSWORD: ADMIN_PASSWORD,
  ...extra,
});

export interface StartedCommand {
  readonly child: ChildProcess;
  readonly result: Promise<CommandResult>;
  /** Resolves when standard output or standard error has this text. */
  until(text: string): Promise<void>;
}

/** Starts one command. */
export const startCommand = (
  args: readonly string[],
  { env, cwd, uid }: CommandOptions = {},
): StartedCommand => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
    ...(cwd ? { cwd } : {}),
    ...(uid ? { uid, gid: uid } : {}),
  });
  const texts = { out: '', error: '' };
  const awaited: { text: string; resolve: () => void }[] = [];
  const hear = (name: 'out' | 'error') => (chunk: Buffer) => {
    texts[name] += chunk.toString('utf8');
    for (const { text, resolve } of awaited) if (texts[name].includes(text)) resolve();
  };
  child.stdout.on('data', hear('out'));
  child.stderr.on('data', hear('error'));
  const result = once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts }));
  return {
    child,
    result,
    until: (text) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      awaited.push({ text, resolve });
      if (texts.out.includes(text) || texts.error.includes(text)) resolve();
      void result.then(({ code, out, error }) =>
        reject(new Error(`ended with ${code} before it wrote "${text}": ${out}${error}`)),
      );
      return promise;
    },
  };
};

/** Runs one command to its end. */
export const witness = (
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> => startCommand(args, options).result;

const collect = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface RunningServer extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly data: string;
  /** Text printed at the start. */
  readonly startText: string;
  readonly apiUrl: string;
  readonly consoleUrl: string;
  /** Log lines so far. */
  log(): string;
  /** With the first administrator's credentials, or with those given. */
  api(
    method: string,
    path: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  console(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Ends it without notice and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end; resolves to its exit code. */
  stop(): Promise<number | null>;
}

const exchange = (
  agent: Agent,
  url: string,
  options: { method?: string; headers?: Readonly<Record<string, string>>; body?: string },
): Promise<Answer> =>
  new Promise((resolvePromise, reject) => {
    const outgoing = request(
      url,
      { agent, method: options.method ?? 'GET', headers: { ...options.headers } },
      async (response) => {
        try {
          const body = await collect(response as AsyncIterable<Buffer>);
          resolvePromise({ status: response.statusCode ?? 0, headers: response.headers, body });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export interface StartOptions extends CommandOptions {
  readonly data: string;
  readonly command?: string;
  readonly args?: readonly string[];
  /** Ports to use again after a restart; otherwise any free ones. */
  readonly apiPort?: number;
}

const urlIn = (text: string, title: string): string => {
  const match = new RegExp(`${title}\\s+(https://\\S+)`).exec(text);
  if (!match?.[1]) throw new Error(`no address of the ${title} in: ${text}`);
  return match[1];
};

/** Starts the server and waits for what it prints when it is ready. */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const { data, command = 'serve', args = [], env, cwd, apiPort = 0 } = options;
  const child = spawn(
    process.execPath,
    [
      MAIN,
      command,
      '--data',
      data,
      '--set',
      'listeners.integration-api.address=127.0.0.1',
      '--set',
      `listeners.integration-api.port=${apiPort}`,
      '--set',
      'listeners.console.address=127.0.0.1',
      '--set',
      'listeners.console.port=0',
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment(env), ...(cwd ? { cwd } : {}) },
  );
  let out = '';
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString('utf8');
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  await new Promise<void>((started, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      if (out.includes('Stop with Ctrl+C')) started();
    });
    exited.then(([code]) => failed(new Error(`the server ended with ${code}: ${error}`)), failed);
  });

  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const apiUrl = urlIn(out, 'Integration API');
  const consoleUrl = urlIn(out, 'Console');
  const authorization = basic('admin', ADMIN_PASSWORD);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    agent.destroy();
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    child,
    data,
    startText: out,
    apiUrl,
    consoleUrl,
    log: () => error,
    api: (method, path, body, headers = { authorization }) =>
      exchange(agent, `${apiUrl}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      }),
    console: (path, headers = {}) =>
      exchange(agent, `${consoleUrl.replace(/\/$/, '')}${path}`, { headers }),
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
    },
  };
};

/** Members of a record in the JSON of the Integration API. */
export interface JsonRecord {
  readonly RID: string;
  readonly Who: string;
  readonly Action: string;
  readonly What: string;
  readonly When: string;
  readonly Where: string;
  readonly ObjectType: string;
  readonly DataSource: string;
  readonly DetailList?: readonly {
    readonly PropertyName: string;
    readonly Before?: string;
    readonly After?: string;
  }[];
}

interface JsonPage {
  readonly ActivityRecordList: readonly JsonRecord[];
  readonly ContinuationMark: string;
}

/** What one request of the Integration API must answer, parsed. */
export const apiJson = async (
  server: Pick<RunningServer, 'api'>,
  method: string,
  path: string,
  body?: string,
): Promise<JsonPage> => {
  const answer = await server.api(method, path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as JsonPage;
};

const PAGE_RECORDS = 5_000;
const RECORDS = '/activity_records';

/** Every record there is, in order of arrival, page after page. */
export const enumerateAll = async (server: Pick<RunningServer, 'api'>): Promise<JsonRecord[]> => {
  const path = `${RECORDS}/enum?format=json&count=${PAGE_RECORDS}`;
  const found: JsonRecord[] = [];
  let page = await apiJson(server, 'GET', path);
  while (page.ActivityRecordList.length > 0) {
    found.push(...page.ActivityRecordList);
    page = await apiJson(server, 'POST', path, JSON.stringify(page.ContinuationMark));
  }
  return found;
};

/** Every record that satisfies the filters, newest first. */
export const searchAll = async (
  server: Pick<RunningServer, 'api'>,
  FilterList: Readonly<Record<string, unknown>>,
): Promise<JsonRecord[]> => {
  const path = `${RECORDS}/search?format=json&count=${PAGE_RECORDS}`;
  const found: JsonRecord[] = [];
  let ContinuationMark: string | undefined;
  for (;;) {
    const page = await apiJson(
      server,
      'POST',
      path,
      JSON.stringify({ ContinuationMark, FilterList }),
    );
    if (page.ActivityRecordList.length === 0) return found;
    found.push(...page.ActivityRecordList);
    ContinuationMark = page.ContinuationMark;
  }
};

/** One record as the Integration API and an NDJSON file take it. */
export const recordBody = (what: string, more: Readonly<Record<string, unknown>> = {}) => ({
  Who: 'NORTHWIND\\m.murray',
  Action: 'Modified',
  What: what,
  When: '2025-05-06T07:08:09Z',
  Where: 'gatekeeper.example.test',
  ObjectType: 'Badge',
  ...more,
});

/** The path of a real event log, or undefined after the test was skipped by name. */
export const corpus = (
  t: { skip: (reason: string) => void },
  ...path: readonly string[]
): string | undefined => {
  const folder = process.env.WITNESS_CORPORA ?? '';
  const file = join(folder, ...path);
  if (folder && existsSync(file)) return file;
  t.skip(`corpora absent: ${path.join('/')}`);
  return undefined;
};

export const CREATED_USER_LOG = [
  'active-directory',
  'evtx-to-mitre-attack',
  'ID4720-Admin_like_user_created.evtx',
] as const;

/** A folder that is removed when the test ends. */
export const temporaryFolder = (t: { after: (fn: () => void | Promise<void>) => void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
};

/** Ids of the processes a process has started, Linux only. */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);

/** Peak resident memory of a process in bytes, Linux only. */
export const peakMemoryBytes = (pid: number): number => {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
};
