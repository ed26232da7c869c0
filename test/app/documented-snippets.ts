import { type BuildOptions, buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { photoWorkOptions } from '../../build/browser-module';

const root = join(__dirname, '..', '..');

/** The code blocks of the documentation for app developers, each with its language. */
export function snippets(): readonly { readonly language: string; readonly code: string }[] {
  const guide = readFileSync(join(root, 'docs', 'app-developers.md'), 'utf8');
  return [...guide.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language = '', code = '']) => ({ language, code }));
}

/**
 * The only block of a language that contains a text.
 * @throws when no block contains it, or more than one.
 */
export function snippet(language: string, text = ''): string {
  const [found, ...more] = snippets().filter((one) => one.language === language && one.code.includes(text));
  if (found === undefined || more.length > 0) throw new Error(`Not exactly one ${language} snippet contains "${text}"`);
  return found.code;
}

/** The package's modules by their documented names. */
const alias = Object.fromEntries(
  ['browser', 'outcomes', 'upload-grants', 'upload-settings'].map((name) => [
    `complycube-live-photos/${name}`,
    join(root, 'app', name),
  ]),
);

/** Bundles TypeScript that imports the package by its name, into CommonJS for Node. */
export function bundle(code: string): string {
  return build(code, { platform: 'node', target: 'node20', format: 'cjs' });
}

/** Bundles code of a page into an ES module. @param more the files of other packages that the code imports. */
export function bundleForPages(code: string, more: Readonly<Record<string, string>> = {}): string {
  return build(code, { format: 'esm', alias: { ...alias, ...more }, ...photoWorkOptions() });
}

function build(code: string, options: BuildOptions): string {
  const stdin = { contents: code, loader: 'ts', resolveDir: root } as const;
  const { outputFiles } = buildSync({ stdin, alias, bundle: true, logLevel: 'silent', ...options, write: false });
  return outputFiles[0]?.text ?? '';
}

/** The compiler errors of each program, with the project's options and the types of pages. Programs import the package by its name. */
export function typeErrors(...programs: readonly string[]): string[][] {
  const files = new Map(programs.map((code, at) => [join(root, `snippet-${at}.ts`), code]));
  const names = [...files.keys()];
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: names }, ts.sys, root);
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    getSourceFile: (path, target, ...more) => {
      const code = files.get(path);
      return code === undefined ? disk.getSourceFile(path, target, ...more) : ts.createSourceFile(path, code, target);
    },
  };
  const paths = { 'complycube-live-photos/*': [join(root, 'app', '*')] };
  const diagnostics = ts.getPreEmitDiagnostics(
    ts.createProgram(
      names,
      { ...options, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], paths },
      host,
    ),
  );
  return names.map((name) =>
    diagnostics
      .filter(({ file }) => file === undefined || file.fileName === name)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}
