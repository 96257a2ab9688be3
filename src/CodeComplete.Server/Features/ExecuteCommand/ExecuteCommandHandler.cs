using System.Text.Json;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.ExecuteCommand;

/// <summary><c>workspace/executeCommand</c>: the command that our items carry, and those of the user.</summary>
internal sealed class ExecuteCommandHandler(Session session)
{
    /// <summary>The user took a ghost text; its argument is the suggestion's id.</summary>
    public const string Accepted = "codecomplete.accepted";

    /// <summary>No ghost text and no list until <see cref="Resume"/>; neither takes an argument.</summary>
    public const string Pause = "codecomplete.pause";

    public const string Resume = "codecomplete.resume";

    public static IReadOnlyList<string> Commands { get; } = [Accepted, Pause, Resume];

    [LspMethod("workspace/executeCommand")]
    public Task<object?> ExecuteAsync(ExecuteCommandParams parameters)
    {
        switch (parameters.Command)
        {
            case Accepted when parameters.Arguments is [{ ValueKind: JsonValueKind.String } id]:
                session.Engine.Accept(id.GetString()!);
                break;
            case Accepted:
                throw Refused($"'{Accepted}' takes one argument, the id of the suggestion.");
            case Pause or Resume:
                session.Engine.Pause(parameters.Command == Pause);
                break;
            default:
                throw Refused($"There is no command '{parameters.Command}'; there is: {string.Join(", ", Commands)}.");
        }

        return Task.FromResult<object?>(null);
    }

    private static LocalRpcException Refused(string message) => new(message) { ErrorCode = LspErrorCodes.InvalidParams };
}
