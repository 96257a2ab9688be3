using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>One workspace folder's memory as the place where symbols are kept.</summary>
internal sealed class MemorySymbols(string root, ProjectMemory memory) : ISymbolStore
{
    public IReadOnlyList<string> Lacking() => [.. memory.LackingSymbols(bound: true).Select(path => Path.Combine(root, path))];

    public void Put(string path, string text, FileSymbols symbols) =>
        memory.PutSymbols(Path.GetRelativePath(root, path).Replace('\\', '/'), text, symbols);
}
