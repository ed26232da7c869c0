import { runCommand } from '../../cli/terminal/command';
import { prices } from '../../local/prices';
import { costHelp, parseCostArguments } from './cost-arguments';
import { hoursAtPace, monthlyBill, totalOf } from './monthly-bill';
import { renderBill } from './render-bill';

function answer(words: readonly string[]): string {
  const options = parseCostArguments(words);
  if (options === 'help') return costHelp;
  const { isJson, ...month } = options;
  const lines = monthlyBill(month);
  if (!isJson) return renderBill(lines, month);
  const dollars = totalOf(lines);
  return JSON.stringify({ ...month, pricesAsOf: prices.asOf, lines, dollars, hours: hoursAtPace(month) }, null, 2);
}

void runCommand((words) => {
  console.log(answer(words));
  return 0;
});
