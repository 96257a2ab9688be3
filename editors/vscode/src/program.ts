import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { section } from './settings';

const name = process.platform === 'win32' ? 'codecomplete.exe' : 'codecomplete';

/** What .NET's starter exits with where there is no .NET, or not the one that is needed. */
const noDotnet = [131, 150, 0x80008083, 0x80008096];

/** What a shell exits with: on Unix one is handed what the system does not know for a program. */
const noProgram = [126, 127];

/** Something that the user must mend before the server can run; the message says how. */
export class Trouble extends Error {
  constructor(
    message: string,
    readonly link?: { title: string; url: string },
  ) {
    super(message);
  }
}

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** The program to run: the one that is set, the extension's own, the one on the path, or the .NET tool. */
export function findProgram(extensionPath: string): string {
  const set = vscode.workspace.getConfiguration(section).get<string>('server.path')?.trim();
  if (set) {
    if (!fs.existsSync(set)) {
      throw new Trouble(`There is no program '${set}': correct the setting codecomplete.server.path, or empty it.`);
    }
    return set;
  }

  const folders = [
    path.join(extensionPath, 'server'),
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    path.join(os.homedir(), '.dotnet', 'tools'),
  ];
  const found = folders.filter((folder) => folder).map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  if (!found) {
    throw new Trouble(
      "There is no 'codecomplete' program: this package of the extension carries none for your system, so build it and put it on the path.",
    );
  }

  if (found.startsWith(extensionPath) && process.platform !== 'win32') {
    // An archive need not keep what may be run.
    fs.chmodSync(found, 0o755);
  }
  return found;
}

/** Runs a command of the program to its end. */
export function run(program: string, args: string[], options?: { cwd?: string; signal?: AbortSignal }): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') {
        reject(error);
      } else {
        resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
      }
    });
  });
}

/** @throws Trouble where the program does not run here. */
export async function checkProgram(program: string): Promise<string> {
  const foreign = `'${program}' does not run on this machine (${process.platform}, ${process.arch}): install the package that is made for it.`;
  let output: Output;
  try {
    output = await run(program, ['--version']);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Trouble(
      code === 'ENOEXEC' || code === 'EACCES' || code === 'UNKNOWN'
        ? foreign
        : `'${program}' does not start (${code || String(error)}): see the setting codecomplete.server.path.`,
    );
  }

  if (noProgram.includes(output.code)) {
    throw new Trouble(foreign);
  }
  if (noDotnet.includes(output.code)) {
    throw new Trouble('There is no .NET 10 for this processor: install the .NET 10 SDK, then restart the server.', {
      title: 'Get .NET',
      url: 'https://dotnet.microsoft.com/download',
    });
  }
  if (output.code !== 0) {
    throw new Trouble(`'${program} --version' failed: ${firstLine(output.stderr) || `exit code ${output.code}`}.`);
  }
  return output.stdout.trim();
}

export function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? '';
}
