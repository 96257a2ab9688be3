// One VS Code as a user has it: code-server, and a window of it in a headless Chromium.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const repository = join(import.meta.dirname, '../../..');
const work = process.env.CODECOMPLETE_TEST_FOLDER;
const codeServer = process.env.CODE_SERVER;
let count = 0;

/** The longest that anything may take on a busy machine; what is waited for ends the wait. */
export const patience = 180_000;

export function sample() {
  count++;
  const folder = join(work, `clinic${count}`);
  const source = join(repository, 'tests/fixtures/Clinic');
  for (const path of execFileSync('git', ['-C', source, 'ls-files'], { encoding: 'utf8' }).trim().split('\n')) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(source, path), join(folder, path));
  }
  return folder;
}

export async function until(what, condition) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for: ${what}`);
    }
    await pause(100);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Editor {
  /** @param options settings: the user's; env: of code-server; trust: whether VS Code asks for trust; vsixes: others; folder: the workspace; with: a command that starts it. */
  static async open(options = {}) {
    const editor = new Editor();
    count++;
    editor.folder = options.folder ?? sample();
    editor.home = join(work, `user${count}`);
    editor.extensions = join(editor.home, 'extensions');
    const user = join(editor.home, 'data/User');
    mkdirSync(user, { recursive: true });
    mkdirSync(editor.extensions, { recursive: true });
    writeFileSync(
      join(user, 'settings.json'),
      JSON.stringify({
        'workbench.startupEditor': 'none',
        'workbench.tips.enabled': false,
        'workbench.layoutControl.enabled': false,
        'workbench.colorTheme': 'Default Light Modern',
        'editor.minimap.enabled': false,
        'security.workspace.trust.enabled': Boolean(options.trust),
        'security.workspace.trust.startupPrompt': 'never',
        'extensions.ignoreRecommendations': true,
        ...(process.env.CODECOMPLETE_SERVER ? { 'codecomplete.server.path': process.env.CODECOMPLETE_SERVER } : {}),
        ...options.settings,
      }),
    );
    const common = ['--user-data-dir', join(editor.home, 'data'), '--extensions-dir', editor.extensions];
    const env = { ...process.env, XDG_DATA_HOME: join(editor.home, 'share'), XDG_CONFIG_HOME: join(editor.home, 'config'), ...options.env };
    const entry = join(codeServer, 'out/node/entry.js');
    for (const vsix of [process.env.CODECOMPLETE_VSIX, ...(options.vsixes ?? [])]) {
      const installed = spawnSync(process.execPath, [entry, ...common, '--install-extension', vsix], { env: process.env, encoding: 'utf8' });
      if (installed.status !== 0) {
        throw new Error(`The extension cannot be installed: ${installed.stdout}${installed.stderr}`);
      }
    }
    const port = await freePort();
    const [program, ...first] = [...(options.with ?? []), process.execPath];
    editor.process = spawn(
      program,
      [
        ...first,
        entry,
        ...common,
        ...['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--bind-addr', `127.0.0.1:${port}`],
        ...(options.trust ? [] : ['--disable-workspace-trust']),
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    editor.said = '';
    for (const stream of [editor.process.stdout, editor.process.stderr]) {
      stream.on('data', (data) => (editor.said += data));
    }
    await until('code-server', () => editor.said.includes('HTTP server listening'));
    editor.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    // Our output channel then names the messages to the server.
    const payload = JSON.stringify([['logLevel', 'codecompletelsp.codecomplete=trace']]);
    editor.address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(editor.folder)}&payload=${encodeURIComponent(payload)}`;
    await editor.show();
    return editor;
  }

  async show() {
    this.page = await this.browser.newPage({ viewport: { width: 1000, height: 620 } });
    this.page.setDefaultTimeout(patience);
    await this.page.goto(this.address);
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
  }

  /** The same user's second window, on the same workspace. */
  async anotherWindow() {
    const other = Object.assign(new Editor(), this);
    await other.show();
    return other;
  }

  /** The box that a key opens. It closes again where something else takes the focus just then, so the key is pressed until it stays. */
  async quickInput(key) {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await until(`the box of ${key}`, async () => {
      await this.page.keyboard.press(key);
      return input.waitFor({ state: 'visible', timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
    return input;
  }

  async command(title) {
    const input = await this.quickInput('F1');
    await input.fill(`>${title}`);
    await until(title, async () => {
      const rows = await this.page.locator('.quick-input-list .monaco-list-row.focused').allInnerTexts();
      return rows.length === 1 && rows[0].includes(title);
    });
    await this.page.keyboard.press('Enter');
    // Or it is there for what the command asks.
    await until(`${title} to be run`, async () => !(await input.isVisible()) || (await input.inputValue({ timeout: 1000 }).catch(() => '')) !== `>${title}`);
  }

  async openFile(name) {
    const input = await this.quickInput('Control+P');
    await input.fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** The status bar item's text. */
  async status() {
    const item = this.page.locator('.statusbar-item[id*="codecomplete"]');
    return (await item.count()) > 0 ? (await item.first().innerText()).trim() : '';
  }

  async ready() {
    await until('the server to be ready', async () => {
      const item = this.page.locator('.statusbar-item[id*="codecomplete"] .codicon-star-full');
      return (await item.count()) > 0;
    });
  }

  /** The text of a line, without ghost text. */
  async line(part) {
    const lines = await this.page.locator('.monaco-editor .view-line').evaluateAll((all) =>
      all.map((line) => {
        const copy = line.cloneNode(true);
        copy.querySelectorAll('.ghost-text-decoration, .ghost-text-decoration-preview, .ghost-text').forEach((ghost) => ghost.remove());
        return copy.textContent.replaceAll('\u00a0', ' ').replaceAll('\u200c', '');
      }),
    );
    return lines.find((line) => line.includes(part)) ?? '';
  }

  async ghost() {
    const parts = await this.page.locator('.monaco-editor .ghost-text-decoration, .monaco-editor .ghost-text').allTextContents();
    return parts.join('').replaceAll('\u00a0', ' ').replaceAll('\u200c', '');
  }

  notifications() {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  /** What the extension wrote into its output channel. */
  log() {
    const logs = join(this.home, 'data/logs');
    return (existsSync(logs) ? readdirSync(logs, { recursive: true }) : [])
      .filter((path) => path.endsWith('CodeComplete.log'))
      .map((path) => readFileSync(join(logs, path), 'utf8'))
      .join('\n');
  }

  /** The processes of our server in this editor. */
  servers() {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((id) => {
        try {
          return (
            basename(readlinkSync(`/proc/${id}/exe`)) === 'codecomplete' &&
            readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0')[1] === 'lsp' &&
            readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`XDG_DATA_HOME=${join(this.home, 'share')}`)
          );
        } catch {
          // It has ended since, or is another user's.
          return false;
        }
      })
      .map(Number);
  }

  async picture(file, clip) {
    await this.page.screenshot({ path: file, clip });
  }

  /** Closes; after a failure a picture shows where the editor stood. */
  async close(failure) {
    if (failure) {
      const file = join(tmpdir(), `codecomplete-vscode-${process.pid}-${count}.png`);
      await this.page?.screenshot({ path: file });
      failure.message += `\nThe window then: ${file}`;
    }
    await this.browser?.close();
    const servers = this.servers();
    try {
      process.kill(-this.process.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
    await until('the server to end with its editor', () => servers.every((id) => !existsSync(`/proc/${id}`)));
  }
}
