using System.Text.Json;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.ExecuteCommand;

/// <summary><c>workspace/executeCommand</c>: the commands that our items carry.</summary>
internal sealed class ExecuteCommandHandler(Session session)
{
    /// <summary>The user took a ghost text; its argument is the suggestion's id.</summary>
    public const string Accepted = "codecomplete.accepted";

    public static IReadOnlyList<string> Commands { get; } = [Accepted];

    [LspMethod("workspace/executeCommand")]
    public Task<object?> ExecuteAsync(ExecuteCommandParams parameters)
    {
        if (parameters.Command != Accepted)
        {
            throw Refused($"There is no command '{parameters.Command}'; there is: {string.Join(", ", Commands)}.");
        }

        if (parameters.Arguments is not [{ ValueKind: JsonValueKind.String } id])
        {
            throw Refused($"'{Accepted}' takes one argument, the id of the suggestion.");
        }

        session.Engine.Accept(id.GetString()!);
        return Task.FromResult<object?>(null);
    }

    private static LocalRpcException Refused(string message) => new(message) { ErrorCode = LspErrorCodes.InvalidParams };
}
