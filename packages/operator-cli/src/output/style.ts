/** Ways to make text stand out. Without colour each gives the text back as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** ANSI colours, or none. */
export function createStyle(isColored: boolean): Style {
  const wrap = (open: number, close: number) => (text: string) =>
    isColored && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
  };
}

/** Input of the choice of colour. */
export interface ColorChoice {
  /** `--color` or `--no-color`, or neither. */
  readonly wanted: boolean | null;
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The flag decides, then `NO_COLOR`, then the kind of stream: colour is only for terminals. */
export function isColorWanted({ wanted, isTTY, env }: ColorChoice): boolean {
  if (wanted !== null) return wanted;
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return isTTY;
}
