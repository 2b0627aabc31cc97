/** The arithmetic of bar charts. */

/** Steps of a scale that people read easily, within each power of ten. */
const STEPS = [1, 2, 4, 5, 10];
/** Labels that stand below bars when not all of them have room. */
const FEW = 8;

/** Where a scale ends: a round number not below any of these, and even where it can be, for the line in its middle. */
export function axisTop(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  if (most <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = STEPS.find((step) => step * power >= most) ?? 10;
  return step * power;
}

/** The places of those bars whose labels are shown: all of a few, otherwise the first, the middle and the last one. */
export function marked(count: number): number[] {
  if (count <= FEW) return Array.from({ length: count }, (_, place) => place);
  return [0, Math.floor((count - 1) / 2), count - 1];
}
