import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { checkProgram, findProgram, Trouble } from './program';
import { otherCSharpExtension, readSettings, section } from './settings';
import { StatusItem, type ServerStatus } from './status';

const mostRestarts = 3;
const restartsWithin = 3 * 60 * 1000;

/** The server of this window: its start, its end, and its starts again. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private ends: number[] = [];
  private isPaused = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly extensionPath: string,
    private readonly status: StatusItem,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  get paused(): boolean {
    return this.isPaused;
  }

  /** The checked program; the user is told where there is none. */
  async program(): Promise<string | undefined> {
    try {
      const program = findProgram(this.extensionPath);
      await checkProgram(program);
      return program;
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  start(): Promise<void> {
    return this.next(() => this.startNow());
  }

  restart(): Promise<void> {
    return this.next(async () => {
      this.ends = [];
      this.status.restart();
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.stopNow());
  }

  async pause(on: boolean): Promise<void> {
    this.isPaused = on;
    await vscode.commands.executeCommand('setContext', 'codecomplete.paused', on);
    if (on) {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    }
    await this.tellPause();
  }

  /** A word of ours beyond LSP; whoever cannot hear it now misses nothing. */
  cursorRests(document: vscode.TextDocument, position: vscode.Position): void {
    const client = this.client;
    if (client?.isRunning() && !document.isClosed) {
      const convert = client.code2ProtocolConverter;
      void client
        .sendNotification('codecomplete/cursor', {
          textDocument: convert.asTextDocumentIdentifier(document),
          position: convert.asPosition(position),
        })
        .catch((error) => this.output.debug(`The cursor could not be told: ${String(error)}`));
    }
  }

  /** The server asks back for the settings that it may read at any time. */
  async settingsChanged(): Promise<void> {
    await this.client?.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  dispose(): void {
    void this.stop();
  }

  /** The server does nothing else then, and says so in its status; one that is not there yet is told when it is. */
  private async tellPause(): Promise<void> {
    if (this.client?.isRunning()) {
      await this.client.sendRequest('workspace/executeCommand', { command: `${section}.${this.isPaused ? 'pause' : 'resume'}` });
    }
  }

  /** A start never overtakes a stop. */
  private next(step: () => Promise<void>): Promise<void> {
    this.work = this.work.then(step, step).catch((error) => this.report(error));
    return this.work;
  }

  private async startNow(): Promise<void> {
    const program = findProgram(this.extensionPath);
    const version = await checkProgram(program);
    this.output.info(`Starting ${program} (${version}).`);
    const other = otherCSharpExtension();
    if (other && readSettings()['list'] === 'starred') {
      this.output.info(`${other.id} lists C# members too, so the list holds starred items alone (codecomplete.list).`);
    }

    const options: ServerOptions = { command: program, args: ['lsp'] };
    const client = new LanguageClient(section, 'CodeComplete', options, this.clientOptions());
    client.onNotification('codecomplete/status', (status: ServerStatus) => this.status.take(status));
    client.onDidChangeState(async ({ newState }) => {
      // Each new server begins without a pause.
      if (newState === State.Running && this.isPaused) {
        await this.tellPause();
      }
    });
    this.client = client;
    await client.start();
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // It may have died before, which has been said.
      this.output.info(`The server did not end as it should: ${String(error)}`);
    }
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'csharp' },
        { scheme: 'untitled', language: 'csharp' },
      ],
      initializationOptions: readSettings(),
      outputChannel: this.output,
      // The server shows by itself what the user must act on.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: (error) => {
        this.report(new Trouble(`The server does not start: ${error?.message ?? String(error)}`));
        return false;
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(),
      },
      middleware: {
        // The status bar item tells what goes on.
        handleWorkDoneProgress: () => undefined,
        workspace: {
          configuration: (params) => params.items.map((item) => (item.section === section ? readSettings() : null)),
        },
      },
    };
  }

  /** Started again, but not for ever: one that dies at every start would take the machine along. */
  private closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.ends = this.ends.filter((time) => now - time < restartsWithin);
    this.ends.push(now);
    if (this.ends.length > mostRestarts) {
      this.report(new Trouble('The server ended again and again and stays off now: see the log, or examine this machine.'));
      return { action: CloseAction.DoNotRestart, handled: true };
    }

    this.status.restart();
    void this.offer(vscode.window.showWarningMessage, 'CodeComplete: the server ended by itself and is started again.');
    return { action: CloseAction.Restart, handled: true };
  }

  private report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.output.error(message);
    this.status.fail(message);
    void this.offer(vscode.window.showErrorMessage, `CodeComplete: ${message}`, error instanceof Trouble ? error.link : undefined);
  }

  private async offer(
    show: (message: string, ...actions: string[]) => Thenable<string | undefined>,
    message: string,
    link?: { title: string; url: string },
  ): Promise<void> {
    const actions = ['Show Log', 'Restart'];
    const chosen = await (link ? show(message, link.title, ...actions) : show(message, ...actions));
    if (chosen === 'Show Log') {
      this.output.show();
    } else if (chosen === 'Restart') {
      await this.restart();
    } else if (chosen) {
      await vscode.env.openExternal(vscode.Uri.parse(link!.url));
    }
  }
}
