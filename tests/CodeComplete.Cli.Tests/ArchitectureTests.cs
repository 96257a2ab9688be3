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
        // What two of our own processes say to each other goes over Memory's named pipe; nothing here speaks to a network (invariant 4).
        Assert.DoesNotContain(
            References(name),
            r => r is "System.Net.Http" or "System.Net.Requests" or "System.Net.Sockets" or "System.Net.WebSockets.Client"
        );
    }

    private static IEnumerable<string> References(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!);
}
