import * as path from 'node:path';
import * as vscode from 'vscode';
import { showPanel } from './panel';
import { firstLine, run } from './program';
import type { Server } from './server';
import { section } from './settings';

export class Commands {
  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  register(): vscode.Disposable {
    const commands: Record<string, () => Promise<void>> = {
      menu: () => this.menu(),
      // Not named as the server's own are, which the client library makes commands of VS Code's by itself.
      pauseWindow: () => this.server.pause(true),
      resumeWindow: () => this.server.pause(false),
      restart: () => this.server.restart(),
      log: async () => this.output.show(),
      explain: () => this.explain(),
      memory: () => this.memory(),
      index: () => this.index(),
      forget: () => this.forget(),
      doctor: () => this.doctor(),
      settings: async () => {
        await vscode.commands.executeCommand('workbench.action.openSettings', section);
      },
    };
    return vscode.Disposable.from(
      ...Object.entries(commands).map(([name, body]) => vscode.commands.registerCommand(`${section}.${name}`, body)),
    );
  }

  private async menu(): Promise<void> {
    const pause = this.server.paused
      ? { label: '$(debug-start) Resume', command: 'resumeWindow' }
      : { label: '$(debug-pause) Pause in this window', command: 'pauseWindow' };
    const chosen = await vscode.window.showQuickPick(
      [
        pause,
        { label: '$(output) Show the log', command: 'log' },
        { label: '$(database) Memory', command: 'memory' },
        { label: '$(question) Explain here', command: 'explain' },
        { label: '$(refresh) Restart the server', command: 'restart' },
        { label: '$(pulse) Examine this machine', command: 'doctor' },
        { label: '$(gear) Settings', command: 'settings' },
      ],
      { title: 'CodeComplete', placeHolder: 'What is to be done?' },
    );
    if (chosen) {
      await vscode.commands.executeCommand(`${section}.${chosen.command}`);
    }
  }

  private async explain(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'csharp' || editor.document.uri.scheme !== 'file') {
      void vscode.window.showInformationMessage('CodeComplete: put the cursor into a C# file that is saved on disk first.');
      return;
    }

    const { document, selection } = editor;
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    const place = `${selection.active.line + 1}:${selection.active.character + 1}`;
    const args = ['explain', document.uri.fsPath, '--position', place, ...(folder ? ['--workspace', folder.uri.fsPath] : [])];
    const text = await this.ask('Looking at the place', args);
    if (text !== undefined) {
      const note = document.isDirty ? 'The file has changes that are not saved; this is about the file on disk.' : '';
      showPanel(`${path.basename(document.fileName)} at ${place}`, note, text);
    }
  }

  private async memory(): Promise<void> {
    const folder = await this.folder();
    const text = folder && (await this.ask('Asking the memory', ['memory', 'stats', folder]));
    if (text !== undefined) {
      showPanel('Memory', folder!, text);
    }
  }

  private async index(): Promise<void> {
    const folder = await this.folder();
    const text = folder && (await this.ask('Indexing the workspace', ['index', folder]));
    if (text !== undefined) {
      void vscode.window.showInformationMessage(`CodeComplete: ${text.trim().split(/\r?\n/).join(' ')}`);
    }
  }

  private async doctor(): Promise<void> {
    const text = await this.ask('Examining this machine', ['doctor'], true);
    if (text !== undefined) {
      showPanel('Doctor', 'What is installed, what works, what is slow, and what to do.', text);
    }
  }

  private async forget(): Promise<void> {
    const folder = await this.folder();
    if (!folder) {
      return;
    }

    const file = vscode.window.activeTextEditor?.document.uri;
    const relative = file?.scheme === 'file' ? path.relative(folder, file.fsPath) : '..';
    const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
    const chosen = await vscode.window.showQuickPick(
      [
        { label: 'A word, for good', what: 'word' },
        ...(isInside ? [{ label: `What is kept of ${relative}`, what: 'path' }] : []),
        { label: 'Everything of this workspace', what: 'all' },
      ],
      { title: 'What is the memory to forget?' },
    );
    let args: string[];
    if (chosen?.what === 'word') {
      const word = await vscode.window.showInputBox({
        prompt: 'No line with this word is ever kept again. Only a salted hash of it stays.',
        password: true,
        validateInput: (text) => (text.trim().length < 3 ? 'A word has at least three characters.' : undefined),
      });
      if (!word) {
        return;
      }
      args = ['--word', word.trim()];
    } else if (chosen?.what === 'path') {
      args = ['--path', relative];
    } else if (chosen?.what === 'all') {
      const sure = await vscode.window.showWarningMessage(
        'Forget all that is known of this workspace, and what became of suggestions in it?',
        { modal: true, detail: 'The files are read again when the server starts next.' },
        'Forget',
      );
      if (sure !== 'Forget') {
        return;
      }
      args = ['--all'];
    } else {
      return;
    }

    const text = await this.ask('Forgetting', ['memory', 'forget', '--workspace', folder, ...args]);
    if (text !== undefined) {
      void vscode.window.showInformationMessage(`CodeComplete: ${firstLine(text)}`);
    }
  }

  private async folder(): Promise<string | undefined> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const own = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
    const chosen = own ?? (folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0]);
    if (!chosen && folders.length === 0) {
      void vscode.window.showInformationMessage('CodeComplete: open a folder first; the memory is one of a workspace.');
    }
    return chosen?.uri.fsPath;
  }

  /** What the program says; it may take its time, and the user may stop it. */
  private async ask(title: string, args: string[], evenFailed = false): Promise<string | undefined> {
    const program = await this.server.program();
    if (!program) {
      return undefined;
    }

    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `CodeComplete: ${title}`, cancellable: true },
      async (_, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort());
        try {
          const output = await run(program, args, { signal: stop.signal });
          if (output.code === 0 || evenFailed) {
            return output.stdout;
          }
          void vscode.window.showErrorMessage(`CodeComplete: ${firstLine(output.stderr) || `exit code ${output.code}`}`);
        } catch (error) {
          if (!token.isCancellationRequested) {
            void vscode.window.showErrorMessage(`CodeComplete: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
        return undefined;
      },
    );
  }
}
