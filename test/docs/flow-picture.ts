import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The flow of photos, and the log with the alarms. */
const svg = ['flow.svg', 'alarms.svg']
  .map((name) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8'))
  .join('\n');

/** A box of the pictures that represents resources of the stack. */
export interface DrawnResource {
  /** The name in the picture. */
  readonly label: string;
  readonly type: string;
  /** The start of the logical IDs. All alarms are one box. */
  readonly idStart: string;
}

/** The boxes for resources of the template, which have the attribute `data-resource`. A box in both pictures is listed once. */
export const drawnResources: readonly DrawnResource[] = [
  ...new Map(
    [...svg.matchAll(/<g data-resource="([^" ]+) ([^" ]+)">.*?<text class="name"[^>]*>([^<]+)</g)].map(
      ([, type = '', idStart = '', label = '']) => [label, { label, type, idStart }],
    ),
  ).values(),
];

/** The boxes outside the stack, which have the attribute `data-outside`. */
export const drawnOutside: readonly string[] = [...svg.matchAll(/<g data-outside="([^"]+)">/g)].map(
  ([, name = '']) => name,
);

/** The arrows, as `from → to`. An arrow with two heads counts as two. */
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
