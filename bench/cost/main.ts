import { UsageError } from '../../local/start-arguments';
import { prices } from '../prices';
import { costHelp, parseCostArguments } from './cost-arguments';
import { hoursAtPace, monthlyBill } from './monthly-bill';
import { renderBill } from './render-bill';

function main(words: readonly string[]): string {
  const asked = parseCostArguments(words);
  if (asked === 'help') return costHelp;
  const { isJson, ...month } = asked;
  const lines = monthlyBill(month);
  if (!isJson) return renderBill(lines, month);
  const dollars = lines.reduce((sum, line) => sum + line.dollars, 0);
  return JSON.stringify({ ...month, pricesAsOf: prices.asOf, lines, dollars, hours: hoursAtPace(month) }, null, 2);
}

try {
  console.log(main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
