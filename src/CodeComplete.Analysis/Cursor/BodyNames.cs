using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>The names in a body, by binding it up to the cursor.</summary>
/// <param name="document">For what stands behind the cursor.</param>
/// <param name="context">The cursor.</param>
/// <param name="isTrusted">All that the project refers to is there: a name that is not known does not exist.</param>
internal sealed partial class BodyNames(SpeculativeScope scope, SyntaxTree document, CursorContext context, bool isTrusted)
    : NameLookup(context)
{
    // So many characters say whether a lambda begins.
    private const int MostBefore = 80;

    private readonly ScopeNames _scopeNames = new(scope.LaterFunctions);

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
            : isTrusted && !BeginsLambda(stem) ? _scopeNames.Of(binding, name)
            : null;
    }

    /// <summary>The parser does not yet know that a lambda begins there, whose parameters are new names.</summary>
    private bool BeginsLambda(string stem)
    {
        var from = Math.Max(0, Context.NameStart - MostBefore);
        var before = document.GetText().ToString(TextSpan.FromBounds(from, Context.NameStart)) + stem;
        return LambdaStart.IsMatch(before);
    }

    // `static` or `async`, and what parameters there may be.
    [GeneratedRegex(
        @"[(,=>]\s*(static\s+async|async\s+static|static|async)\s*(\([^()]*)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LambdaStart { get; }

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
