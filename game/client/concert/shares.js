// Shares: what each performer gets of a concert's coin, in whole percent that add up.
const WHOLE = 100;
const PPM = 10_000;

/** As equal as whole percent can be; who comes first gets what is left over. */
export function evenly(count) {
  const each = Math.floor(WHOLE / count);
  return Array.from({ length: count }, (_, place) => each + (place < WHOLE - each * count ? 1 : 0));
}

export const sumOf = (percents) => percents.reduce((sum, one) => sum + one, 0);

/** Why these shares can't be agreed on, as a sentence; "" when they can. */
export function faultOf(percents) {
  if (percents.some((one) => !Number.isInteger(one) || one < 1 || one > WHOLE)) return "Every share is a whole number from 1 to 100.";
  const sum = sumOf(percents);
  if (sum === WHOLE) return "";
  return sum < WHOLE ? `${WHOLE - sum} % are left: give them to somebody.` : `That is ${sum - WHOLE} % too much: take it from somebody.`;
}

export const toPpm = (percent) => percent * PPM;
