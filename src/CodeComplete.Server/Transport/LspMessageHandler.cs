using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CodeComplete.Server.Protocol;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace CodeComplete.Server.Transport;

/// <summary>
/// Joins StreamJsonRpc to two streams. What it must not see (no JSON, batches, answers to nothing, messages out of their time) is answered or
/// dropped here, and the stream goes on. The streams stay the caller's.
/// </summary>
internal sealed class LspMessageHandler(Stream input, Stream output, IMessageGate gate, ILogger log) : IJsonRpcMessageHandler, IDisposable
{
    /// <summary>Of a longer message the log takes the beginning: a document that is opened would fill it.</summary>
    private const int MostTracedBytes = 4096;

    private readonly FrameReader _frames = new(input);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ArrayBufferWriter<byte> _outgoing = new();

    /// <summary>Our requests that the client has not answered.</summary>
    private readonly ConcurrentDictionary<RequestId, bool> _asked = new();

    private readonly TaskCompletionSource _outputBroke = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the client stops reading; a client that has died may leave its other stream open.</summary>
    public Task OutputBroke => _outputBroke.Task;

    public bool CanRead => true;

    public bool CanWrite => true;

    public IJsonRpcMessageFormatter Formatter { get; } = new SystemTextJsonFormatter { JsonSerializerOptions = LspJson.Options };

    /// <returns>The next message that is to be dispatched; <see langword="null"/> where none will come.</returns>
    public async ValueTask<JsonRpcMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await NextFrameAsync(cancellationToken) is { } frame)
        {
            if (frame.Charset is { } charset && !IsUtf8(charset))
            {
                await RefuseAsync(
                    RequestId.Null,
                    LspErrorCodes.InvalidRequest,
                    $"Messages must be UTF-8, not {charset}.",
                    cancellationToken
                );
                continue;
            }

            Trace("<-", frame.Body);
            var envelope = Envelope.Open(frame.Body);
            switch (envelope.Kind)
            {
                case EnvelopeKind.Invalid:
                    await RefuseAsync(envelope.Id, envelope.ErrorCode, envelope.Problem, cancellationToken);
                    continue;
                case EnvelopeKind.Response when !_asked.TryRemove(envelope.Id, out _):
                    log.LogDebug("Ignored an answer to no request (id {Id}).", envelope.Id);
                    continue;
                case EnvelopeKind.Response:
                    return Deserialize(envelope);
            }

            var verdict = gate.Admit(envelope.Method, envelope.Id);
            switch (verdict.Admission)
            {
                case Admission.Pass:
                    return Deserialize(envelope);
                case Admission.Drop:
                    log.LogDebug("Dropped '{Method}', which came out of its time.", envelope.Method);
                    continue;
                case Admission.Reject:
                    await RefuseAsync(envelope.Id, verdict.Code, verdict.Message, cancellationToken);
                    continue;
            }

            break;
        }

        await gate.LastWordAsync();
        return null;
    }

    public async ValueTask WriteAsync(JsonRpcMessage jsonRpcMessage, CancellationToken cancellationToken)
    {
        var id = (jsonRpcMessage as IJsonRpcMessageWithId)?.RequestId ?? RequestId.NotSpecified;
        var isQuestion = jsonRpcMessage is JsonRpcRequest { IsResponseExpected: true };
        if (jsonRpcMessage is JsonRpcError { Error: { } error })
        {
            // StreamJsonRpc puts the stack trace there.
            error.Data = null;
            if (error.Code == JsonRpcErrorCode.ResponseSerializationFailure)
            {
                error.Code = JsonRpcErrorCode.InternalError;
            }

            gate.Failing(id);
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            _outgoing.ResetWrittenCount();
            Formatter.Serialize(_outgoing, jsonRpcMessage);
            Trace("->", _outgoing.WrittenSpan);
            if (isQuestion)
            {
                _asked[id] = true;
            }

            // Not cancellable: half a message would make all that follows unreadable.
            var header = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {_outgoing.WrittenCount}\r\n\r\n");
            await output.WriteAsync(Encoding.ASCII.GetBytes(header), CancellationToken.None);
            await output.WriteAsync(_outgoing.WrittenMemory, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _outputBroke.TrySetResult();
            throw;
        }
        finally
        {
            _writing.Release();
        }

        if (!isQuestion && !id.IsEmpty)
        {
            gate.Answered(id);
        }
    }

    /// <summary>Nothing to close: the streams are the caller's, and a write that is under way may still need the lock.</summary>
    public void Dispose() { }

    /// <summary>Messages hold source text, which no other level than this may put into the log.</summary>
    private void Trace(string direction, ReadOnlySpan<byte> message)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            var text = Encoding.UTF8.GetString(message[..Math.Min(message.Length, MostTracedBytes)]);
            log.LogTrace("{Direction} {Length} bytes: {Message}", direction, message.Length, text);
        }
    }

    private JsonRpcMessage Deserialize(in Envelope envelope) => Formatter.Deserialize(new ReadOnlySequence<byte>(envelope.Body));

    private async ValueTask<Frame?> NextFrameAsync(CancellationToken cancellation)
    {
        try
        {
            return await _frames.ReadAsync(cancellation);
        }
        catch (BadHeaderException e)
        {
            log.LogError("{Problem} The connection is closed, since the next message cannot be found.", e.Message);
            return null;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            log.LogInformation("The client's stream broke: {Problem}", e.Message);
            return null;
        }
    }

    private async ValueTask RefuseAsync(RequestId id, int code, string problem, CancellationToken cancellation)
    {
        log.LogWarning("Refused a message ({Code}): {Problem}", code, problem);
        var error = new JsonRpcError
        {
            RequestId = id,
            Error = new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = problem },
        };
        try
        {
            await WriteAsync(error, cancellation);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            log.LogInformation("The client does not read any more: {Problem}", e.Message);
        }
    }

    private static bool IsUtf8(string charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
}
