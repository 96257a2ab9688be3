namespace CodeComplete.Server.Protocol;

/// <summary>The methods that the server calls at the client.</summary>
internal static class ClientMethods
{
    public const string RegisterCapability = "client/registerCapability";
    public const string Configuration = "workspace/configuration";
    public const string ShowMessage = "window/showMessage";
    public const string LogMessage = "window/logMessage";
    public const string CreateProgress = "window/workDoneProgress/create";
    public const string Progress = "$/progress";
    public const string Status = "codecomplete/status";
}
