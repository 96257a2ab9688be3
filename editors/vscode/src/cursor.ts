import * as vscode from 'vscode';

// Longer than between two presses of an arrow key.
const rest = 200;

/** Tells where the cursor has come to rest in C# without a key: the server reads the place before anybody types there. */
export class Cursor implements vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;
  private readonly events: vscode.Disposable;

  constructor(private readonly tell: (document: vscode.TextDocument, position: vscode.Position) => void) {
    this.events = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.moved(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.moved(editor)),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.events.dispose();
  }

  private moved(editor: vscode.TextEditor | undefined): void {
    clearTimeout(this.timer);
    if (editor?.document.languageId === 'csharp' && editor.selections.length === 1 && editor.selection.isEmpty) {
      this.timer = setTimeout(() => this.tell(editor.document, editor.selection.active), rest);
    }
  }
}
