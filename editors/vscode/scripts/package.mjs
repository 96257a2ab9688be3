// Makes the .vsix:
//   node scripts/package.mjs linux-x64      for one system, carrying server and model (also win-x64, win-x64-cpu, osx-arm64; one each for several)
//   node scripts/package.mjs --server DIR   for this system, carrying a server that is built already (`dotnet publish`)
//   node scripts/package.mjs                for every system, without a server: it finds an installed one
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const repository = join(folder, '../..');
// What vsce calls the systems of scripts/publish.
const targets = { 'linux-x64': 'linux-x64', 'win-x64': 'win32-x64', 'win-x64-cpu': 'win32-x64', 'osx-arm64': 'darwin-arm64' };
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

const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const product = /<Version>(.*)<\/Version>/.exec(readFileSync(join(repository, 'Directory.Build.props'), 'utf8'))?.[1];
if (version !== product) {
  fail(`package.json says version ${version} and Directory.Build.props ${product}: make them one.`);
}

const server = join(folder, 'server');
cpSync(join(repository, 'LICENSE'), join(folder, 'LICENSE'));
run('npm', ['run', '--silent', 'check']);
run('npm', ['run', '--silent', 'build']);

/** Packs what lies in the folder; a target is what vsce calls a system. */
function pack(name, target) {
  const out = join(folder, `codecomplete-${name}-${version}.vsix`);
  run('npx', [
    'vsce',
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    out,
    ...(target ? ['--target', target] : []),
  ]);
  console.log(out);
}

const [first, second] = process.argv.slice(2);
rmSync(server, { recursive: true, force: true });
if (first === '--server') {
  const built = resolve(second ?? '');
  if (!second || !existsSync(join(built, 'models'))) {
    fail('--server takes the folder of a published server, with its models: `dotnet publish -c Release src/CodeComplete.Cli -o FOLDER`.');
  }
  cpSync(built, server, { recursive: true });
  pack(ownTarget, ownTarget);
} else if (first) {
  const systems = process.argv.slice(2);
  const unknown = systems.find((system) => !targets[system]);
  if (unknown) {
    fail(`There is no package for '${unknown}'; there is: ${Object.keys(targets).join(', ')}.`);
  }
  for (const system of systems) {
    run('bash', [join(repository, 'scripts/publish'), system, server]);
    pack(system, targets[system]);
  }
} else {
  pack('any');
}
