import type { ConfigurationDatabase } from '../plans/index.ts';
import type { TokenRecord } from './directory.ts';
import { TOKEN_USE_WRITTEN_EVERY_MS } from './tokens.ts';

export interface TokenUse {
  note(token: TokenRecord): void;
  lastUsedAt(token: TokenRecord): number | undefined;
  /** Writes what is only noted so far. */
  flush(): Promise<void>;
}

/** When tokens were last used: known at once, written now and then, so that requests cost no write each. */
export const createTokenUse = ({
  database,
  clock,
  inBackground,
}: {
  readonly database: ConfigurationDatabase;
  readonly clock: () => number;
  readonly inBackground: (work: Promise<void>) => void;
}): TokenUse => {
  const uses = new Map<string, { at: number; writtenAt: number }>();

  const write = async (id: string, at: number): Promise<void> => {
    await database.transaction((transaction) =>
      transaction
        .updateTable('access_token')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .execute(),
    );
  };

  return {
    note: ({ id, lastUsedAt }) => {
      const at = clock();
      const writtenAt = uses.get(id)?.writtenAt ?? lastUsedAt ?? Number.NEGATIVE_INFINITY;
      const isDue = at - writtenAt >= TOKEN_USE_WRITTEN_EVERY_MS;
      uses.set(id, { at, writtenAt: isDue ? at : writtenAt });
      if (isDue) inBackground(write(id, at));
    },
    lastUsedAt: ({ id, lastUsedAt }) => uses.get(id)?.at ?? lastUsedAt,
    flush: async () => {
      for (const [id, { at, writtenAt }] of uses) {
        if (at > writtenAt) await write(id, at);
      }
    },
  };
};
