using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

public sealed class TargetFrameworkTests
{
    [Fact]
    public async Task The_list_follows_the_setting_while_the_engine_runs()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "work/M.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks></PropertyGroup></Project>"""
        );
        var file = folder.Write(
            "work/M.cs",
            """
            class M
            {
            #if NET10_0
                int NewOne;
            #else
                int OldOne;
            #endif
                void Read() { this. }
            }
            """
        );
        var settings = EngineSettings.Default with { MemoryEnabled = false, Model = "none", TargetFramework = "netstandard2.0" };
        await using var engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [Path.Combine(folder.Path, "work")],
                Settings = settings,
                DataDirectory = folder.Path,
            }
        );
        await engine.WhenReadyAsync(file, TimeSpan.FromMinutes(2), CancellationToken.None);
        Assert.Equal("OldOne", await FieldAsync());

        engine.Configure(settings with { TargetFramework = null });
        Assert.Equal("NewOne", await FieldAsync());

        engine.Configure(settings with { TargetFramework = "net472" });
        Assert.Equal("NewOne", await FieldAsync());
        Assert.Contains(engine.Notices, notice => notice.Message.Contains("'net472'", StringComparison.Ordinal));

        async Task<string> FieldAsync()
        {
            var list = await engine.CompleteListAsync(
                new ListRequest(file, new Position(7, "    void Read() { this.".Length)),
                CancellationToken.None
            );
            return Assert.Single(list.Items, item => item.Kind == ItemKind.Field).Label;
        }
    }
}
