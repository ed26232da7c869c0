import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is in the function's bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression from its package.json. */
  readonly license: string;
  /** The files with its terms, such as LICENSE and NOTICE. */
  readonly terms: readonly string[];
}

/**
 * Lists the packages in a bundle, with the terms under which they may be copied. Equal terms are printed once.
 * @param inputs paths of the bundled files.
 * @throws if a package does not name its licence.
 */
export function describeLicences(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const packages = [...folders].map(readPackage).sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const byTerms = new Map<string, BundledPackage[]>();
  for (const bundled of packages) {
    const terms = bundled.terms.join('\n\n');
    byTerms.set(terms, [...(byTerms.get(terms) ?? []), bundled]);
  }
  const parts = [...byTerms].map(
    ([terms, group]) =>
      `${group.map((bundled) => `${nameOf(bundled)} (${bundled.license})\n`).join('')}\n${terms.trim()}\n`,
  );
  return ['The function contains code of these packages.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

function nameOf({ name, version }: BundledPackage): string {
  return `${name} ${version}`;
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as BundledPackage;
  if (typeof license !== 'string') throw new Error(`${name} names no licence in its package.json`);
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort();
  const terms = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  return { name, version, license, terms: terms.length > 0 ? terms : ['The package contains no text of its licence.'] };
}
