namespace CodeComplete.Analysis.Tests;

/// <summary>A snapshot of one source text, with the framework's references and without MSBuild: for tests of what stands on snapshots.</summary>
internal static class SingleFile
{
    public const string Path = "untitled:Test.cs";

    /// <param name="source">The text of the file.</param>
    /// <param name="others">Texts of more files of the same project.</param>
    public static DocumentSnapshot Snapshot(string source, params string[] others)
    {
        var workspace = Workspace(source, others);
        return workspace.Take(Path) ?? throw new InvalidOperationException("An open buffer always has a snapshot.");
    }

    /// <summary>The same, where the test goes on editing <see cref="Path"/>.</summary>
    public static CodeWorkspace Workspace(string source, params string[] others)
    {
        var workspace = CodeWorkspace.InMemory([(Path, source), .. others.Select((text, i) => ($"untitled:Other{i}.cs", text))]);
        workspace.Open(Path, version: 1, source);
        return workspace;
    }
}
