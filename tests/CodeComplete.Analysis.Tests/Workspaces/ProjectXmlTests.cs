using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>What is read from project files without MSBuild.</summary>
public sealed class ProjectXmlTests
{
    [Fact]
    public void A_project_and_the_build_files_above_it_are_read_together()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "Directory.Build.props",
            """
            <Project>
              <PropertyGroup><TargetFramework>net9.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup><PackageReference Include="Everywhere" /><PackageReference Include="Analyzers" PrivateAssets="all" /></ItemGroup>
            </Project>
            """
        );
        var file = folder.Write(
            "src/App.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><LangVersion>$(Lang)</LangVersion><ImplicitUsings>true</ImplicitUsings></PropertyGroup>
              <ItemGroup Condition="'$(X)' == ''"><PackageReference Include="Maybe" /></ItemGroup>
              <ItemGroup>
                <PackageReference Include="Here"><PrivateAssets>none</PrivateAssets></PackageReference>
                <PackageReference Include="Tool"><PrivateAssets>All</PrivateAssets></PackageReference>
                <ProjectReference Include="..\lib\Lib.csproj" />
                <ProjectReference Include="..\gen\Gen.csproj" ReferenceOutputAssembly="false" />
                <Using Include="System.Text" />
                <Using Include="System.Math" Static="true" />
                <Using Include="System.Text.Json.JsonSerializer" Alias="Json" />
              </ItemGroup>
            </Project>
            """
        );

        var xml = ProjectXml.Read(file);

        Assert.Equal("Microsoft.NET.Sdk.Web", xml.Sdk);
        Assert.Equal(["net10.0"], xml.Frameworks);
        Assert.Equal("enable", xml.Property("Nullable"));
        Assert.Null(xml.Property("LangVersion"));
        Assert.True(xml.HasImplicitUsings);
        Assert.Equal(["Here", "Everywhere"], xml.Packages);
        Assert.Equal([Path.Combine(folder.Path, "lib", "Lib.csproj")], xml.ProjectReferences);
        Assert.Equal(["System.Text", "static System.Math", "Json = global::System.Text.Json.JsonSerializer"], xml.Usings);
        Assert.False(xml.ListsSources);
    }

    [Theory]
    [InlineData("""<Project Sdk="A/1.0;B" />""", "A 1.0, B ")]
    [InlineData("""<Project><Import Project="Sdk.props" Sdk="A" /><Sdk Name="B" Version="2" /></Project>""", "A , B 2")]
    [InlineData("""<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003" />""", "")]
    public void Every_way_to_name_an_sdk_is_read(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var xml = ProjectXml.Read(folder.Write("A.csproj", text));

        Assert.Equal(expected, string.Join(", ", xml.Sdks.Select(sdk => $"{sdk.Name} {sdk.Version}")));
    }

    [Fact]
    public void An_sdk_package_that_would_have_to_be_fetched_is_found()
    {
        using var folder = new TemporaryFolder();
        folder.Write("global.json", """{ "msbuild-sdks": { "Pinned.Sdk": "3.0.0" } /* as NuGet allows */, }""");

        Assert.Null(Missing("""<Project Sdk="Microsoft.NET.Sdk" />"""));
        Assert.Null(Missing("""<Project Sdk="Unversioned.Sdk" />"""));
        Assert.Equal("Some.Sdk 1.2.3", Missing("""<Project Sdk="Some.Sdk/1.2.3" />"""));
        Assert.Equal("Pinned.Sdk 3.0.0", Missing("""<Project Sdk="Microsoft.NET.Sdk"><Sdk Name="Pinned.Sdk" /></Project>"""));

        string? Missing(string text) => SdkPackages.Missing(ProjectXml.Read(folder.Write("A.csproj", text)));
    }

    [Theory]
    [InlineData("a:b b:c c:", null)]
    [InlineData("a:b b:a", "a b a")]
    [InlineData("a:a", "a a")]
    [InlineData("x:a a:b b:c c:a", "a b c a")]
    [InlineData("a:b,c b:d c:d d:", null)] // two ways to one project are no circle
    [InlineData("a:gone", null)]
    public void A_circle_of_projects_is_found(string references, string? circle)
    {
        var graph = references
            .Split(' ')
            .Select(line => line.Split(':'))
            .ToDictionary(line => line[0], line => line[1].Split(',', StringSplitOptions.RemoveEmptyEntries).ToList());

        Assert.Equal(circle?.Split(' '), ProjectCircle.Find(graph));
    }

    [Theory]
    [InlineData("netstandard2.0 net8.0 net10.0", null, "net10.0")]
    [InlineData("net48 netstandard2.0", null, "netstandard2.0")]
    [InlineData("net10.0-windows net10.0 net9.0", null, "net10.0")]
    [InlineData("netcoreapp3.1 net48 net481", null, "netcoreapp3.1")]
    [InlineData("net10.0 net8.0", "NET8.0", "net8.0")]
    [InlineData("net10.0 net8.0", "net9.0", "net10.0")]
    public void Of_the_frameworks_one_is_chosen(string frameworks, string? wanted, string chosen)
    {
        var all = frameworks.Split(' ');

        Assert.Equal(chosen, all[TargetFrameworks.Choose(all, wanted)]);
    }
}
