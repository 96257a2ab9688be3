// Bundles the extension into dist/extension.js.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');

await build({
  entryPoints: [join(folder, 'src/extension.ts')],
  outfile: join(folder, 'dist/extension.js'),
  bundle: true,
  external: ['vscode'],
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  logLevel: 'warning',
});
