using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// Projects for code without one, with what <c>dotnet new console</c> would give it: the newest framework and language, implicit usings,
/// nullable on.
/// </summary>
internal static class LooseProjects
{
    public static CSharpParseOptions ParseOptions { get; } =
        new(
            LanguageVersion.Latest,
            DocumentationMode.Parse,
            preprocessorSymbols: ["DEBUG", "TRACE", "NET", $"NET{Environment.Version.Major}_0"]
        );

    /// <summary>A file without a project may be a program of its own (<c>dotnet run app.cs</c>), which begins with directives like <c>#:package</c>.</summary>
    private static CSharpParseOptions FileBased { get; } =
        ParseOptions.WithFeatures([.. ParseOptions.Features, KeyValuePair.Create("FileBasedProgram", "true")]);

    /// <summary>An executable, since a library may hold no top-level statements; unsafe, since nobody said that it is not.</summary>
    public static CSharpCompilationOptions CompilationOptions { get; } =
        new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);

    public static ProjectModel ForFile(string path) => Create(new ProjectKey(path), Path.GetFileNameWithoutExtension(path), [path]);

    public static ProjectModel ForFolder(string folder, ImmutableArray<string> sources) =>
        Create(new ProjectKey(folder), Path.GetFileName(folder), sources);

    private static ProjectModel Create(ProjectKey key, string name, ImmutableArray<string> sources) =>
        new()
        {
            Key = key,
            Name = name,
            AssemblyName = name.Length > 0 ? name : "Loose",
            Origin = ProjectOrigin.Loose,
            CompilationOptions = CompilationOptions,
            ParseOptions = FileBased,
            Sources = sources,
            MemorySources = [new MemorySource("ImplicitUsings.g.cs", ImplicitUsings.Source(ImplicitUsings.Of("Microsoft.NET.Sdk")))],
            References = FrameworkReferences.For(framework: null, web: false),
        };
}
