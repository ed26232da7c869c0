import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's root. */
export const root = join(__dirname, '..', '..');

/** The Markdown files that git tracks or would track, as paths from the root. */
export const documentPaths: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** The text of a document. @param path from the project's root. */
export function readDocument(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/**
 * The first JSON in a document's section, parsed.
 * @throws when there is none.
 */
export function readJsonBlock(path: string, heading: string): unknown {
  const [, section = ''] = readDocument(path).split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [, json] = /^```json\n(.*?)^```$/ms.exec(section.split(/^#+ /m)[0] ?? '') ?? [];
  if (json === undefined) throw new Error(`${path} has no JSON in the section ${heading}`);
  return JSON.parse(json);
}

/** The text of a document without its fenced code. */
export function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *```.*?^ *```$/gms, '');
}

/** The targets of all links and pictures outside of code: inline, by reference, and in HTML. */
export function linkTargets(markdown: string): string[] {
  const text = withoutCode(markdown).replaceAll(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...text.matchAll(/^ *\[[^\]]+\]:\s*(\S+)/gm)];
  const html = [...text.matchAll(/<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g)];
  return [...inline, ...references, ...html].map(([, target = '']) => target);
}

/** Whether a link leads out of the project. */
export function isExternal(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target);
}

/**
 * GitHub's anchors of a document's headings: lower case, only letters, digits, `-` and `_`, spaces as `-`. A repeated
 * anchor gets `-1`, `-2` and so on.
 */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(markdown).matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)].map(([, heading = '']) => {
    const slug = slugOf(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}
