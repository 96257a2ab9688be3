using System.Reflection;
using System.Text.Json;
using CodeComplete.Engine;
using CodeComplete.Server.Protocol;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace CodeComplete.Server.Transport;

/// <summary>StreamJsonRpc with LSP's errors: one sentence and a code for the client, the rest for the log.</summary>
internal sealed class LspRpc : JsonRpc
{
    private readonly ILogger _log;

    public LspRpc(IJsonRpcMessageHandler handler, ILogger log)
        : base(handler)
    {
        this._log = log;
        CancelLocallyInvokedMethodsWhenConnectionIsClosed = true;
        TraceSource.Switch.Level = System.Diagnostics.SourceLevels.Off;
    }

    /// <summary>Makes every method of <paramref name="handler"/> that has an <see cref="LspMethodAttribute"/> callable.</summary>
    public void Add(object handler)
    {
        foreach (var method in handler.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            if (method.GetCustomAttribute<LspMethodAttribute>() is { } attribute)
            {
                AddLocalRpcMethod(
                    method,
                    handler,
                    new JsonRpcMethodAttribute(attribute.Name) { UseSingleObjectParameterDeserialization = true }
                );
            }
        }
    }

    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception)
    {
        var (code, message) = exception switch
        {
            LocalRpcException refused => (refused.ErrorCode, refused.Message),
            OperationCanceledException => ((int)JsonRpcErrorCode.RequestCanceled, "The request was cancelled."),
            ContentModifiedException modified => (LspErrorCodes.ContentModified, modified.Message),
            JsonException misfit => (LspErrorCodes.InvalidParams, Misfit(request, misfit)),
            _ => (LspErrorCodes.InternalError, $"'{request.Method}' failed: {FirstLine(exception.Message)}"),
        };

        if (code == LspErrorCodes.InternalError)
        {
            _log.LogError(exception, "'{Method}' failed.", request.Method);
        }
        else if (!request.IsResponseExpected)
        {
            // A notification has no answer, so only the log can tell that it had no effect.
            _log.LogWarning("'{Method}' was ignored: {Problem}", request.Method, message);
        }

        return new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = message };
    }

    private static string Misfit(JsonRpcRequest request, JsonException misfit)
    {
        // "JSON deserialization for type 'X' was missing required properties including: 'a', 'b'."
        const string Missing = "including: ";
        var at = misfit.Message.IndexOf(Missing, StringComparison.Ordinal);
        var line = at < 0 ? "" : FirstLine(misfit.Message[(at + Missing.Length)..]);
        var names = line.Length == 0 ? "" : $": missing {line.Split(". ", 2)[0].TrimEnd('.')}";
        var place = misfit.Path is null or "$" ? "" : $" at '{misfit.Path.TrimStart('$', '.')}'";
        return $"The params of '{request.Method}' do not fit LSP 3.18{place}{names}.";
    }

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
