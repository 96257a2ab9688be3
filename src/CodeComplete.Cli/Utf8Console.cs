using System.Text;

namespace CodeComplete.Cli;

/// <summary>
/// Writes UTF-8 as long as the program runs. Windows would take its code page, which knows neither the star nor most languages, for a pipe too; it
/// is the console's own, so whoever started the program gets it back. The language server writes bytes, and nothing of this is about it.
/// </summary>
internal sealed class Utf8Console : IDisposable
{
    private readonly Encoding _before = Console.OutputEncoding;

    public Utf8Console() => Take(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    public void Dispose() => Take(_before);

    private static void Take(Encoding encoding)
    {
        try
        {
            Console.OutputEncoding = encoding;
        }
        catch (IOException)
        {
            // A console that will not be told goes on as it was.
        }
    }
}
