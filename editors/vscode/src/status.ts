import * as vscode from 'vscode';

/** The server's notification `codecomplete/status`. */
export interface ServerStatus {
  state: 'starting' | 'loading' | 'indexing' | 'ready' | 'paused';
  percent?: number | null;
  message: string;
}

/** The item in the status bar: what goes on, and the way to the menu. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('codecomplete.status', vscode.StatusBarAlignment.Right, 90);
  private server: ServerStatus | undefined;
  private problem: string | undefined;

  constructor() {
    this.item.name = 'CodeComplete';
    this.item.command = 'codecomplete.menu';
    this.show();
    this.item.show();
  }

  take(status: ServerStatus): void {
    this.server = status;
    this.problem = undefined;
    this.show();
  }

  fail(problem: string): void {
    this.problem = problem;
    this.show();
  }

  restart(): void {
    this.server = undefined;
    this.problem = undefined;
    this.show();
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(): void {
    const { text, tip, isError } = this.describe();
    this.item.text = text;
    this.item.tooltip = tip;
    this.item.accessibilityInformation = { label: `CodeComplete: ${tip}` };
    this.item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  }

  private describe(): { text: string; tip: string; isError?: boolean } {
    if (this.problem) {
      return { text: '$(error) CodeComplete', tip: this.problem, isError: true };
    }
    const status = this.server;
    if (!status) {
      return { text: '$(loading~spin) CodeComplete', tip: 'Starting.' };
    }
    const tip = status.message || status.state;
    switch (status.state) {
      case 'ready':
        return { text: '$(star-full) CodeComplete', tip };
      case 'paused':
        return { text: '$(debug-pause) CodeComplete', tip };
      default: {
        const percent = typeof status.percent === 'number' ? ` ${status.percent} %` : '';
        return { text: `$(loading~spin) CodeComplete: ${status.state}${percent}`, tip };
      }
    }
  }
}
