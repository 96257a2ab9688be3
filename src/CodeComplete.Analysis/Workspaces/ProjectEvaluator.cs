using System.Collections.Immutable;
using System.Security;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.MSBuild;

namespace CodeComplete.Analysis;

/// <summary>What one run of MSBuild gave.</summary>
/// <param name="Infos">As Roslyn's loader describes them, projects that the asked ones refer to included.</param>
/// <param name="Failures">What the loader complained about, in its own words.</param>
internal sealed record Evaluation(ImmutableArray<ProjectInfo> Infos, IReadOnlyList<string> Failures);

/// <summary>A way to evaluate projects: <see cref="ProjectEvaluator.EvaluateAsync"/>, or, in a test, one that fails.</summary>
internal delegate Task<Evaluation> Evaluate(
    Workspace services,
    IReadOnlyCollection<string> files,
    string? solution,
    IEnumerable<Project> known,
    Action<string> evaluated,
    CancellationToken cancellation
);

/// <summary>
/// Has MSBuild evaluate projects, in a process of its own (Roslyn's BuildHost). It runs a design-time build: nothing is compiled, nothing
/// restored.
/// </summary>
internal static class ProjectEvaluator
{
    static ProjectEvaluator()
    {
        // The BuildHost inherits our environment; there is no other way to reach it. Telemetry would be a connection to the outside
        // (invariant 4), and a process that stays behind holds files of the user's project.
        foreach (
            var (name, value) in new[]
            {
                ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
                ("MSBUILD_TELEMETRY_OPTOUT", "1"),
                ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
                ("MSBUILDDISABLENODEREUSE", "1"),
                ("MSBUILDTERMINALLOGGER", "off"),
                ("DOTNET_NOLOGO", "1"),
            }
        )
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <param name="services">Only lends Roslyn's services; nothing is added to it.</param>
    /// <param name="files">The projects to evaluate.</param>
    /// <param name="solution">The solution file that names them: many projects use <c>$(SolutionDir)</c>.</param>
    /// <param name="known">Projects that need no evaluation when another refers to them.</param>
    /// <param name="evaluated">Told the path of each project when it is done.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    /// <exception cref="Exception">The BuildHost could not be started, or died; the message says why.</exception>
    public static async Task<Evaluation> EvaluateAsync(
        Workspace services,
        IReadOnlyCollection<string> files,
        string? solution,
        IEnumerable<Project> known,
        Action<string> evaluated,
        CancellationToken cancellation
    )
    {
        var failures = new List<string>();
        using var listening = services.RegisterWorkspaceFailedHandler(failed =>
        {
            if (failed.Diagnostic.Kind == WorkspaceDiagnosticKind.Failure)
            {
                lock (failures)
                {
                    failures.Add(failed.Diagnostic.Message);
                }
            }
        });

        var properties = ImmutableDictionary<string, string>.Empty;
        if (solution is not null)
        {
            properties = properties
                .Add("SolutionDir", Path.GetDirectoryName(solution) + Path.DirectorySeparatorChar)
                .Add("SolutionPath", solution)
                .Add("SolutionName", Path.GetFileNameWithoutExtension(solution));
        }

        var map = ProjectMap.Create();
        foreach (var project in known)
        {
            map.Add(project);
        }

        // The loader starts a BuildHost for each call, which costs more than most projects do. One project that refers to all of them
        // makes it one call, and, unlike loading a solution, it takes the projects that are known already and a failure ends nothing.
        var folder = Directory.CreateTempSubdirectory("codecomplete-");
        try
        {
            var all = Path.Combine(folder.FullName, "all.csproj");
            await File.WriteAllTextAsync(all, Together(files), cancellation);
            var infos = await new MSBuildProjectLoader(services, properties).LoadProjectInfoAsync(
                all,
                map,
                new Progress(file =>
                {
                    if (file != all)
                    {
                        evaluated(file);
                    }
                }),
                msbuildLogger: null,
                cancellation
            );
            lock (failures)
            {
                return new Evaluation([.. infos.Where(info => info.FilePath != all)], [.. failures]);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// No SDK, so that it costs nothing and inherits nothing; the empty framework is by what the loader knows a project for .NET; the targets
    /// are the two that a design-time build calls.
    /// </summary>
    private static string Together(IEnumerable<string> files)
    {
        var references = files.Select(file => $"""<ProjectReference Include="{Escape(file)}" ReferenceOutputAssembly="false" />""");
        return $"""
            <Project>
              <PropertyGroup><TargetFramework /></PropertyGroup>
              <ItemGroup>{string.Concat(references)}</ItemGroup>
              <Target Name="Compile" />
              <Target Name="CoreCompile" />
            </Project>
            """;
    }

    /// <summary>For MSBuild, which would take <c>%</c>, <c>$</c>, <c>@</c>, <c>;</c> and wildcards for its own, and then for XML.</summary>
    private static string Escape(string path)
    {
        var escaped = path.Replace("%", "%25", StringComparison.Ordinal);
        foreach (var special in "$@;'()*?")
        {
            escaped = escaped.Replace($"{special}", $"%{(int)special:X2}", StringComparison.Ordinal);
        }

        return SecurityElement.Escape(escaped);
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it calls at once and in order.</summary>
    private sealed class Progress(Action<string> evaluated) : IProgress<ProjectLoadProgress>
    {
        public void Report(ProjectLoadProgress value)
        {
            if (value.Operation == ProjectLoadOperation.Build)
            {
                evaluated(value.FilePath);
            }
        }
    }
}
