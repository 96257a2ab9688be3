// Makes the .vsix:
//   node scripts/package.mjs linux-x64      for one system, carrying server and model (also win-x64, osx-arm64)
//   node scripts/package.mjs --server DIR   for this system, carrying a server that is built already (`dotnet publish`)
//   node scripts/package.mjs                for every system, without a server: it finds an installed one
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const repository = join(folder, '../..');
const targets = { 'linux-x64': 'linux-x64', 'win-x64': 'win32-x64', 'osx-arm64': 'darwin-arm64' };
const ownTarget = `${process.platform}-${process.arch}`;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(program, args) {
  const done = spawnSync(program, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  if (done.status !== 0) {
    fail(`'${program} ${args.join(' ')}' failed.`);
  }
}

const [first, second] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const product = /<Version>(.*)<\/Version>/.exec(readFileSync(join(repository, 'Directory.Build.props'), 'utf8'))?.[1];
if (version !== product) {
  fail(`package.json says version ${version} and Directory.Build.props ${product}: make them one.`);
}

const server = join(folder, 'server');
rmSync(server, { recursive: true, force: true });
let target;
let withoutGpu = false;
if (first === '--server') {
  const built = resolve(second ?? '');
  if (!second || !existsSync(join(built, 'models'))) {
    fail('--server takes the folder of a published server, with its models: `dotnet publish -c Release src/CodeComplete.Cli -o FOLDER`.');
  }
  target = ownTarget;
  cpSync(built, server, { recursive: true });
} else if (first) {
  target = targets[first] ?? fail(`There is no package for '${first}'; there is: ${Object.keys(targets).join(', ')}.`);
  run('bash', [join(repository, 'scripts/publish'), first, server]);
  withoutGpu = first === 'win-x64' && !existsSync(join(server, 'DirectML.dll'));
}

run('npm', ['run', '--silent', 'check']);
run('npm', ['run', '--silent', 'build']);
const out = join(folder, `codecomplete-${target ?? 'any'}${withoutGpu ? '-cpu' : ''}-${version}.vsix`);
run('npx', [
  'vsce',
  'package',
  '--no-dependencies',
  '--skip-license',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  out,
  ...(target ? ['--target', target] : []),
]);
console.log(out);
