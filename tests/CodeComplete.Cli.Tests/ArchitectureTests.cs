using System.Reflection;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary>Holds the arrows of docs/ARCHITECTURE.md: who may know whom, by what the built assemblies refer to.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["CodeComplete.Analysis"] = [],
        ["CodeComplete.Memory"] = [],
        ["CodeComplete.Transformer"] = [],
        ["CodeComplete.Engine"] = ["CodeComplete.Analysis", "CodeComplete.Memory", "CodeComplete.Transformer"],
        ["CodeComplete.Server"] = ["CodeComplete.Engine"],
        ["codecomplete"] = ["CodeComplete.Server", "CodeComplete.Engine"],
    };

    private static readonly Dictionary<string, string> OnlyKnownBy = new(StringComparer.Ordinal)
    {
        ["Microsoft.CodeAnalysis"] = "CodeComplete.Analysis",
        ["LiteDB"] = "CodeComplete.Memory",
        ["Microsoft.ML"] = "CodeComplete.Transformer",
        ["StreamJsonRpc"] = "CodeComplete.Server",
        ["System.CommandLine"] = "codecomplete",
        ["System.Console"] = "codecomplete",
    };

    public static TheoryData<string> Assemblies => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_knows_only_the_layers_below_it(string name)
    {
        var own = References(name).Where(r => Arrows.ContainsKey(r));

        Assert.Empty(own.Except(Arrows[name]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_library_is_known_by_its_layer_alone(string name)
    {
        var foreign =
            from reference in References(name)
            from rule in OnlyKnownBy
            where reference.StartsWith(rule.Key, StringComparison.Ordinal) && rule.Value != name
            select $"{name} refers to {reference}, which is {rule.Value}'s";

        Assert.Empty(foreign);
    }

    [Fact]
    public void Every_project_under_src_is_in_the_drawing()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);

        Assert.Equal(
            Arrows.Keys.Select(a => a == "codecomplete" ? "CodeComplete.Cli" : a).Order(StringComparer.Ordinal),
            projects.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_layer_opens_a_socket_of_its_own(string name)
    {
        // What two of our own processes say to each other goes over Memory's named pipe; Transformer may ask the server that the user names
        // (invariant 4).
        Assert.DoesNotContain(
            References(name),
            r =>
                r is "System.Net.Requests" or "System.Net.Sockets" or "System.Net.WebSockets.Client"
                || (r is "System.Net.Http" && name != "CodeComplete.Transformer")
        );
    }

    [Fact]
    public void One_class_alone_can_speak_to_a_network()
    {
        // BannedSymbols.txt keeps HttpClient from all others at build; a new exception there would show here.
        var files = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f =>
                File.ReadAllText(f) is var text
                && (text.Contains("HttpClient", StringComparison.Ordinal) || text.Contains("SocketsHttpHandler", StringComparison.Ordinal))
            );

        Assert.Equal(["CompletionServer.cs"], files.Select(Path.GetFileName));
    }

    private static IEnumerable<string> References(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!);
}
