namespace CodeComplete.Server.Protocol;

/// <summary>The params of the one notification to the client that is not LSP's: <c>codecomplete/status</c>.</summary>
/// <param name="State">starting | loading | indexing | ready | paused</param>
/// <param name="Percent">0 to 100 where the end is known.</param>
internal sealed record CodeCompleteStatusParams(string State, int? Percent, string Message);
