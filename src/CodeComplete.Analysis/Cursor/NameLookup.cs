using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>Which names may be written at the end of a text that follows the cursor, by binding what stands before.</summary>
/// <param name="document">For what stands behind the cursor.</param>
/// <param name="context">The cursor.</param>
/// <param name="isTrusted">All that the project refers to is there: a name that is not known does not exist.</param>
internal sealed class NameLookup(SpeculativeScope scope, SyntaxTree document, CursorContext context, bool isTrusted)
{
    // Stands for the name that is still to be written, so that `a.` parses as a member access and `a.b` binds only `a`.
    private const string Placeholder = "__name__";

    private readonly ScopeNames _scopeNames = new();

    /// <summary>Looks up what is in scope, so that the first question about it need not wait.</summary>
    public void Prepare()
    {
        if (isTrusted && scope.Bind(Placeholder) is { } binding && binding.Cursor < binding.Root.FullSpan.End)
        {
            _scopeNames.LookUp(binding.Model, binding.Cursor);
        }
    }

    /// <param name="written">The text behind the cursor; the part of a name that it ends with counts for nothing.</param>
    /// <returns><see langword="null"/> where anything goes: no name, a name being declared, or a receiver that the compiler does not know.</returns>
    public VisibleNames? At(string written)
    {
        var nameLength = TrailingIdentifier(written);
        var startsBefore = nameLength == written.Length;
        var stem = written[..^nameLength];
        if (scope.Bind(stem + Placeholder) is not { } binding)
        {
            return null;
        }

        var end = binding.Cursor + stem.Length;
        if (end >= binding.Root.FullSpan.End)
        {
            return null;
        }

        var token = binding.Root.FindToken(end);
        if (token.Parent is not SimpleNameSyntax name || !token.ValueText.EndsWith(Placeholder, StringComparison.Ordinal))
        {
            return null;
        }

        var names = MemberNames.ReceiverOf(name) is null
            ? isTrusted
                ? _scopeNames.Of(binding, name)
                : null
            : Members(binding.Model, name, stem);
        return names is null ? null : new VisibleNames(startsBefore ? -context.TypedName.Length : stem.Length, names);
    }

    private IReadOnlyCollection<string>? Members(SemanticModel model, SimpleNameSyntax name, string written)
    {
        var names = MemberNames.Of(model, name);
        if (names is null || HandledCases.Of(name, document, context.Offset, written) is not { Count: > 0 } handled)
        {
            return names;
        }

        // Where all are handled, the compiler says so best.
        var left = names.Except(handled, StringComparer.Ordinal).ToList();
        return left.Count > 0 ? left : names;
    }

    private static int TrailingIdentifier(string text)
    {
        var length = 0;
        while (length < text.Length && SyntaxFacts.IsIdentifierPartCharacter(text[text.Length - 1 - length]))
        {
            length++;
        }

        return length;
    }
}
