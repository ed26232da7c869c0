import { runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { prices } from '../../local/prices';
import { costHelp, parseCostArguments } from './cost-arguments';
import { hoursAtPace, monthlyBill, totalOf } from './monthly-bill';
import { renderBill } from './render-bill';

function answer(words: readonly string[]): void {
  const options = parseCostArguments(words);
  if (options === 'help') {
    printFitted(costHelp);
    return;
  }
  const { isJson, ...month } = options;
  const lines = monthlyBill(month);
  if (!isJson) {
    printFitted(renderBill(lines, month));
    return;
  }
  const dollars = totalOf(lines);
  console.log(
    JSON.stringify({ ...month, pricesAsOf: prices.asOf, lines, dollars, hours: hoursAtPace(month) }, null, 2),
  );
}

void runCommand((words) => {
  answer(words);
  return 0;
});
