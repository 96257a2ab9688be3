using System.Text.Json.Serialization;

namespace CodeComplete.Server.Protocol;

internal enum MessageType
{
    Error = 1,
    Warning = 2,
    Info = 3,
    Log = 4,
    Debug = 5,
}

internal sealed record ShowMessageParams(MessageType Type, string Message);

internal sealed record LogMessageParams(MessageType Type, string Message);

internal sealed record WorkDoneProgressCreateParams(string Token);

/// <param name="Value">A <see cref="WorkDoneProgressBegin"/>, <see cref="WorkDoneProgressReport"/> or <see cref="WorkDoneProgressEnd"/>.</param>
internal sealed record ProgressParams(string Token, object Value);

internal sealed record WorkDoneProgressBegin(string Title, string? Message = null, int? Percentage = null)
{
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "begin";
}

internal sealed record WorkDoneProgressReport(string? Message = null, int? Percentage = null)
{
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "report";
}

internal sealed record WorkDoneProgressEnd(string? Message = null)
{
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "end";
}
