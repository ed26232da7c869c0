import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

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

/** Bundles TypeScript that imports the package by its name, into CommonJS for Node. */
export function bundle(code: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    alias: Object.fromEntries(
      ['upload-grants', 'upload-settings', 'outcomes'].map((name) => [
        `complycube-live-photos/${name}`,
        join(root, 'app', `${name}.ts`),
      ]),
    ),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** The compiler errors of each program, with the project's options. Programs import the package by its name. */
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
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(names, { ...options, paths }, host));
  return names.map((name) =>
    diagnostics
      .filter(({ file }) => file === undefined || file.fileName === name)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}
