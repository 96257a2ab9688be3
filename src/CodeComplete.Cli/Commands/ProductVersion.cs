using System.Reflection;

namespace CodeComplete.Cli.Commands;

/// <summary>The one version: of <c>--version</c>, of <c>initialize</c> and of the packages.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
