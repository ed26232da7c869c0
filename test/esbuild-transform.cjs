const { transformSync } = require('esbuild');

/** Compiles one file for jest; types are checked apart, by `npm run types`. */
module.exports = {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node20',
      supported: { 'dynamic-import': false },
      sourcemap: 'external',
      sourcefile: path,
    });
    return { code, map };
  },
};
