import { ratios, type Spread, spreadOf } from './statistics';

/** One line of the bench's table: what was measured, against what, and the goal. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly measured: Spread;
  /** The most that it may be, in the row's unit; left out for what is not shipped. */
  readonly goal?: number;
  /** What the ratio is made of: the function's own figure and the other's. */
  readonly parts?: { readonly own: Spread; readonly other: Spread; readonly unit: 'ms' | 'MB' };
}

/** How figures read: a ratio, a share of a whole, a size, or a number of what the row names. */
export type Unit = '×' | '%' | 'KB' | '';

/** Whether a row's median misses its goal. */
export function isMissed({ measured, goal = Infinity }: Row): boolean {
  return measured.median > goal;
}

/** A row for a ratio of figures that were measured in the same rounds. */
export function ratioRow(
  { unit = '×', ...row }: Pick<Row, 'what' | 'against' | 'goal'> & { readonly unit?: '×' | '%' },
  { own, other, of }: { own: readonly number[]; other: readonly number[]; of: 'ms' | 'MB' },
): Row {
  const scale = unit === '%' ? 100 : 1;
  const measured = spreadOf(ratios(own, other).map((ratio) => ratio * scale));
  return { ...row, unit, measured, parts: { own: spreadOf(own), other: spreadOf(other), unit: of } };
}
