using System.Text;

namespace CodeComplete.Cli;

/// <summary>
/// Writes UTF-8 as long as the program runs. Windows would take its code page, which knows neither the star nor most languages, for a pipe too; it
/// is the console's own, so whoever started the program gets it back. The language server writes bytes, and nothing of this is about it.
/// </summary>
internal sealed class Utf8Console : IDisposable
{
    private readonly Encoding _before = Console.OutputEncoding;

    public Utf8Console() => Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public void Dispose() => Console.OutputEncoding = _before;
}
