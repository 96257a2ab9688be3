using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Listing;

public sealed class FirstListsTests
{
    [Fact]
    public async Task The_first_list_of_an_opened_document_is_prepared_once_its_project_is_loaded()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "work/M.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""
        );
        const string Text = "class M { void Play() { } }";
        var file = folder.Write("work/M.cs", Text);
        await using var engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [Path.Combine(folder.Path, "work")],
                Settings = EngineSettings.Default with { MemoryEnabled = false, Model = "none" },
                DataDirectory = folder.Path,
            }
        );
        var prepared = new TaskCompletionSource<string>();
        engine.FirstListPrepared += document => prepared.TrySetResult(document);

        engine.Open(file, 1, Text);

        // Its project is loaded later.
        Assert.Equal(file, await prepared.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
    }
}
