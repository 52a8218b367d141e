import { toNameKey } from '../plans/index.ts';
import { error } from './errors.ts';

/** NIST SP 800-63B section 3.1.1: length counts, composition rules do not. */
const PASSWORD_LENGTH_MIN = 8;
/** In UTF-16 units, in a sign-in too. */
export const PASSWORD_LENGTH_MAX = 1_024;

/** Crockford's base 32: no letters that look like digits. */
const READABLE = '0123456789abcdefghjkmnpqrstvwxyz';
const READABLE_GROUPS = [0, 6, 12, 18] as const;
const READABLE_LENGTH = 24;

/** 120 random bits: `x7k2mq-...`, four groups of six. */
export const createPassword = (randomBytes: (bytes: number) => Uint8Array): string => {
  const letters = [...randomBytes(READABLE_LENGTH)].map((byte) => READABLE[byte & 31]).join('');
  return READABLE_GROUPS.map((from) => letters.slice(from, from + 6)).join('-');
};

const passwordFault = (password: string, userName: string): string | undefined => {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN) return `is shorter than ${PASSWORD_LENGTH_MIN} characters`;
  if (password.length > PASSWORD_LENGTH_MAX) return `is longer than ${PASSWORD_LENGTH_MAX}`;
  if (!password.isWellFormed()) return 'is no valid text';
  return toNameKey(password) === toNameKey(userName) ? 'is the user name' : undefined;
};

/** Throws ACCESS_PASSWORD_INVALID. */
export const checkPassword = (password: string, userName: string): void => {
  const reason = passwordFault(password, userName);
  if (reason) throw error('ACCESS_PASSWORD_INVALID', { reason });
};
