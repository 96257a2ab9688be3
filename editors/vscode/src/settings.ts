import * as vscode from 'vscode';

export const section = 'codecomplete';

/** The server's settings (docs/settings.md); it complains of any other, so what is the editor's own is not sent. */
export const serverSettings = [
  'list',
  'ghost.enabled',
  'ghost.multiline',
  'unverified',
  'provider',
  'providerLibrary',
  'model',
  'remote.url',
  'remote.keyEnv',
  'threads',
  'memory.enabled',
  'memory.diskMb',
  'exclude',
  'targetFramework',
  'log.level',
] as const;

/** Those that the server reads once: changing them takes a restart. */
export const startSettings: readonly string[] = [
  'provider',
  'providerLibrary',
  'model',
  'remote.url',
  'remote.keyEnv',
  'threads',
  'memory.diskMb',
  'exclude',
  'server.path',
];

/** Extensions that list C# members themselves. */
const otherCSharpExtensions = [
  'ms-dotnettools.csharp',
  'ms-dotnettools.csdevkit',
  'muhammad-sammy.csharp',
  'anysphere.csharp',
  'dotrush.dotrush',
  'nromanov.dotrush',
];

export function otherCSharpExtension(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.all.find((extension) => otherCSharpExtensions.includes(extension.id.toLowerCase()));
}

/** What the server is given. */
export function readSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(section);
  const settings: Record<string, unknown> = {};
  for (const name of serverSettings) {
    settings[name] = configuration.get(name);
  }

  const list = configuration.inspect('list');
  const isChosen = [
    list?.globalValue,
    list?.workspaceValue,
    list?.workspaceFolderValue,
    list?.globalLanguageValue,
    list?.workspaceLanguageValue,
    list?.workspaceFolderLanguageValue,
  ].some((value) => value !== undefined);
  if (!isChosen && otherCSharpExtension()) {
    settings['list'] = 'starred';
  }

  return settings;
}
