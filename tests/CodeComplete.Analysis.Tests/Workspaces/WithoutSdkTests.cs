using System.Collections.Concurrent;
using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>Where MSBuild cannot run, or must not, the project files' own XML has to do.</summary>
public sealed class WithoutSdkTests
{
    [Fact]
    public async Task Without_an_sdk_projects_are_read_as_far_as_their_xml_goes()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "Lib/Lib.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""
        );
        folder.Write("Lib/Lib.cs", "public class Lib;");
        folder.Write(
            "App/App.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><ProjectReference Include="..\Lib\Lib.csproj" /><Using Include="System.Text" /></ItemGroup>
            </Project>
            """
        );
        var file = folder.Write("App/Program.cs", "Console.WriteLine(new Lib()); new StringBuilder().Append(new Other());");
        folder.Write("App/sub/Other.cs", "class Other;");
        folder.Write("App/obj/Generated.cs", "class Other;");
        var notices = new ConcurrentQueue<WorkspaceNotice>();
        await using var workspace = new CodeWorkspace(
            new WorkspaceOptions { Folders = [folder.Path] },
            (_, _, _, _, _, _) => throw new InvalidOperationException("No 'dotnet' here.\nTry elsewhere.")
        );
        workspace.Noticed += notices.Enqueue;

        await workspace.LoadAsync(file, CancellationToken.None);
        await workspace.WhenLoaded(file, CancellationToken.None);

        var snapshot = workspace.Take(file)!;
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.False(snapshot.IsProjectLoaded);
        Assert.True(snapshot.HasMissingReferences);
        Assert.Equal(3, workspace.SourceFiles.Count);
        Assert.Equal(
            [
                new WorkspaceNotice(
                    true,
                    "The .NET SDK could not be run to read the projects (No 'dotnet' here): install it; until then only their source files are known."
                ),
            ],
            notices
        );
    }

    [Fact]
    public void Of_a_self_contained_program_only_the_framework_is_referred_to()
    {
        using var folder = new TemporaryFolder();
        var contained = folder.Write(
            "tool.deps.json",
            """
            {"targets":{".NETCoreApp,Version=v10.0":{},".NETCoreApp,Version=v10.0/linux-x64":{
              "tool/1.0.0":{"runtime":{"tool.dll":{}}},
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12":{"runtime":{"System.Runtime.dll":{},"lib/System.Linq.dll":{}},"native":{"libcoreclr.so":{}}},
              "LiteDB/5.0.20":{"runtime":{"lib/netstandard2.0/LiteDB.dll":{}}}}}}
            """
        );
        var dependent = folder.Write(
            "other.deps.json",
            """{"targets":{".NETCoreApp,Version=v10.0":{"LiteDB/5.0.20":{"runtime":{"LiteDB.dll":{}}}}}}"""
        );

        Assert.Equal(["System.Linq.dll", "System.Runtime.dll"], FrameworkReferences.RuntimePack($"{contained};{dependent}").Order());
        Assert.Empty(FrameworkReferences.RuntimePack($"{dependent};{folder.Path}/none.json"));
        Assert.Empty(FrameworkReferences.RuntimePack(""));
    }

    [Fact]
    public async Task A_project_that_needs_an_sdk_package_is_not_evaluated_before_the_user_restores_it()
    {
        await using var loaded = new LoadedWorkspace();
        var project = loaded.Write("A/A.csproj", """<Project Sdk="Some.Missing.Sdk/9.9.9" />""");
        loaded.Write("A/A.cs", "class A { B b; }");
        loaded.Write("A/B.cs", "class B;");

        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A/A.cs")));
        Assert.False(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.Equal(
            [new WorkspaceNotice(false, $"{project} needs the SDK package Some.Missing.Sdk 9.9.9: run `dotnet restore {project}`.")],
            loaded.Notices
        );
    }

    [Fact]
    public async Task A_project_of_the_old_kind_that_cannot_be_built_here_is_said_once_and_still_answers()
    {
        await using var loaded = new LoadedWorkspace();
        var project = loaded.Write(
            "Old.csproj",
            """
            <Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
              <PropertyGroup><OutputType>Library</OutputType><TargetFrameworkVersion>v4.0</TargetFrameworkVersion></PropertyGroup>
              <ItemGroup><Compile Include="Q.cs" /></ItemGroup>
              <Import Project="$(MSBuildToolsPath)\Microsoft.CSharp.targets" />
            </Project>
            """
        );
        loaded.Write("Q.cs", "class Q { System.Collections.Generic.List<int> x; }");

        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Q.cs")));
        Assert.True(loaded.Take("Q.cs").HasMissingReferences);
        Assert.StartsWith(project, Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }
}
