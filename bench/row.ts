import { ratios, type Spread, spreadOf } from './statistics';

/** One line of the table: what was measured, what it is compared with, and the goal. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly measured: Spread;
  /** Upper limit for the median, in the row's unit. */
  readonly goal: number;
  /** The two medians behind a ratio. */
  readonly parts?: { readonly own: Spread; readonly other: Spread; readonly unit: 'ms' | 'MB' };
}

/** Unit of a row's figure: a ratio, a percentage, a size, or a count. */
export type Unit = '×' | '%' | 'KB' | '';

/** Whether a row's median exceeds its goal. */
export function isMissed({ measured, goal }: Row): boolean {
  return measured.median > goal;
}

/** Makes a row from figures that were measured in the same rounds. `of` is the unit of the figures. */
export function ratioRow(
  { unit = '×', of = 'ms', ...row }: Pick<Row, 'what' | 'against' | 'goal'> & { unit?: '×' | '%'; of?: 'ms' | 'MB' },
  own: readonly number[],
  other: readonly number[],
): Row {
  const scale = unit === '%' ? 100 : 1;
  const measured = spreadOf(ratios(own, other).map((ratio) => ratio * scale));
  return { ...row, unit, measured, parts: { own: spreadOf(own), other: spreadOf(other), unit: of } };
}
