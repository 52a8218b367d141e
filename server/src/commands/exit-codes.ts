/** What the exit code of a command says. Scripts rely on it: a number never changes its meaning. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The data folder is in use, or the server does not answer. */
  unreachable: 3,
  /** Done, but some of the input could not be read or interpreted; what and where is printed. */
  partly: 4,
} as const;
