import * as vscode from 'vscode';

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}

let panel: vscode.WebviewPanel | undefined;

/** Text of the program's beside the editor. It has no scripts, and loads nothing. */
export function showPanel(title: string, note: string, text: string): void {
  panel ??= createPanel();
  panel.title = title;
  panel.webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); }
pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); white-space: pre-wrap; }
</style>
<title>${escape(title)}</title>
</head>
<body>
<h2>${escape(title)}</h2>
<p>${escape(note)}</p>
<pre>${escape(text.trim())}</pre>
</body>
</html>`;
  panel.reveal(vscode.ViewColumn.Beside, true);
}

function createPanel(): vscode.WebviewPanel {
  const created = vscode.window.createWebviewPanel(
    'codecomplete.panel',
    'CodeComplete',
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: false, localResourceRoots: [], enableFindWidget: true },
  );
  created.onDidDispose(() => (panel = undefined));
  return created;
}
