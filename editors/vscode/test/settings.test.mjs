// The settings of VS Code are those of docs/settings.md: the same names, values and defaults, and what a repository must not set it cannot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(folder, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const properties = manifest.contributes.configuration.properties;

const documented = new Map(
  read('../../docs/settings.md')
    .split('\n')
    .map((line) => /^\| `([\w.]+)` \| (.+?) \| (.+?) \|/.exec(line))
    .filter((match) => match)
    .map(([, name, values, initial]) => [name, { values, initial }]),
);

/** VS Code's own: what the server never sees. */
const editorsOwn = ['server.path', 'trace.server'];

test('the same settings', () => {
  assert.ok(documented.size > 10, 'the table of docs/settings.md was not read');
  const names = Object.keys(properties).map((name) => name.replace(/^codecomplete\./, ''));
  assert.deepEqual(names.filter((name) => !editorsOwn.includes(name)).sort(), [...documented.keys()].sort());
});

test('the server is given all of them, and no other', () => {
  const list = /serverSettings = \[([^\]]*)\]/.exec(read('src/settings.ts'))[1];
  const given = [...list.matchAll(/'([\w.]+)'/g)].map((match) => match[1]);
  assert.deepEqual(given.sort(), [...documented.keys()].sort());
});

for (const [name, { values, initial }] of documented) {
  test(`${name}: values and default`, () => {
    const property = properties[`codecomplete.${name}`];
    const choices = [...values.matchAll(/`([\w]+)`/g)].map((match) => match[1]);
    if (property.type === 'boolean') {
      assert.deepEqual(choices, ['true', 'false']);
    } else if (choices.length > 0) {
      assert.deepEqual(property.enum, choices);
    } else if (property.type === 'integer') {
      const [least, most] = [...values.matchAll(/\d+/g)].map((match) => Number(match[0]));
      assert.equal(property.minimum, least);
      assert.equal(property.maximum, most);
    }

    const none = { string: '', array: [] }[property.type];
    const plain = initial.replaceAll('`', '');
    if (plain === 'none' || plain === 'the shipped one') {
      assert.deepEqual(property.default, none);
    } else {
      assert.equal(String(property.default), plain);
    }
    assert.ok(property.markdownDescription.length > 20, 'a description');
  });
}

test('a repository cannot have code sent or a library loaded', () => {
  for (const name of ['remote.url', 'remote.keyEnv', 'model', 'provider', 'providerLibrary', 'server.path']) {
    assert.equal(properties[`codecomplete.${name}`].scope, 'machine', name);
  }
});

test('what is read at the start restarts the server', () => {
  const list = /startSettings[^[]*\[\]\s*= \[([^\]]*)\]/.exec(read('src/settings.ts'))[1];
  const restarting = [...list.matchAll(/'([\w.]+)'/g)].map((match) => match[1]);
  const paragraph = /^(`provider`.*?) are read when the server starts/ms.exec(read('../../docs/settings.md'))[1];
  const told = [...paragraph.replace('the two of `remote`', '`remote.url`, `remote.keyEnv`').matchAll(/`([\w.]+)`/g)].map((match) => match[1]);
  assert.deepEqual(restarting.filter((name) => name !== 'server.path').sort(), told.sort());
});

test('every command has a title, and every title a command', () => {
  const source = read('src/commands.ts');
  const block = /const commands[^{]*\{([\s\S]*?)\n    \};/.exec(source)[1];
  const made = [...block.matchAll(/^      (\w+):/gm)].map((match) => `codecomplete.${match[1]}`);
  assert.deepEqual(manifest.contributes.commands.map((command) => command.command).sort(), made.sort());
});

test('one version', () => {
  const product = /<Version>(.*)<\/Version>/.exec(read('../../Directory.Build.props'))[1];
  assert.equal(manifest.version, product);
  assert.equal(JSON.parse(read('package-lock.json')).version, product);
});

test('nobody needs a registry of their own to install what the lock file names', () => {
  const lock = JSON.parse(read('package-lock.json'));
  const hosts = new Set(Object.values(lock.packages).filter((entry) => entry.resolved).map((entry) => new URL(entry.resolved).host));
  assert.deepEqual([...hosts].filter((host) => host !== 'registry.npmjs.org'), []);
});
