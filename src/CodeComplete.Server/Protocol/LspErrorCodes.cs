namespace CodeComplete.Server.Protocol;

/// <summary>The error codes that LSP and JSON-RPC define and this server sends.</summary>
internal static class LspErrorCodes
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;
    public const int ServerNotInitialized = -32002;
    public const int ContentModified = -32801;
}
