/** Starts Witness as its users do, as a process of its own, and talks to it over its doors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
}

const environment = (extra: CommandOptions['env'] = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  WITNESS_ADMIN_PASSWORD: ADMIN_PASSWORD,
  ...extra,
});

/** Runs one command to its end. */
export const witness = async (
  args: readonly string[],
  { env, cwd }: CommandOptions = {},
): Promise<CommandResult> => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
    ...(cwd ? { cwd } : {}),
  });
  const [out, error, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, out, error };
};

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
  api(method: string, path: string, body?: string): Promise<Answer>;
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
  const authorization = `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString('base64')}`;
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
    api: (method, path, body) =>
      exchange(agent, `${apiUrl}${path}`, {
        method,
        headers: { authorization },
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

/** A folder that is removed when the test ends. */
export const temporaryFolder = (t: { after: (fn: () => void | Promise<void>) => void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
};

/** Peak resident memory of a process in bytes, Linux only. */
export const peakMemoryBytes = (pid: number): number => {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
};
