import * as vscode from 'vscode';
import { Commands } from './commands';
import { Cursor } from './cursor';
import { Server } from './server';
import { section, startSettings } from './settings';
import { StatusItem } from './status';

let server: Server | undefined;

/** VS Code calls this in a trusted workspace only (package.json, untrustedWorkspaces): loading a project may run any program. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('CodeComplete', { log: true });
  const status = new StatusItem();
  const started = (server = new Server(context.extensionPath, status, output));
  context.subscriptions.push(
    output,
    status,
    new Commands(started, output).register(),
    new Cursor((document, position) => started.cursorRests(document, position)),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (startSettings.some((name) => change.affectsConfiguration(`${section}.${name}`))) {
        await started.restart();
      } else if (change.affectsConfiguration(section)) {
        await started.settingsChanged();
      }
    }),
    // Another C# extension may come or go; the list follows.
    vscode.extensions.onDidChange(() => started.settingsChanged()),
  );
  await started.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
