// Run by ./run. Each test is a user with an editor; what they see is checked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor, until } from './editor.mjs';

const work = process.env.CODECOMPLETE_TEST_FOLDER;
const pictures = process.env.CODECOMPLETE_PICTURES;
const only = process.argv[2];

/** An editor for the time of a test. */
async function within(options, body) {
  const editor = await Editor.open(options);
  let failure;
  try {
    await body(editor);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await editor.close(failure);
  }
}

/** The line of the README's example, as somebody types it. */
async function typeReceiver(editor, text = 'var pet = await pets.') {
  const { keyboard } = editor.page;
  await keyboard.press('Escape');
  await keyboard.press('Control+G');
  const input = editor.page.locator('.quick-input-widget input[type="text"]');
  await input.waitFor({ state: 'visible' });
  await input.fill(':27');
  await keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
  await keyboard.press('End');
  await keyboard.press('Shift+Home');
  await keyboard.type(text, { delay: 20 });
}

/** The part of the window where the line and what is beside it stands. */
async function around(editor) {
  const box = await editor.page.locator('.monaco-editor .view-line', { hasText: 'await pets' }).first().boundingBox();
  const area = await editor.page.locator('.editor-container .monaco-editor').first().boundingBox();
  const top = Math.max(area.y, box.y - 130);
  return { x: area.x, y: top, width: Math.min(area.width, 860), height: Math.min(270, area.y + area.height - top) };
}

async function ghostText(editor) {
  return until('ghost text', async () => {
    const text = await editor.ghost();
    return text.includes('GetAsync') && text;
  });
}

const tests = {
  async 'ghost text, stars, and a server that dies'() {
    await within({ settings: { 'editor.quickSuggestions': { other: 'off' }, 'editor.suggestOnTriggerCharacters': false } }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await editor.command('View: Toggle Primary Side Bar Visibility');
      await editor.ready();
      await editor.command('Notifications: Clear All Notifications');
      await typeReceiver(editor);
      const text = await ghostText(editor);
      if (pictures) {
        await editor.picture(join(pictures, 'ghost.png'), await around(editor));
      }
      await editor.page.keyboard.press('Tab');
      await until('the accepted text', async () => (await editor.line('var pet = await pets.')).trim() === `var pet = await pets.${text}`);
      await until('the acceptance to be reported', () => /workspace\/executeCommand/.test(editor.log()));

      // What is typed on drops what was there.
      await typeReceiver(editor);
      await ghostText(editor);
      await editor.page.keyboard.type('Xq');
      await until('no stale text', async () => !(await editor.ghost()).includes('Async'));

      // The stars come with the next keystroke where the model has not read the place yet.
      const rows = await until('stars', async () => {
        await typeReceiver(editor);
        await editor.page.keyboard.press('Control+Space');
        const list = editor.page.locator('.suggest-widget.visible .monaco-list-row');
        await list.first().waitFor();
        const labels = await list.evaluateAll((all) => all.map((row) => row.querySelector('.label-name')?.textContent ?? ''));
        return labels[0].startsWith('★') && labels;
      });
      assert.ok(rows.some((label) => label.startsWith('★ GetAsync')), `GetAsync has no star: ${rows}`);
      if (pictures) {
        await editor.picture(join(pictures, 'stars.png'), await around(editor));
      }
      await editor.page.keyboard.press('Enter');
      const line = await until('the item', async () => /pets\.\w/.test(await editor.line('await pets.')) && (await editor.line('await pets.')));
      assert.ok(!line.includes('★'), line);

      // The menu pauses.
      await editor.page.locator('.statusbar-item[id*="codecomplete"]').click();
      await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Pause in this window' }).click();
      await until('the pause', async () => (await editor.page.locator('.statusbar-item[id*="codecomplete"] .codicon-debug-pause').count()) > 0);
      await editor.command('CodeComplete: Resume');
      await editor.ready();

      const [server] = editor.servers();
      process.kill(server, 'SIGKILL');
      await until('the message', async () => (await editor.notifications()).some((text) => text.includes('is started again')));
      await until('another server', () => editor.servers().some((id) => id !== server));
      await editor.ready();
      // The message itself goes after a while; the list of them stays.
      await editor.command('Notifications: Show Notifications');
      const deaths = (await editor.notifications()).filter((text) => text.includes('is started again'));
      assert.equal(deaths.length, 1, 'one message of the death');
      await editor.command('Notifications: Clear All Notifications');
      await editor.page.locator('.tab', { hasText: 'WaitingRoom.cs' }).first().click();
      await typeReceiver(editor);
      await ghostText(editor);
    });
  },

  async 'explain opens a panel'() {
    await within({}, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await editor.ready();
      await typeReceiver(editor);
      await editor.command('CodeComplete: Explain Here');
      await until('the explanation', async () => {
        for (const frame of editor.page.frames()) {
          const found = await frame.locator('pre', { hasText: 'Recalled:' }).count().catch(() => 0);
          if (found > 0) {
            return true;
          }
        }
        return false;
      });
    });
  },

  async 'beside another C# extension the list is the stars alone'() {
    // A stand-in: it is known by its name, and its code does not matter.
    const other = join(work, 'other');
    mkdirSync(other, { recursive: true });
    writeFileSync(
      join(other, 'package.json'),
      JSON.stringify({ name: 'csharp', publisher: 'muhammad-sammy', version: '9.9.9', engines: { vscode: '^1.91.0' } }),
    );
    const vsix = join(work, 'other.vsix');
    writeFileSync(join(other, 'README.md'), 'A stand-in.');
    const vsce = join(import.meta.dirname, '../node_modules/.bin/vsce');
    execFileSync(vsce, ['package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', vsix], { cwd: other });
    await within({ vsixes: [vsix], settings: { 'editor.wordBasedSuggestions': 'off' } }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await editor.ready();
      await typeReceiver(editor);
      // Before the model has read the place there are none; asked again there, the list has them.
      const labels = await until('stars', async () => {
        await editor.page.keyboard.press('Escape');
        await editor.page.keyboard.press('Control+Space');
        const list = editor.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
        await list.first().waitFor({ timeout: 5000 }).catch(() => undefined);
        const texts = await list.allTextContents();
        return texts.some((label) => label.startsWith('★')) && texts;
      });
      assert.deepEqual(labels.filter((label) => !label.startsWith('★')), []);
      assert.match(editor.log(), /muhammad-sammy\.csharp lists C# members too/);
    });
  },

  async 'no trust, no server'() {
    await within({ trust: true }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      assert.equal(await editor.status(), '');
      assert.deepEqual(editor.servers(), []);
      await editor.command('Workspaces: Manage Workspace Trust');
      await editor.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
      await editor.openFile('WaitingRoom.cs');
      await editor.ready();
      assert.equal(editor.servers().length, 1);
    });
  },

  async 'a server that dies at every start'() {
    const program = join(work, 'dies');
    writeFileSync(program, '#!/bin/sh\n[ "$1" = --version ] && echo 0.0.0 && exit 0\nexit 3\n', { mode: 0o755 });
    await within({ settings: { 'codecomplete.server.path': program } }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await until('the error', async () => (await editor.page.locator('.statusbar-item[id*="codecomplete"] .codicon-error').count()) > 0);
      await editor.command('Notifications: Show Notifications');
      const messages = await editor.notifications();
      assert.equal(messages.filter((text) => text.includes('stays off now')).length, 1, messages.join('\n'));
      assert.ok(messages.length <= 4, messages.join('\n'));
    });
  },

  async 'no .NET'() {
    const nothing = join(work, 'no-dotnet');
    mkdirSync(nothing, { recursive: true });
    await within({ env: { DOTNET_ROOT: nothing, DOTNET_ROOT_X64: nothing, DOTNET_ROOT_ARM64: nothing } }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await until('the message', async () => (await editor.notifications()).some((text) => text.includes('There is no .NET 10')));
      assert.deepEqual(editor.servers(), []);
      assert.equal(await editor.page.locator('.statusbar-item[id*="codecomplete"] .codicon-error').count(), 1);
    });
  },
};

let failed = 0;
for (const [name, body] of Object.entries(tests)) {
  if (only && !name.includes(only)) {
    continue;
  }
  const begun = Date.now();
  try {
    await body();
    console.log(`ok    ${name} (${Math.round((Date.now() - begun) / 1000)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name} (${Math.round((Date.now() - begun) / 1000)} s)\n${error.stack}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
