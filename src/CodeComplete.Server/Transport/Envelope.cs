using System.Buffers;
using System.Text.Json;
using CodeComplete.Server.Protocol;
using StreamJsonRpc;

namespace CodeComplete.Server.Transport;

internal enum EnvelopeKind
{
    Request,
    Notification,
    Response,

    /// <summary>No JSON-RPC message; <see cref="Envelope.Problem"/> says why.</summary>
    Invalid,
}

/// <summary>
/// The outside of a message: what it is, before anything in it is believed. StreamJsonRpc ends the connection at a body that is not JSON and
/// throws at <c>"params": null</c> (vs-streamjsonrpc#1504); so every body is looked at here, and only what it bears is passed on.
/// </summary>
internal readonly record struct Envelope
{
    private const string BadMessage = "The answer was malformed.";

    public EnvelopeKind Kind { get; private init; }

    /// <summary>Not specified in a notification; null where an invalid message has none that can be read.</summary>
    public RequestId Id { get; private init; }

    /// <summary>Empty in a response.</summary>
    public string Method { get; private init; }

    /// <summary>The body as the formatter bears it.</summary>
    public ReadOnlyMemory<byte> Body { get; private init; }

    public int ErrorCode { get; private init; }

    public string Problem { get; private init; }

    public static Envelope Open(ReadOnlyMemory<byte> body)
    {
        try
        {
            return new Scan(body).Run();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-8.
            return Invalid(RequestId.Null, LspErrorCodes.ParseError, "The body is not valid JSON.");
        }
    }

    private static Envelope Invalid(RequestId id, int code, string problem) =>
        new()
        {
            Kind = EnvelopeKind.Invalid,
            Id = id,
            Method = "",
            ErrorCode = code,
            Problem = problem,
        };

    /// <summary>One pass over the members of the outermost object; of two with one name the last counts, as in the formatter.</summary>
    private ref struct Scan(ReadOnlyMemory<byte> body)
    {
        private Utf8JsonReader _reader = new(body.Span);
        private RequestId _id = RequestId.NotSpecified;
        private bool _idIsUsable = true;
        private bool _versionIsUsable = true;
        private bool _tracingIsUsable = true;
        private bool _hasMethod;
        private string? _method;
        private JsonTokenType _parameters = JsonTokenType.None;
        private bool _hasResult;
        private bool _hasError;
        private bool _errorIsUsable;

        public Envelope Run()
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                var isBatch = _reader.TokenType == JsonTokenType.StartArray;
                _reader.Skip();
                ReadToEnd();
                return Invalid(
                    RequestId.Null,
                    LspErrorCodes.InvalidRequest,
                    isBatch ? "LSP has no batches; send the messages one by one." : "A message must be a JSON object."
                );
            }

            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember();
            }

            ReadToEnd();
            return Judge();
        }

        private void ReadToEnd()
        {
            // What follows the object is an error that only the reader's next step finds.
            while (_reader.Read()) { }
        }

        private void ReadMember()
        {
            if (_reader.ValueTextEquals("jsonrpc"u8))
            {
                _reader.Read();
                _versionIsUsable = _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals("2.0"u8);
            }
            else if (_reader.ValueTextEquals("id"u8))
            {
                _reader.Read();
                ReadId();
            }
            else if (_reader.ValueTextEquals("method"u8))
            {
                _reader.Read();
                _hasMethod = true;
                _method = _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;
            }
            else if (_reader.ValueTextEquals("params"u8))
            {
                _reader.Read();
                _parameters = _reader.TokenType;
            }
            else if (_reader.ValueTextEquals("result"u8))
            {
                _reader.Read();
                _hasResult = true;
            }
            else if (_reader.ValueTextEquals("error"u8))
            {
                _reader.Read();
                _hasError = true;
                _errorIsUsable = ErrorIsUsable(_reader);
            }
            else if (_reader.ValueTextEquals("traceparent"u8) || _reader.ValueTextEquals("tracestate"u8))
            {
                // StreamJsonRpc's own members: it reads them as strings without asking.
                _reader.Read();
                _tracingIsUsable &= _reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
            }
            else
            {
                _reader.Read();
            }

            _reader.Skip();
        }

        private void ReadId()
        {
            _idIsUsable = true;
            switch (_reader.TokenType)
            {
                case JsonTokenType.String:
                    _id = new RequestId(_reader.GetString());
                    break;
                case JsonTokenType.Number when _reader.TryGetInt64(out var number):
                    _id = new RequestId(number);
                    break;
                case JsonTokenType.Null:
                    _id = RequestId.Null;
                    break;
                default:
                    _id = RequestId.Null;
                    _idIsUsable = false;
                    break;
            }
        }

        private static bool ErrorIsUsable(Utf8JsonReader error)
        {
            using var document = JsonDocument.ParseValue(ref error);
            return document.RootElement is { ValueKind: JsonValueKind.Object } value
                && value.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt64(out _)
                && value.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String;
        }

        private readonly Envelope Judge()
        {
            if (!_versionIsUsable || !_tracingIsUsable)
            {
                return Invalid(Named(), LspErrorCodes.InvalidRequest, "'jsonrpc' must be \"2.0\".");
            }

            if (!_hasMethod)
            {
                return _hasResult || _hasError
                    ? Response()
                    : Invalid(Named(), LspErrorCodes.InvalidRequest, "A message needs 'method', or 'result', or 'error'.");
            }

            if (!_idIsUsable || _id.IsNull)
            {
                return Invalid(RequestId.Null, LspErrorCodes.InvalidRequest, "'id' must be a whole number or a string.");
            }

            if (string.IsNullOrEmpty(_method))
            {
                return Invalid(Named(), LspErrorCodes.InvalidRequest, "'method' must be a string.");
            }

            return _parameters switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => Call(body),

                // Missing and null mean the same: no params. As an object they meet the same check as any other params.
                JsonTokenType.None or JsonTokenType.Null => Call(Rebuilt(static writer => writer.WriteStartObject("params"u8))),
                _ => Invalid(Named(), LspErrorCodes.InvalidParams, $"The params of '{_method}' must be an object."),
            };
        }

        private readonly RequestId Named() => _id.IsEmpty ? RequestId.Null : _id;

        private readonly Envelope Call(ReadOnlyMemory<byte> usable) =>
            new()
            {
                Kind = _id.IsEmpty ? EnvelopeKind.Notification : EnvelopeKind.Request,
                Id = _id,
                Method = _method!,
                Body = usable,
                Problem = "",
            };

        private readonly Envelope Response() =>
            new()
            {
                Kind = EnvelopeKind.Response,
                Id = _id,
                Method = "",
                Problem = "",
                Body = _hasResult || _errorIsUsable ? body : Rebuilt(WriteMalformedAnswer),
            };

        private static void WriteMalformedAnswer(Utf8JsonWriter writer)
        {
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, LspErrorCodes.InternalError);
            writer.WriteString("message"u8, BadMessage);
        }

        /// <summary>The same message with another last member, which <paramref name="begin"/> opens as an object.</summary>
        private readonly ReadOnlyMemory<byte> Rebuilt(Action<Utf8JsonWriter> begin)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("jsonrpc"u8, "2.0"u8);
                if (_id.Number is { } number)
                {
                    writer.WriteNumber("id"u8, number);
                }
                else if (_id.String is { } text)
                {
                    writer.WriteString("id"u8, text);
                }

                if (_method is not null)
                {
                    writer.WriteString("method"u8, _method);
                }

                begin(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            return buffer.WrittenMemory;
        }
    }
}
