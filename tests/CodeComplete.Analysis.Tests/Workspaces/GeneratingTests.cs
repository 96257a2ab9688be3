using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis.Tests;

/// <summary>What source generators write, in projects that the real SDK evaluates.</summary>
public sealed class GeneratingTests
{
    /// <summary>Writes a class for each line of each text file, with a property for each class marked by <c>[Named]</c>.</summary>
    private const string Words = """
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.CSharp.Syntax;

        [Generator]
        public sealed class Words : IIncrementalGenerator
        {
            public void Initialize(IncrementalGeneratorInitializationContext context)
            {
                var marked = context.SyntaxProvider.CreateSyntaxProvider(
                    static (node, _) => node is ClassDeclarationSyntax { AttributeLists.Count: > 0 },
                    static (found, _) => ((ClassDeclarationSyntax)found.Node).Identifier.Text);
                context.RegisterSourceOutput(marked, static (output, name) =>
                    output.AddSource(name + ".g.cs", "partial class " + name + " { public string Name => \"" + name + "\"; }"));
                context.RegisterSourceOutput(context.AdditionalTextsProvider, static (output, file) =>
                {
                    foreach (var line in file.GetText()!.Lines)
                    {
                        if (line.ToString() == "throw")
                        {
                            throw new System.InvalidOperationException("No word. None.");
                        }

                        output.AddSource(line + ".g.cs", "public static class " + line + " { public static int Length => " + line.ToString().Length + "; }");
                    }
                });
            }
        }
        """;

    private const string WithWords = """
        <ItemGroup><Analyzer Include="$(MSBuildThisFileDirectory)Words.dll" /><AdditionalFiles Include="words.txt" /></ItemGroup>
        """;

    [Fact]
    public async Task What_the_frameworks_own_generators_write_is_known()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("App.csproj");
        var file = loaded.Write(
            "App.cs",
            """
            using System.Text.Json.Serialization;
            using System.Text.RegularExpressions;
            partial class App { [GeneratedRegex("a+")] private static partial Regex As(); int n = Json.Default.App.GetHashCode(); }
            [JsonSerializable(typeof(App))] partial class Json : JsonSerializerContext;
            """
        );
        await loaded.LoadAsync(file);
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));

        Assert.True(await GenerateAsync(loaded, "App.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));
        Assert.Equal([file], loaded.Workspace.SourceFiles);
        Assert.Empty(loaded.Notices);

        // Nothing to read anew.
        Assert.False(await GenerateAsync(loaded, "App.cs"));

        loaded.Workspace.Open(file, 1, loaded.Take("App.cs").Text.ToString().Replace("As()", "Bs()", StringComparison.Ordinal));
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));
        Assert.True(await GenerateAsync(loaded, "App.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));
    }

    [Fact]
    public async Task Generators_of_a_package_read_other_files_and_what_they_write_follows_the_edits()
    {
        await using var loaded = new LoadedWorkspace();
        Build(loaded, "lib/Words.dll", Words);
        loaded.WriteProject("lib/Lib.csproj", WithWords);
        loaded.Write("lib/words.txt", "Apple\nPear");
        loaded.Write("lib/Thing.cs", "[System.Obsolete] public partial class Thing;");
        loaded.WriteProject("app/App.csproj", """<ItemGroup><ProjectReference Include="../lib/Lib.csproj" /></ItemGroup>""");
        var app = loaded.Write("app/App.cs", "class App { int n = Apple.Length + Pear.Length; }");
        await loaded.LoadAsync();

        // The project that it refers to comes first.
        Assert.True(await GenerateAsync(loaded, "app/App.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app/App.cs")));

        File.SetLastWriteTimeUtc(loaded.Write("lib/words.txt", "Apple\nPlum"), DateTime.UtcNow.AddMinutes(1));
        loaded.Workspace.Open(app, 1, "class App { int n = Apple.Length + Plum.Length; }");
        Assert.True(await GenerateAsync(loaded, "app/App.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app/App.cs")));

        // Evaluated again, it has what was written until its generators run again.
        await loaded.ChangedAsync("lib/Lib.csproj", DiskChange.Changed);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app/App.cs")));
        Assert.False(await GenerateAsync(loaded, "app/App.cs"));

        // Renamed, while the generator has not run; then it has.
        var thing = loaded.Path("lib/Thing.cs");
        loaded.Workspace.Open(thing, 1, "[System.Obsolete] public partial class Other { string N => Name; }");
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("lib/Thing.cs")));
        Assert.True(await GenerateAsync(loaded, "lib/Thing.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("lib/Thing.cs")));
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task A_generator_that_fails_or_is_not_built_is_named_once_and_keeps_no_other_from_writing()
    {
        await using var loaded = new LoadedWorkspace();
        Build(loaded, "Words.dll", Words);
        Build(loaded, "apart/Base.dll", "public abstract class Base;");
        Build(loaded, "Broken.dll", Words.Replace(": IIncremental", ": Base, IIncremental", StringComparison.Ordinal), "apart/Base.dll");
        var project = loaded.WriteProject(
            "App.csproj",
            WithWords
                + """<ItemGroup><Analyzer Include="$(MSBuildThisFileDirectory)bin/Gone.dll" /><Analyzer Include="Broken.dll" /></ItemGroup>"""
        );
        loaded.Write("words.txt", "throw");
        var file = loaded.Write(
            "App.cs",
            """
            using System.Text.RegularExpressions;
            partial class App { [GeneratedRegex("a+")] private static partial Regex As(); }
            """
        );
        await loaded.LoadAsync();

        Assert.True(await GenerateAsync(loaded, "App.cs"));
        loaded.Workspace.Open(file, 1, loaded.Take("App.cs").Text + "\n");
        await GenerateAsync(loaded, "App.cs");

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));
        var notices = loaded.Notices.Select(notice => notice.Message).ToList();
        Assert.Equal(3, notices.Count);
        Assert.Contains(
            "The source generator Words failed in App (No word): what it writes there is not known; `dotnet build` tells more.",
            notices
        );
        Assert.Contains(
            $"Gone.dll, which App has code written by, is not there: run `dotnet build {project}`, then what it writes is known after the next start.",
            notices
        );
        Assert.Contains(
            notices,
            notice => notice.StartsWith("Broken, which App has code written by, could not be loaded (", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Running_ends_when_it_is_told_to_and_begins_again()
    {
        await using var loaded = new LoadedWorkspace();
        Build(loaded, "Words.dll", Words);
        loaded.WriteProject("App.csproj", WithWords);
        loaded.Write("words.txt", "Apple");
        loaded.Write("App.cs", "class App { int n = Apple.Length; }");
        await loaded.LoadAsync();
        var project = Assert.Single(loaded.Workspace.Generating([loaded.Path("App.cs")]));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => project.RunAsync(cancelled.Token));
        Assert.True(await project.RunAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App.cs")));
    }

    private static async Task<bool> GenerateAsync(LoadedWorkspace loaded, string document)
    {
        var changed = false;
        foreach (var project in loaded.Workspace.Generating([loaded.Path(document)]))
        {
            changed |= await project.RunAsync(TestContext.Current.CancellationToken);
        }

        return changed;
    }

    private static void Build(LoadedWorkspace loaded, string file, string source, params string[] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        Directory.CreateDirectory(Path.GetDirectoryName(loaded.Path(file))!);
        var built = CSharpCompilation
            .Create(
                Path.GetFileNameWithoutExtension(file),
                [CSharpSyntaxTree.ParseText(source)],
                platform.Concat(references.Select(loaded.Path)).Select(assembly => MetadataReference.CreateFromFile(assembly)),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            )
            .Emit(loaded.Path(file));
        Assert.True(built.Success, string.Join("\n", built.Diagnostics));
    }
}
