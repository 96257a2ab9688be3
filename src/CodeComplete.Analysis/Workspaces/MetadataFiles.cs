using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>
/// One reference per assembly file in the process, with its XML documentation. Roslyn shares an assembly's symbols between compilations
/// only if they hold the same reference; without this each project would read the framework again.
/// </summary>
internal static class MetadataFiles
{
    private static readonly ConcurrentDictionary<string, (DateTime Written, PortableExecutableReference Reference)> Known = new(
        Paths.Comparer
    );

    /// <returns><see langword="null"/> where the file cannot be read.</returns>
    public static PortableExecutableReference? Get(string path)
    {
        try
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (Known.TryGetValue(path, out var known) && known.Written == written)
            {
                return known.Reference;
            }

            var documentation = Path.ChangeExtension(path, ".xml");
            var reference = MetadataReference.CreateFromFile(
                path,
                documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null
            );
            Known[path] = (written, reference);
            return reference;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null;
        }
    }
}
