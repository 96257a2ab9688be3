using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace CodeComplete.Server.Transport;

/// <summary>One message as it was framed.</summary>
/// <param name="Charset">The encoding that the header asks for; <see langword="null"/> where it says nothing.</param>
internal readonly record struct Frame(byte[] Body, string? Charset);

/// <summary>
/// Cuts a stream into messages by LSP's header. Stricter readers fail on what some clients send, so header names are compared without
/// case, and a line may end without a carriage return.
/// </summary>
internal sealed class FrameReader(Stream input)
{
    /// <summary>Larger than any source file by far; a length above it is a broken header and not a message.</summary>
    public const int MaxBodyLength = 256 * 1024 * 1024;

    private const int MaxHeaderLength = 16 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));

    /// <returns><see langword="null"/> where the stream has ended, be it in the middle of a message.</returns>
    /// <exception cref="BadHeaderException">The header is not LSP's.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        if (await ReadHeaderAsync(cancellation) is not { } header)
        {
            return null;
        }

        var body = GC.AllocateUninitializedArray<byte>(header.Length);
        return await FillAsync(body, cancellation) ? new Frame(body, header.Charset) : null;
    }

    private async ValueTask<(int Length, string? Charset)?> ReadHeaderAsync(CancellationToken cancellation)
    {
        int? length = null;
        string? charset = null;
        var headerLength = 0;
        while (true)
        {
            if (await ReadLineAsync(cancellation) is not { } line)
            {
                return null;
            }

            headerLength += line.Length;
            if (headerLength > MaxHeaderLength)
            {
                throw new BadHeaderException($"The message header is longer than {MaxHeaderLength} bytes.");
            }

            if (line.Length == 0)
            {
                return length is { } known
                    ? (known, charset)
                    : throw new BadHeaderException(
                        "The message header has no Content-Length; send 'Content-Length: <bytes>' and an empty line first."
                    );
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new BadHeaderException(
                    $"'{Shortened(line)}' is no message header; send 'Content-Length: <bytes>' and an empty line first."
                );
            }

            var name = line.AsSpan(0, colon).Trim();
            var value = line.AsSpan(colon + 1).Trim();
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                length = ParseLength(value);
            }
            else if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                charset = ParseCharset(value);
            }
        }
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.ASCII.GetString(buffer.Slice(0, end)).TrimEnd('\r');
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (buffer.Length > MaxHeaderLength)
            {
                throw new BadHeaderException($"The message header is longer than {MaxHeaderLength} bytes.");
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private async ValueTask<bool> FillAsync(byte[] body, CancellationToken cancellation)
    {
        var filled = 0;
        while (filled < body.Length)
        {
            var read = await _reader.ReadAsync(cancellation);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, body.Length - filled));
            part.CopyTo(body.AsSpan(filled));
            filled += (int)part.Length;
            _reader.AdvanceTo(part.End);
            if (read.IsCompleted && filled < body.Length)
            {
                return false;
            }
        }

        return true;
    }

    private static int ParseLength(ReadOnlySpan<char> value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MaxBodyLength
            ? length
            : throw new BadHeaderException(
                $"Content-Length must be a number of bytes from 0 to {MaxBodyLength}, not '{Shortened(value)}'."
            );

    private static string? ParseCharset(ReadOnlySpan<char> contentType)
    {
        const string Key = "charset=";
        var at = contentType.IndexOf(Key, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var charset = contentType[(at + Key.Length)..];
        var end = charset.IndexOf(';');
        return (end < 0 ? charset : charset[..end]).Trim().Trim('"').ToString();
    }

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : string.Concat(text[..60], "...");
}
