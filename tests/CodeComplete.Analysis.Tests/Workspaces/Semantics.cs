using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis.Tests;

/// <summary>What the compiler says about a snapshot.</summary>
internal static class Semantics
{
    public static async Task<IReadOnlyList<string>> ErrorsAsync(DocumentSnapshot snapshot)
    {
        var model = await snapshot.Document.GetSemanticModelAsync();
        return
        [
            .. model!
                .GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(error => error.ToString()),
        ];
    }
}
