using System.Text.Json.Nodes;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Files on disk and workspace folders.</summary>
public sealed class WorkspaceTests
{
    [Fact]
    public async Task Changed_files_reach_the_engine_as_paths()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify(
            "workspace/didChangeWatchedFiles",
            JsonNode.Parse(
                """
                {
                  "changes": [
                    { "uri": "file:///w/new%20one.cs", "type": 1 },
                    { "uri": "file:///w/a.csproj", "type": 2 },
                    { "uri": "git:/w/a.cs", "type": 2 },
                    { "uri": "file:///w/gone.cs", "type": 3 }
                  ]
                }
                """
            )
        );
        await client.SettleAsync();
        Assert.Equal(["files Created:/w/new one.cs Changed:/w/a.csproj Deleted:/w/gone.cs"], client.Engine.Calls);
    }

    [Fact]
    public async Task Folders_that_come_and_go_reach_the_engine_as_paths()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify(
            "workspace/didChangeWorkspaceFolders",
            JsonNode.Parse(
                """
                {
                  "event": {
                    "added": [{ "uri": "file:///w/one", "name": "one" }, { "uri": "vscode-vfs://x/y", "name": "y" }],
                    "removed": [{ "uri": "file:///w/two", "name": "two" }]
                  }
                }
                """
            )
        );
        await client.SettleAsync();
        Assert.Equal(["folders +/w/one -/w/two"], client.Engine.Calls);
    }

    [Theory]
    [InlineData("workspace/didChangeWatchedFiles", """{"changes":[{"uri":"git:/a.cs","type":1}]}""")]
    [InlineData("workspace/didChangeWorkspaceFolders", """{"event":{"added":[],"removed":[{"uri":"vscode-vfs://x/y","name":"y"}]}}""")]
    public async Task What_is_not_on_disk_is_not_the_engines(string method, string parameters)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify(method, JsonNode.Parse(parameters));
        await client.SettleAsync();
        Assert.Empty(client.Engine.Calls);
    }
}
