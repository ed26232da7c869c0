import { setStage } from './stage';
import { measureColdStarts } from './rows/cold';
import { measureWarmCpu } from './rows/warm';
import { measureWall } from './rows/wall';
import { measurePeakMemory } from './rows/peak-memory';
import { renderTable } from './table';
async function main() {
  const stage = await setStage(console.error);
  const rows = [
    ...(await measureColdStarts(stage, 7)),
    ...(await measureWarmCpu(stage, 9)),
    ...(await measureWall(stage, 5)),
    ...(await measurePeakMemory(stage, 2)),
  ];
  console.log(renderTable(rows));
  await stage.close();
}
void main();
