namespace CodeComplete.Analysis;

/// <summary>The namespaces that the SDK imports by itself where <c>ImplicitUsings</c> is enabled.</summary>
internal static class ImplicitUsings
{
    private static readonly string[] Base =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly string[] Worker =
    [
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    ];

    private static readonly string[] Web =
    [
        "System.Net.Http.Json",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing",
        .. Worker,
    ];

    /// <param name="sdk">As in <c>Microsoft.NET.Sdk.Web</c>.</param>
    public static IEnumerable<string> Of(string sdk) =>
        sdk switch
        {
            "Microsoft.NET.Sdk.Web" => [.. Base, .. Web],
            "Microsoft.NET.Sdk.Worker" => [.. Base, .. Worker],
            _ => Base,
        };

    /// <summary>The source that imports them, as the SDK would write it. An alias or <c>static</c> is taken as it is.</summary>
    public static string Source(IEnumerable<string> namespaces) =>
        string.Concat(
            namespaces.Select(name => $"global using {(name.Contains(' ', StringComparison.Ordinal) ? name : $"global::{name}")};\n")
        );
}
