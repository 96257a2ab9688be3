using System.Threading.Channels;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Documents;

public sealed class SourceGenerationTests : IDisposable
{
    private const string Document = """
        using System.Text.Json.Serialization;
        [JsonSerializable(typeof(int))]
        partial class Json : JsonSerializerContext
        {
            object O() => Default.$
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_generators_write_of_an_open_document_is_known_once_nobody_types_and_follows_edits()
    {
        _folder.Write(
            "App.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""
        );
        var text = Document.Replace("$", "", StringComparison.Ordinal);
        var path = _folder.Write("App.cs", text);
        await using var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [_folder.Path] });
        await workspace.LoadAsync(path, TestContext.Current.CancellationToken);
        var changes = Channel.CreateUnbounded<bool>();
        using var idle = new IdleWork(new Activity(), TimeSpan.Zero);
        using var generation = new SourceGeneration(workspace, idle, () => changes.Writer.TryWrite(true), NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = generation.RunAsync(stop.Token);

        workspace.Open(path, 1, text);
        generation.Stir();
        await changes.Reader.ReadAsync(stop.Token);
        Assert.Contains("Int32", await NamesAsync(workspace, path, text));

        var edited = text.Replace("typeof(int)", "typeof(double)", StringComparison.Ordinal);
        workspace.Change(path, 2, [new BufferEdit(null, edited)]);
        generation.Stir();
        await changes.Reader.ReadAsync(stop.Token);
        Assert.Contains("Double", await NamesAsync(workspace, path, edited));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IEnumerable<string>> NamesAsync(CodeWorkspace workspace, string path, string text)
    {
        var listed = await ItemLister.ListAsync(
            workspace.Take(path)!,
            text.IndexOf("Default.", StringComparison.Ordinal) + "Default.".Length,
            typed: null,
            TestContext.Current.CancellationToken
        );
        return listed.Items.Select(item => item.Label);
    }
}
