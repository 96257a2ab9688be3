// Run by ./run. Each test is a user with an editor; what they see is checked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Editor, sample, until } from './editor.mjs';

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
  const input = await editor.quickInput('Control+G');
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

/** The panel with text of the program's; where it has been shown before, its text is another then. */
async function panel(editor, part) {
  return until(`the panel with '${part}'`, async () => {
    for (const frame of editor.page.frames()) {
      const found = frame.locator('pre', { hasText: part });
      if ((await found.count().catch(() => 0)) > 0) {
        return found.first().innerText();
      }
    }
    return undefined;
  });
}

async function message(editor, part) {
  return until(`the message '${part}'`, async () => (await editor.notifications()).find((text) => text.includes(part)));
}

/** All messages, those that have gone by themselves too. */
async function messages(editor) {
  await editor.command('Notifications: Show Notifications');
  return editor.notifications();
}

async function listed(editor) {
  await editor.page.keyboard.press('Control+Space');
  const rows = editor.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  await rows.first().waitFor();
  return rows.allTextContents();
}

async function typesOn(editor) {
  await editor.page.locator('.tab', { hasText: 'WaitingRoom.cs' }).first().click();
  await typeReceiver(editor, 'var typed = 1;');
  await until('the typed line', () => editor.line('var typed = 1;'));
}

function withDotnet(folder) {
  return { env: { DOTNET_ROOT: folder, DOTNET_ROOT_X64: folder, DOTNET_ROOT_ARM64: folder } };
}

/** One sentence says what to do, no server runs, and the user types on. */
async function refuses(options, sentence) {
  await within(options, async (editor) => {
    await editor.openFile('WaitingRoom.cs');
    await message(editor, sentence);
    await until('the error', async () => (await editor.page.locator('.statusbar-item[id*="codecomplete"] .codicon-error').count()) > 0);
    assert.deepEqual(editor.servers(), []);
    await typesOn(editor);
    const said = await messages(editor);
    assert.equal(said.length, 1, said.join('\n'));
  });
}

/** The list does not open by itself: what is selected in it would have to be the beginning of the ghost text. */
const withoutList = { 'editor.quickSuggestions': { other: 'off' }, 'editor.suggestOnTriggerCharacters': false };

const tests = {
  async 'ghost text, stars, and a server that dies'() {
    await within({ settings: { ...withoutList, 'editor.wordBasedSuggestions': 'off' } }, async (editor) => {
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
      // The place that the cursor came to before anything was typed.
      await until('the cursor to be told', () => /codecomplete\/cursor/.test(editor.log()));

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
      // The server says so, and offers nothing.
      await typeReceiver(editor);
      await editor.page.keyboard.press('Control+Space');
      await editor.page.locator('.suggest-widget.visible.message', { hasText: 'No suggestions' }).waitFor();
      assert.equal(await editor.ghost(), '');
      await editor.command('CodeComplete: Restart the Server');
      await until('another server, paused too', async () => (await editor.page.locator('.statusbar-item[id*="codecomplete"] .codicon-debug-pause').count()) > 0);
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
      await panel(editor, 'Recalled:');
    });
  },

  async 'the commands'() {
    await within({}, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await editor.ready();
      await editor.command('CodeComplete: Index the Workspace');
      await message(editor, 'snippets');
      await editor.command('CodeComplete: Show What the Memory Holds');
      const whole = await panel(editor, 'Snippets');
      await editor.command('CodeComplete: Examine This Machine (doctor)');
      assert.match(await panel(editor, 'machine'), /^ok\s+ghost text/m);

      await editor.command('Notifications: Clear All Notifications');
      await editor.command('CodeComplete: Forget…');
      await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'A word, for good' }).click();
      const input = editor.page.locator('.quick-input-widget input[type="password"]');
      await input.waitFor({ state: 'visible' });
      await input.fill('ab');
      await editor.page.locator('.quick-input-message', { hasText: 'at least three characters' }).waitFor();
      await input.fill('Microchip');
      await editor.page.keyboard.press('Enter');
      await message(editor, 'Forgotten: ');

      await editor.command('Notifications: Clear All Notifications');
      await editor.command('CodeComplete: Forget…');
      await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Everything of this workspace' }).click();
      await editor.page.getByRole('button', { name: 'Forget', exact: true }).click();
      await message(editor, 'Forgotten: ');
      await editor.command('CodeComplete: Show What the Memory Holds');
      await until('a memory that holds less', async () => (await panel(editor, 'Snippets')) !== whole);
    });
  },

  async 'the walkthrough'() {
    await within({}, async (editor) => {
      await editor.command('Welcome: Open Walkthrough...');
      await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'CodeComplete for C#' }).click();
      const steps = editor.page.locator('.gettingStartedContainer .getting-started-step');
      await steps.first().waitFor();
      assert.equal(await steps.count(), 5);
      for (const title of ['Write a line', 'See the stars', 'Ask why', 'What stays here', 'Have the .NET 10 SDK']) {
        const step = steps.filter({ hasText: title }).first();
        await step.click();
        await until(`the step '${title}'`, async () => /expanded/.test((await step.getAttribute('class')) ?? ''));
      }
      await editor.page.locator('.getting-started-step.expanded').getByText('Examine this machine').click();
      await panel(editor, 'machine');
      const done = editor.page.locator('.getting-started-step', { hasText: 'Have the .NET 10 SDK' }).locator('.codicon-getting-started-step-checked');
      await until('the step to be done', async () => (await done.count()) > 0);
    });
  },

  async 'two windows on one workspace'() {
    await within({ settings: withoutList }, async (editor) => {
      const other = await editor.anotherWindow();
      for (const window of [editor, other]) {
        await window.openFile('WaitingRoom.cs');
        await window.ready();
        await typeReceiver(window);
        await ghostText(window);
      }
      assert.equal(editor.servers().length, 2);
      // The one that holds the memory is killed; the other goes on by itself.
      await other.command('Notifications: Clear All Notifications');
      process.kill(Math.min(...editor.servers()), 'SIGKILL');
      await until('the message', async () => [...(await editor.notifications()), ...(await other.notifications())].some((text) => text.includes('is started again')));
      for (const window of [other, editor]) {
        await window.ready();
        await window.command('Notifications: Clear All Notifications');
        await typesOn(window);
        await typeReceiver(window);
        await ghostText(window);
        assert.deepEqual(await window.notifications(), []);
      }
    });
  },

  async 'the model folder is missing'() {
    await within({ settings: { 'codecomplete.model': '/nowhere/model' } }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await message(editor, '/nowhere/model');
      await editor.ready();
      await typeReceiver(editor);
      const labels = await listed(editor);
      assert.ok(labels.length > 5, labels.join(', '));
      assert.equal((await messages(editor)).filter((text) => text.includes('/nowhere/model')).length, 1);
    });
  },

  async 'a workspace on a read-only disk'() {
    const folder = sample();
    execFileSync('chmod', ['-R', 'a-w', folder]);
    // Root may write anywhere, unless it gives that up.
    const asUser = process.getuid() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const written = join(folder, 'written');
    const [program, ...rest] = [...asUser, 'touch', written];
    assert.throws(() => execFileSync(program, rest, { stdio: 'ignore' }), 'the folder can be written to');
    assert.ok(!existsSync(written));
    await within({ folder, with: asUser }, async (editor) => {
      await editor.openFile('WaitingRoom.cs');
      await message(editor, 'cannot be written to');
      await editor.ready();
      await typeReceiver(editor);
      const labels = await listed(editor);
      assert.ok(labels.length > 5, labels.join(', '));
      const said = (await messages(editor)).filter((text) => text.includes('CodeComplete') || text.includes('clinic'));
      assert.equal(said.length, 1, said.join('\n'));
    });
    execFileSync('chmod', ['-R', 'u+w', folder]);
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
      await typesOn(editor);
    });
  },

  async 'no .NET'() {
    const nothing = join(work, 'no-dotnet');
    mkdirSync(nothing, { recursive: true });
    await refuses(withDotnet(nothing), 'There is no .NET 10 for this processor: install the .NET 10 SDK');
  },

  async 'an older .NET alone'() {
    const old = join(work, 'old-dotnet');
    const framework = join(old, 'shared/Microsoft.NETCore.App/8.0.0');
    mkdirSync(framework, { recursive: true });
    writeFileSync(join(framework, 'Microsoft.NETCore.App.deps.json'), '{}');
    // The starter itself is of any version.
    const dotnet = execFileSync('sh', ['-c', 'command -v dotnet'], { encoding: 'utf8' }).trim();
    symlinkSync(join(dirname(realpathSync(dotnet)), 'host'), join(old, 'host'));
    await refuses(withDotnet(old), 'There is no .NET 10 for this processor: install the .NET 10 SDK');
  },

  async 'a program for another processor'() {
    const program = join(work, 'foreign');
    // The beginning of an executable for a machine that nobody has (EM_AVR).
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    header.set([2, 0, 83, 0, 1], 16);
    writeFileSync(program, header);
    chmodSync(program, 0o755);
    await refuses({ settings: { 'codecomplete.server.path': program } }, 'does not run on this machine');
  },

  async 'no such program'() {
    await refuses({ settings: { 'codecomplete.server.path': '/nowhere/codecomplete' } }, "There is no program '/nowhere/codecomplete'");
  },
};

let failed = 0;
let run = 0;
for (const [name, body] of Object.entries(tests)) {
  if (only && !name.includes(only)) {
    continue;
  }
  run++;
  const begun = Date.now();
  try {
    await body();
    console.log(`ok    ${name} (${Math.round((Date.now() - begun) / 1000)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name} (${Math.round((Date.now() - begun) / 1000)} s)\n${error.stack}`);
  }
}
if (run === 0) {
  console.log(`No test's name has '${only}' in it; there is: ${Object.keys(tests).join('; ')}.`);
}
process.exit(failed === 0 && run > 0 ? 0 : 1);
