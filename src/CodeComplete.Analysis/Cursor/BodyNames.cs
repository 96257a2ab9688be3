using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>The names in a body, by binding it up to the cursor.</summary>
/// <param name="document">For what stands behind the cursor.</param>
/// <param name="context">The cursor.</param>
/// <param name="isTrusted">All that the project refers to is there: a name that is not known does not exist.</param>
internal sealed class BodyNames(SpeculativeScope scope, SyntaxTree document, CursorContext context, bool isTrusted) : NameLookup(context)
{
    private readonly ScopeNames _scopeNames = new();

    public override void Prepare()
    {
        if (isTrusted && scope.Bind(Placeholder) is { } binding && binding.Cursor < binding.Root.FullSpan.End)
        {
            _scopeNames.LookUp(binding.Model, binding.Cursor);
        }
    }

    protected override IReadOnlyCollection<string>? Behind(string stem)
    {
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

        return MemberNames.ReceiverOf(name) is not null ? Members(binding.Model, name, stem)
            : isTrusted ? _scopeNames.Of(binding, name)
            : null;
    }

    private IReadOnlyCollection<string>? Members(SemanticModel model, SimpleNameSyntax name, string written)
    {
        var names = MemberNames.Of(model, name);
        if (names is null || HandledCases.Of(name, document, Context.Offset, written) is not { Count: > 0 } handled)
        {
            return names;
        }

        // Where all are handled, the compiler says so best.
        var left = names.Except(handled, StringComparer.Ordinal).ToList();
        return left.Count > 0 ? left : names;
    }
}
