using System.Buffers.Binary;
using System.Text.Json;

namespace CodeComplete.Memory.Sharing;

/// <summary>Messages over a stream: four bytes, the length (little-endian), then so many bytes of UTF-8 JSON. Any thread may write; one may read.</summary>
internal sealed class MessageStream(Stream stream) : IDisposable
{
    public const int MaxFrameBytes = 16 * 1024 * 1024;

    private const int HeaderBytes = sizeof(int);

    // Whoever does not read for so long hangs, and would make every writer hang with it.
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <returns><see langword="null"/> at the stream's end, be it in the middle of a message.</returns>
    /// <exception cref="InvalidDataException">What came is no message; what follows cannot be read either.</exception>
    public async ValueTask<Message?> ReadAsync(CancellationToken cancellation)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellation) < HeaderBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= 0 or > MaxFrameBytes)
        {
            throw new InvalidDataException($"A message of {length} bytes is announced; the most is {MaxFrameBytes}.");
        }

        var frame = new byte[length];
        if (await stream.ReadAtLeastAsync(frame, length, throwOnEndOfStream: false, cancellation) < length)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(frame, SharingJson.Of<Message>()) ?? throw new InvalidDataException("A message is null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("What came is no message.", exception);
        }
    }

    /// <exception cref="InvalidDataException">The message is too large; nothing of it was sent.</exception>
    /// <exception cref="IOException">The other side is gone, or does not read.</exception>
    public async Task WriteAsync(Message message)
    {
        var frame = Frame(message);
        await _writing.WaitAsync();
        try
        {
            // Not cancellable: half a frame would spoil all that follow.
            await stream.WriteAsync(frame).AsTask().WaitAsync(WritePatience);
        }
        catch (TimeoutException exception)
        {
            await stream.DisposeAsync();
            throw new IOException("The other process does not read what is sent to it.", exception);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("The connection is closed.", exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => stream.Dispose();

    private static byte[] Frame(Message message)
    {
        using var frame = new MemoryStream();
        frame.Write(stackalloc byte[HeaderBytes]);
        JsonSerializer.Serialize(frame, message, SharingJson.Of<Message>());
        var length = frame.Length - HeaderBytes;
        if (length > MaxFrameBytes)
        {
            throw new InvalidDataException($"A message of {length} bytes is too large; the most is {MaxFrameBytes}.");
        }

        var bytes = frame.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)length);
        return bytes;
    }
}
