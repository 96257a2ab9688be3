using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>Which names may be written at the end of a text that follows the cursor.</summary>
internal abstract class NameLookup
{
    // Stands for the name that is still to be written, so that `a.` parses as a member access and `a.b` binds only `a`.
    protected const string Placeholder = "__name__";

    protected NameLookup(CursorContext context) => Context = context;

    protected CursorContext Context { get; }

    /// <summary>Looks up what is in scope, so that the first question about it need not wait.</summary>
    public abstract void Prepare();

    /// <param name="written">The text behind the cursor; the part of a name that it ends with counts for nothing.</param>
    /// <returns>
    /// <see langword="null"/> where anything goes: no name, a name being declared, or a receiver that the compiler does not know. No name at all where lambdas
    /// are nested so deeply that the compiler is not asked.
    /// </returns>
    public VisibleNames? At(string written)
    {
        var length = TrailingIdentifier(written);
        var stem = written[..^length];
        return (LambdaNesting.IsTooDeep(stem) ? [] : Behind(stem)) is { } names
            ? new VisibleNames(length == written.Length ? -Context.TypedName.Length : stem.Length, names)
            : null;
    }

    /// <param name="stem">What stands between the cursor, or the name that is typed there, and the name.</param>
    protected abstract IReadOnlyCollection<string>? Behind(string stem);

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
