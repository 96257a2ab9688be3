namespace CodeComplete.Server.Transport;

/// <summary>What came in is not framed as LSP frames it, so nobody knows where the next message begins. The message is one sentence.</summary>
internal sealed class BadHeaderException(string message) : Exception(message);
