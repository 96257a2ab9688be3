using System.Runtime.CompilerServices;

namespace CodeComplete.Testing;

/// <summary>Where things lie in this repository, so that tests run from any output folder.</summary>
public static class Repository
{
    /// <summary>The folder that holds CodeCompleteLsp.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The model that is shipped.</summary>
    public static string Model { get; } = Path.Combine(Root, "models", "csharp-115m");

    /// <summary>The sample solutions.</summary>
    public static string Fixtures { get; } = Path.Combine(Root, "tests", "fixtures");

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(thisFile)! })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "CodeCompleteLsp.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("No folder above the test's output holds CodeCompleteLsp.sln.");
    }
}
