using System.Text;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis.Tests;

/// <summary>What MSBuild said of the projects is there at the next start, before MSBuild is.</summary>
public sealed class RememberedProjectsTests : IClassFixture<RememberedProjectsTests.Remembered>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Remembered _before;

    public RememberedProjectsTests(Remembered before) => _before = before;

    [Fact]
    public async Task Projects_are_there_before_msbuild_has_run()
    {
        await using var workspace = Start();
        await workspace.LoadAsync(null, None);

        var snapshot = workspace.Take(_before.Path("App/Program.cs"))!;
        Assert.True(snapshot.IsProjectLoaded);
        Assert.False(snapshot.HasMissingReferences);
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.Equal(_before.Sources, workspace.SourceFiles);
        // Nothing is kept that was not said again.
        Assert.Null(workspace.Remember(None));
    }

    [Fact]
    public async Task The_compiler_is_told_the_same()
    {
        await using var workspace = Start();
        await workspace.LoadAsync(null, None);
        foreach (var file in new[] { "App/Program.cs", "Lib/Lib.cs", "Many/Many.cs" })
        {
            var (was, now) = (_before.Take(file).Document.Project, workspace.Take(_before.Path(file))!.Document.Project);

            Assert.Equal(was.Name, now.Name);
            Assert.Equal(was.AssemblyName, now.AssemblyName);
            Assert.Equal(was.OutputFilePath, now.OutputFilePath);
            Assert.Equal(Properties(was.ParseOptions!), Properties(now.ParseOptions!));
            Assert.Equal(Properties(was.CompilationOptions!), Properties(now.CompilationOptions!));
            Assert.Equal(was.MetadataReferences, now.MetadataReferences);
            Assert.Equal(was.AnalyzerConfigDocuments.Select(d => d.FilePath), now.AnalyzerConfigDocuments.Select(d => d.FilePath));
        }
    }

    [Fact]
    public async Task What_msbuild_says_again_leaves_what_the_compiler_knows()
    {
        var quiet = new TaskCompletionSource();
        await using var workspace = new CodeWorkspace(Options(_before.Folder, _before.Bytes, quiet.Task));
        await workspace.LoadAsync(null, None);
        var trusted = workspace.Take(_before.Path("App/Program.cs"))!.Document;
        Assert.Empty(workspace.Generating([_before.Path("App/Program.cs")]));

        var evaluated = ReadyAgain(workspace);
        quiet.SetResult();
        await evaluated;

        Assert.Same(trusted, workspace.Take(_before.Path("App/Program.cs"))!.Document);
        // What only the evaluation knows has come all the same.
        Assert.NotEmpty(workspace.Generating([_before.Path("App/Program.cs")]));
        Assert.Equal(Encoding.UTF8.GetString(_before.Bytes), Encoding.UTF8.GetString(workspace.Remember(None)!));
    }

    [Fact]
    public async Task What_msbuild_says_otherwise_counts()
    {
        // What a project imports from elsewhere is not looked for before MSBuild does.
        await using var first = new LoadedWorkspace();
        first.Write("build/my.props", "<Project><PropertyGroup><DefineConstants>OLD</DefineConstants></PropertyGroup></Project>");
        first.WriteProject("A/A.csproj", """<Import Project="../build/my.props" />""");
        first.Write("A/A.cs", "class A;");
        await first.LoadAsync();
        var bytes = first.Workspace.Remember(None);
        first.Write("build/my.props", "<Project><PropertyGroup><DefineConstants>NEW</DefineConstants></PropertyGroup></Project>");

        var quiet = new TaskCompletionSource();
        await using var second = new CodeWorkspace(Options(first.Folder, bytes, quiet.Task));
        await second.LoadAsync(null, None);
        Assert.Contains("OLD", Symbols());

        var evaluated = ReadyAgain(second);
        quiet.SetResult();
        await evaluated;

        Assert.Contains("NEW", Symbols());
        Assert.DoesNotContain("OLD", Symbols());

        IEnumerable<string> Symbols() => second.Take(first.Path("A/A.cs"))!.Document.Project.ParseOptions!.PreprocessorSymbolNames;
    }

    [Fact]
    public async Task Sources_that_came_and_went_meanwhile_are_seen()
    {
        await using var first = new LoadedWorkspace();
        first.WriteProject("A/A.csproj", """<ItemGroup><None Include="notes.txt" /></ItemGroup>""");
        first.Write("A/A.cs", "class A { B b; }");
        var gone = first.Write("A/B.cs", "class B;");
        await first.LoadAsync();
        var bytes = first.Workspace.Remember(None);
        File.Delete(gone);
        var come = first.Write("A/sub/C.cs", "class B;");
        first.Write("A/obj/D.cs", "class B;");

        await using var second = new CodeWorkspace(Options(first.Folder, bytes, Never));
        await second.LoadAsync(null, None);

        Assert.Empty(await Semantics.ErrorsAsync(second.Take(first.Path("A/A.cs"))!));
        Assert.Equal([first.Path("A/A.cs"), come], second.SourceFiles);
    }

    [Fact]
    public async Task A_source_that_a_project_leaves_out_stays_out()
    {
        await using var workspace = Start();
        await workspace.LoadAsync(null, None);

        Assert.DoesNotContain(_before.Path("Lib/Out.cs"), workspace.SourceFiles);
    }

    [Theory]
    [InlineData("App/App.csproj")]
    [InlineData("Lib/Lib.csproj")]
    [InlineData("Directory.Build.props")]
    [InlineData("App/obj/project.assets.json")]
    public async Task What_a_project_is_made_from_has_changed_so_msbuild_is_waited_for(string changed)
    {
        var file = new FileInfo(_before.Path(changed));
        var text = file.Exists ? await File.ReadAllTextAsync(file.FullName, None) : null;
        var written = file.LastWriteTimeUtc;
        Assert.True(await IsTrustedAsync());

        file.Directory!.Create();
        await File.WriteAllTextAsync(file.FullName, (text ?? "<Project />") + "\n", None);

        // The program is made from its library's project, too.
        Assert.False(await IsTrustedAsync());
        if (text is null)
        {
            file.Delete();
        }
        else
        {
            await File.WriteAllTextAsync(file.FullName, text, None);
            file.LastWriteTimeUtc = written;
        }

        Assert.True(await IsTrustedAsync());
    }

    [Fact]
    public async Task What_another_version_wrote_or_a_fault_damaged_is_not_trusted()
    {
        var text = Encoding.UTF8.GetString(_before.Bytes);
        foreach (
            var bytes in new[] { text.Replace("\"writer\":\"1 ", "\"writer\":\"0 ", StringComparison.Ordinal), text[..^2], "null", "" }
        )
        {
            Assert.NotEqual(text, bytes);
            await using var workspace = new CodeWorkspace(
                new WorkspaceOptions { Folders = [_before.Folder], Remembered = () => Encoding.UTF8.GetBytes(bytes) },
                (_, _, _, _, _, _) => throw new InvalidOperationException("no SDK")
            );
            await workspace.LoadAsync(null, None);
            Assert.False(workspace.Take(_before.Path("App/Program.cs"))!.IsProjectLoaded);
        }
    }

    private static Task Never => new TaskCompletionSource().Task;

    private CodeWorkspace Start() => new(Options(_before.Folder, _before.Bytes, Never));

    private static WorkspaceOptions Options(string folder, byte[]? remembered, Task quiet) =>
        new()
        {
            Folders = [folder],
            Remembered = () => remembered,
            Quiet = token => new ValueTask(quiet.WaitAsync(token)),
        };

    private static Task ReadyAgain(CodeWorkspace workspace)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        workspace.Progressed += progress =>
        {
            if (progress.State == LoadState.Ready)
            {
                ready.TrySetResult();
            }
        };
        return ready.Task;
    }

    /// <summary>All that the public properties say, but for what looks for files.</summary>
    private static List<string> Properties(object options) =>
        [
            .. options
                .GetType()
                .GetProperties()
                .Where(property =>
                    !property.Name.EndsWith("Resolver", StringComparison.Ordinal) && property.GetIndexParameters().Length == 0
                )
                .Select(property =>
                    $"{property.Name}: {(property.GetValue(options) is System.Collections.IEnumerable many and not string ? string.Join(' ', many.Cast<object>().Select(one => one.ToString()).Order(StringComparer.Ordinal)) : property.GetValue(options))}"
                ),
        ];

    private async Task<bool> IsTrustedAsync()
    {
        await using var workspace = new CodeWorkspace(
            Options(_before.Folder, _before.Bytes, Never),
            (_, _, _, _, _, _) => throw new InvalidOperationException("no SDK")
        );
        await workspace.LoadAsync(null, None);
        return workspace.Take(_before.Path("App/Program.cs"))!.IsProjectLoaded;
    }

    /// <summary>Three projects, loaded once: a program, a library with settings of its own, and one for several frameworks.</summary>
    public sealed class Remembered : IAsyncLifetime
    {
        private readonly LoadedWorkspace _loaded = new();

        public byte[] Bytes { get; private set; } = [];

        public string Folder => _loaded.Folder;

        internal IReadOnlyList<string> Sources => _loaded.Workspace.SourceFiles;

        public string Path(string relative) => _loaded.Path(relative);

        internal DocumentSnapshot Take(string relative) => _loaded.Take(relative);

        public async ValueTask InitializeAsync()
        {
            _loaded.WriteProject(
                "Lib/Lib.csproj",
                """
                <PropertyGroup>
                  <AllowUnsafeBlocks>true</AllowUnsafeBlocks><CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
                  <LangVersion>preview</LangVersion><Features>strict</Features><NoWarn>CS1591;CS8618</NoWarn><WarningsAsErrors>CS0168</WarningsAsErrors>
                  <WarningLevel>3</WarningLevel><DefineConstants>$(DefineConstants);MINE</DefineConstants><Optimize>true</Optimize>
                  <AssemblyOriginatorKeyFile>my.snk</AssemblyOriginatorKeyFile><SignAssembly>true</SignAssembly><DelaySign>true</DelaySign>
                </PropertyGroup>
                <ItemGroup><Compile Remove="Out.cs" /></ItemGroup>
                """
            );
            _loaded.Write("Lib/Lib.cs", "public class Lib { public unsafe int* At; }");
            _loaded.Write("Lib/Out.cs", "public class Lib { this is not compiled }");
            _loaded.WriteProject(
                "App/App.csproj",
                """<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="../Lib/Lib.csproj" Aliases="global,Other" /></ItemGroup>"""
            );
            _loaded.Write("App/Program.cs", "extern alias Other; Console.WriteLine(new Lib()); Console.WriteLine(new Other::Lib());");
            _loaded.WriteProject("Many/Many.csproj", framework: "<TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>");
            _loaded.Write("Many/Many.cs", "class Many;");
            await _loaded.LoadAsync();
            Assert.Empty(await Semantics.ErrorsAsync(Take("App/Program.cs")));
            Bytes = _loaded.Workspace.Remember(None)!;
        }

        public ValueTask DisposeAsync() => _loaded.DisposeAsync();
    }
}
