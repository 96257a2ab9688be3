using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>What client and server tell each other first.</summary>
public sealed class InitializeTests
{
    [Fact]
    public async Task The_server_says_what_it_can_do_and_nothing_more()
    {
        await using var client = TestClient.Start();
        CompletionTests.AssertJson(
            """
            {
              "capabilities": {
                "positionEncoding": "utf-16",
                "textDocumentSync": { "openClose": true, "change": 2, "save": false },
                "completionProvider": {
                  "triggerCharacters": [".", "#", "(", "[", "<", "\"", ":", " "],
                  "resolveProvider": true,
                  "completionItem": { "labelDetailsSupport": true }
                },
                "inlineCompletionProvider": true,
                "executeCommandProvider": { "commands": ["codecomplete.accepted", "codecomplete.pause", "codecomplete.resume"] },
                "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } }
              },
              "serverInfo": { "name": "codecomplete", "version": "1.2.3" }
            }
            """,
            await client.InitializeAsync()
        );
    }

    [Theory]
    [InlineData(
        """{"workspaceFolders":[{"uri":"file:///w/a%20b","name":"a b"},{"uri":"vscode-vfs://x/y","name":"y"}],"rootUri":"file:///other"}""",
        "/w/a b"
    )]
    [InlineData("""{"workspaceFolders":[],"rootUri":"file:///other"}""", "")]
    [InlineData("""{"workspaceFolders":null,"rootUri":"file:///root","rootPath":"/older"}""", "/root")]
    [InlineData("""{"rootPath":"/older"}""", "/older")]
    [InlineData("""{"rootUri":null,"rootPath":null}""", "")]
    [InlineData("{}", "")]
    public async Task The_engine_is_started_on_the_clients_folders(string parameters, string folders)
    {
        await using var client = TestClient.Start();
        await client.ResultAsync("initialize", JsonNode.Parse(parameters));
        Assert.Equal(folders, string.Join(",", client.Started!.WorkspaceFolders));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"all\"")]
    [InlineData("""{"textDocument":null,"workspace":true,"window":[]}""")]
    [InlineData(
        """{"textDocument":{"completion":{"completionItem":{"tagSupport":true,"labelDetailsSupport":"yes","documentationFormat":[1]}}}}"""
    )]
    [InlineData("""{"textDocument":{"completion":{"completionItemKind":{},"completionList":{"itemDefaults":{}}}}}""")]
    public async Task Odd_capabilities_are_capabilities_the_client_does_not_have(string capabilities)
    {
        await using var client = TestClient.Start();
        await client.ResultAsync("initialize", new JsonObject { ["capabilities"] = JsonNode.Parse(capabilities) });
        Assert.Equal(ClientProfile.Plain, ClientProfile.Read(JsonSerializer.Deserialize<JsonElement>(capabilities)));
    }

    [Fact]
    public void A_profile_reads_what_VsCode_and_Neovim_say()
    {
        var code = Read(Capabilities.VsCode);
        Assert.True(code is { LabelDetails: true, DeprecatedTag: true, InsertReplace: true, DefaultEditRange: true, Configuration: true });
        Assert.True(code is { ConfigurationRegistration: true, WatchedFilesRegistration: true, WorkDoneProgress: true });
        Assert.Equal(DocumentationFormat.Markdown, code.Documentation);
        var neovim = Read(Capabilities.Neovim);
        Assert.True(
            neovim is { LabelDetails: false, DeprecatedTag: false, DeprecatedFlag: true, InsertReplace: false, DefaultEditRange: true }
        );
        Assert.True(
            neovim is { Configuration: true, ConfigurationRegistration: false, WatchedFilesRegistration: false, WorkDoneProgress: true }
        );
    }

    [Fact]
    public async Task Watchers_and_settings_are_registered_where_the_client_offers_it()
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.VsCode);
        var registrations = (await client.HearAsync("client/registerCapability")).GetProperty("registrations");
        CompletionTests.AssertJson(
            """
            [
              {
                "id": "codecomplete-watched-files", "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {
                  "watchers": [
                    { "globPattern": "**/*.{cs,csproj,props,targets,sln,slnx,slnf}" },
                    { "globPattern": "**/{.editorconfig,.globalconfig,.gitignore,global.json}" },
                    { "globPattern": "**/obj/project.assets.json" }
                  ]
                }
              },
              { "id": "codecomplete-configuration", "method": "workspace/didChangeConfiguration", "registerOptions": { "section": "codecomplete" } }
            ]
            """,
            registrations
        );
    }

    [Fact]
    public async Task Zed_watches_files_and_Sublime_leaves_it_to_the_server()
    {
        await using var zed = await TestClient.StartInitializedAsync(Capabilities.Zed);
        await zed.HearAsync("client/registerCapability");
        await using var sublime = await TestClient.StartInitializedAsync(Capabilities.Sublime);
        var registered = await sublime.HearAsync("client/registerCapability");
        Assert.Equal(
            "workspace/didChangeConfiguration",
            Assert.Single(registered.GetProperty("registrations").EnumerateArray()).GetProperty("method").GetString()
        );
        await zed.SettleAsync();
        await sublime.SettleAsync();
        Assert.False(zed.Engine.IsWatching);
        Assert.True(sublime.Engine.IsWatching);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_registered_where_the_client_does_not_offer_it(bool neovim)
    {
        await using var client = await TestClient.StartInitializedAsync(neovim ? Capabilities.Neovim : Capabilities.Plain);

        // The status leaves after the registration would have.
        await client.HearAsync("codecomplete/status");
        await client.SettleAsync();
        Assert.False(client.Heard("client/registerCapability"));
        Assert.True(client.Engine.IsWatching);
    }

    [Fact]
    public async Task The_engine_watches_where_the_client_refuses_to()
    {
        await using var client = TestClient.Start();
        client.Refuses = _ => true;
        await client.InitializeAsync(Capabilities.Eglot);
        client.Notify("initialized", new JsonObject());
        await client.Engine.WhenWatching.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_engine_leaves_watching_to_a_client_that_agrees()
    {
        await using var client = TestClient.Start();
        await client.InitializeAsync(Capabilities.Eglot);
        client.Notify("initialized", new JsonObject());
        await client.HearAsync("client/registerCapability");

        // The answer is read before what follows it, and a refusal would be the engine's to watch.
        await client.SettleAsync();
        Assert.False(client.Engine.IsWatching);
    }

    [Fact]
    public async Task Nothing_is_sent_before_initialized()
    {
        await using var client = TestClient.Start(new FakeEngine { Status = new(Engine.EngineState.Loading, 10, "Loading.") });
        await client.InitializeAsync(options: JsonNode.Parse("""{"nonsense":1}"""));
        client.Engine.Report(new Engine.Notice(Engine.NoticeLevel.Error, "Early."));
        await client.SettleAsync();
        Assert.False(
            client.Heard("window/showMessage") || client.Heard("codecomplete/status") || client.Heard("window/workDoneProgress/create")
        );
        client.Notify("initialized", new JsonObject());
        Assert.Contains(
            "nonsense",
            (await client.HearAsync("window/showMessage")).GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("Early.", (await client.HearAsync("window/showMessage")).GetProperty("message").GetString());
    }

    [Fact]
    public void Keys_of_folders_and_documents_agree() =>
        Assert.StartsWith(DocumentUri.ToPath("file:///w/a%20b")!, DocumentUri.ToKey("file:///w/a b/c.cs"), StringComparison.Ordinal);

    private static ClientProfile Read(JsonObject capabilities) => ClientProfile.Read(JsonSerializer.SerializeToElement(capabilities));
}
