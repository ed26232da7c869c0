import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { anchorsOf, documentPaths, isExternal, linkTargets, readDocument, root } from './documents';

/** A link of a document, with the target's file and the anchor in that file. */
interface Link {
  readonly from: string;
  readonly target: string;
  readonly path: string;
  readonly anchor: string | undefined;
}

const links: readonly Link[] = documentPaths.flatMap((from) =>
  linkTargets(readDocument(from))
    .filter((target) => !isExternal(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(file)));
      return { from, target, path, anchor };
    }),
);
const words = ({ from, target }: Link): string => `${from}: ${target}`;

describe('GitHub’s anchors', () => {
  it('are computed from headings with code, punctuation, links and repeated texts', () => {
    const markdown =
      '# What happens when…\n## A `--flag`, and more\n## [Linked](x.md)\n## Linked\n```\n# code\n```\n## Ünï_1';
    expect(anchorsOf(markdown)).toEqual(['what-happens-when', 'a---flag-and-more', 'linked', 'linked-1', 'ünï_1']);
  });
});

describe('the links of the documents', () => {
  it('are found inline, in pictures, references and HTML, but not in code', () => {
    const markdown = '[a](b.md#c) ![p](d.svg "title")\n[r]: e.md\n<img src="f.png">\n`[x](y)`\n```\n[x](y)\n```\n';
    expect(linkTargets(markdown)).toEqual(['b.md#c', 'd.svg', 'e.md', 'f.png']);
    expect(links.length).toBeGreaterThan(50);
  });

  it('have existing files as targets', () => {
    expect(links.filter(({ path }) => path.startsWith('..') || !existsSync(posix.join(root, path))).map(words)).toEqual(
      [],
    );
  });

  it('have existing headings as anchors', () => {
    const broken = links.filter(
      ({ path, anchor }) =>
        anchor !== undefined &&
        path.endsWith('.md') &&
        existsSync(posix.join(root, path)) &&
        !anchorsOf(readDocument(path)).includes(anchor),
    );
    expect(broken.map(words)).toEqual([]);
  });
});

/** The documents that are linked from some documents. */
function linkedFrom(paths: readonly string[]): string[] {
  return links.filter(({ from, path }) => paths.includes(from) && path.endsWith('.md')).map(({ path }) => path);
}

describe('the pages in docs/', () => {
  it('are at most two clicks from the README', () => {
    const oneClick = linkedFrom(['README.md']);
    const reached = [...oneClick, ...linkedFrom(oneClick)];
    const pages = documentPaths.filter((path) => path.startsWith('docs/'));
    expect(pages.filter((page) => !reached.includes(page))).toEqual([]);
  });

  const [, overview = ''] = readDocument('README.md').split('\n## Documentation\n');
  const table = overview.split('\n').filter((line) => line.startsWith('|'));
  const ordered = linkTargets(table.join('\n')).filter((target) => /^docs\/[^/]+\.md$/.test(target));

  it('end with links to the previous page, the README and the next page, in the order of the README’s table', () => {
    expect(ordered.length).toBeGreaterThan(5);
    for (const [at, page] of ordered.entries()) {
      const end = linkTargets(readDocument(page).split('\n---\n').at(-1) ?? '').map((target) =>
        posix.normalize(posix.join('docs', target)),
      );
      const next = ordered[at + 1] ?? 'docs/decisions/README.md';
      expect([page, ...end]).toEqual([page, ...ordered.slice(Math.max(0, at - 1), at), 'README.md', next]);
    }
  });

  it('start with their readers and their questions', () => {
    const others = ordered.filter((page) => !/^# [^\n]+\n\nFor [^.]+\.\sThis page answers: /.test(readDocument(page)));
    expect(others).toEqual([]);
  });
});

describe('the decisions', () => {
  it('are listed in order, and end with links to the previous one, the list and the next one', () => {
    const folder = 'docs/decisions';
    const pages = documentPaths.filter((path) => /^docs\/decisions\/\d/.test(path)).map((path) => posix.basename(path));
    const listed = linkTargets(readDocument(`${folder}/README.md`)).filter((target) => /^\d{4}-/.test(target));
    expect([...new Set(listed)]).toEqual(pages);
    for (const [at, page] of pages.entries()) {
      const end = linkTargets(readDocument(`${folder}/${page}`).split('\n---\n').at(-1) ?? '');
      const neighbours = [...pages.slice(Math.max(0, at - 1), at), 'README.md', ...pages.slice(at + 1, at + 2)];
      expect([page, ...end]).toEqual([page, ...neighbours]);
    }
  });
});

describe('the npm package', () => {
  it('contains the target of every link and picture of its README and its pages', () => {
    const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ files } = { files: [] }] = JSON.parse(printed) as {
      readonly files: readonly { readonly path: string }[];
    }[];
    const packed = files.map(({ path }) => path);
    const isPacked = (path: string): boolean => packed.some((file) => file === path || file.startsWith(`${path}/`));
    // The page about the architecture links to code, which the package does not contain.
    const isCode = ({ from, path }: Link): boolean => from === 'docs/architecture.md' && /\.(ts|mjs)$/.test(path);
    const inPackage = links.filter((link) => isPacked(link.from) && !isCode(link));
    expect(new Set(inPackage.map(({ from }) => from)).size).toBeGreaterThan(5);
    expect(inPackage.filter(({ path }) => !isPacked(path)).map(words)).toEqual([]);
  });
});
