import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const svg = readFileSync(join(__dirname, '..', '..', 'docs', 'flow.svg'), 'utf8');

/** A box of the picture that stands for resources of the stack. */
export interface DrawnResource {
  /** What the picture calls it. */
  readonly label: string;
  readonly type: string;
  /** What the logical IDs begin with: all alarms are one box. */
  readonly idStart: string;
}

/** The boxes of docs/flow.svg that say, by `data-resource`, which resource of the template they are. */
export const drawnResources: readonly DrawnResource[] = [
  ...svg.matchAll(/<g data-resource="([^" ]+) ([^" ]+)">.*?<text class="name"[^>]*>([^<]+)</g),
].map(([, type = '', idStart = '', label = '']) => ({ label, type, idStart }));

/** The boxes that say, by `data-outside`, what they are beside the stack's resources. */
export const drawnOutside: readonly string[] = [...svg.matchAll(/<g data-outside="([^"]+)">/g)].map(
  ([, name = '']) => name,
);

/** The arrows, as `from → to`; one with two heads is two of them. */
export const drawnWays: readonly string[] = [
  ...svg.matchAll(/<path class="([^"]+)" data-from="([^"]+)" data-to="([^"]+)"/g),
].flatMap(([, style = '', from = '', to = '']) => [
  `${from} → ${to}`,
  ...(style.split(' ').includes('both') ? [`${to} → ${from}`] : []),
]);

/** The box of the resource with a type and a logical ID. */
export function boxOf(type: string, id: string): DrawnResource | undefined {
  return drawnResources.find((drawn) => drawn.type === type && id.startsWith(drawn.idStart));
}
