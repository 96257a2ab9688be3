using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// The first, cheap step of verification: binds a candidate speculatively and rejects what does not bind. It can only reject, never
/// accept, since a speculative model has no diagnostics.
/// </summary>
internal static class Sieve
{
    /// <param name="mayGoOn">The next line may go on with what the candidate ends with (<c>new Builder()</c>, then <c>.Build()</c>).</param>
    /// <returns>What surely does not compile in the candidate, for people; <see langword="null"/> where nothing was found.</returns>
    public static string? Objection(SpeculativeScope? scope, string candidate, bool mayGoOn = false)
    {
        if (LambdaNesting.IsTooDeep(candidate))
        {
            return "its lambdas are nested too deeply";
        }

        // A local function may stand below the cursor, where the scope does not reach.
        if (
            scope is null
            || scope.LaterFunctions.Any(name => candidate.Contains(name, StringComparison.Ordinal))
            || scope.Bind(OpensBraces(candidate) ? candidate + "{" : candidate) is not { } binding
        )
        {
            return null;
        }

        var end = binding.Cursor + candidate.Length;
        foreach (var node in binding.Root.DescendantNodes())
        {
            if (node.Span.End <= binding.Cursor || node.SpanStart >= end || node.Span.IsEmpty)
            {
                continue;
            }

            var rejects = node switch
            {
                SimpleNameSyntax name => RejectsName(binding.Model, name),
                InvocationExpressionSyntax { ArgumentList.CloseParenToken.IsMissing: false } call => !IsNameOf(call)
                    && Fails(binding.Model, call),
                BaseObjectCreationExpressionSyntax { ArgumentList: null or { CloseParenToken.IsMissing: false } } creation => Fails(
                    binding.Model,
                    creation
                ),
                ElementAccessExpressionSyntax { ArgumentList.CloseBracketToken.IsMissing: false } access => Fails(binding.Model, access),
                BinaryExpressionSyntax { Right.IsMissing: false } binary => Fails(binding.Model, binary),
                ExpressionSyntax expression => !(mayGoOn && expression.Span.End >= end) && FailsToConvert(binding.Model, expression),
                _ => false,
            };
            if (rejects && !IsInUncertainLambda(binding.Model, node))
            {
                return $"nothing fits '{node}'";
            }
        }

        return null;
    }

    private static bool RejectsName(SemanticModel model, SimpleNameSyntax name)
    {
        if (
            name.IsMissing
            || name.Identifier.IsMissing
            || name.IsVar
            || name.Identifier.ValueText == "_"
            || name.Parent is InvocationExpressionSyntax call && IsNameOf(call)
            || name.Parent is NameColonSyntax or AliasQualifiedNameSyntax
        )
        {
            return false;
        }

        var info = model.GetSymbolInfo(name);
        if (info.Symbol is not null)
        {
            return false;
        }

        return info.CandidateReason switch
        {
            // A method's name alone is a group of candidates until it is called.
            CandidateReason.MemberGroup or CandidateReason.OverloadResolutionFailure or CandidateReason.LateBound => false,
            CandidateReason.None => model.GetTypeInfo(name).Type is null or { TypeKind: TypeKind.Error }
                && model.GetAliasInfo(name) is null
                && IsLookedUp(model, name),
            _ => true,
        };
    }

    /// <summary>Nothing is known of a member of something unknown; that is the judge's to say.</summary>
    private static bool IsLookedUp(SemanticModel model, SimpleNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => model.GetTypeInfo(access.Expression).Type
                is { TypeKind: not (TypeKind.Error or TypeKind.Dynamic) },
            MemberBindingExpressionSyntax => false,
            _ => true,
        };

    private static bool Fails(SemanticModel model, ExpressionSyntax expression)
    {
        var info = model.GetSymbolInfo(expression);
        return info.Symbol is null
            && info.CandidateReason
                is CandidateReason.OverloadResolutionFailure
                    or CandidateReason.Ambiguous
                    or CandidateReason.Inaccessible
                    or CandidateReason.WrongArity
            && !expression.DescendantNodes().Any(n => n.IsMissing);
    }

    private static bool FailsToConvert(SemanticModel model, ExpressionSyntax expression)
    {
        if (
            expression.Parent
                is not (EqualsValueClauseSyntax or ReturnStatementSyntax or AssignmentExpressionSyntax or ArrowExpressionClauseSyntax)
            // What a lambda returns is not known before its end, nor what a call is of whose arguments some are to come.
            || expression.DescendantTokens().Any(static token => token.IsMissing)
        )
        {
            return false;
        }

        var type = model.GetTypeInfo(expression);
        return type.Type is { TypeKind: not TypeKind.Error }
            && type.ConvertedType is { TypeKind: not TypeKind.Error }
            && !model.GetConversion(expression).Exists;
    }

    /// <summary>
    /// Which overload is called, and so what a lambda's parameters are, is not known while arguments are to come.
    /// </summary>
    private static bool IsInUncertainLambda(SemanticModel model, SyntaxNode node)
    {
        // A member is what its receiver has.
        var whole = node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : node;
        foreach (var lambda in node.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Where(IsOpenBehind))
        {
            if (model.GetTypeInfo(lambda).ConvertedType is null or { TypeKind: TypeKind.Error })
            {
                return true;
            }

            var parameters = lambda switch
            {
                SimpleLambdaExpressionSyntax simple => [simple.Parameter],
                ParenthesizedLambdaExpressionSyntax several => several.ParameterList.Parameters,
                _ => default(SeparatedSyntaxList<ParameterSyntax>),
            };
            var inferred = parameters.Where(static p => p.Type is null).Select(static p => p.Identifier.ValueText).ToList();
            if (whole.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => inferred.Contains(name.Identifier.ValueText)))
            {
                return true;
            }
        }

        return false;

        // Something around it, a call or a `switch`, is not at its end.
        static bool IsOpenBehind(AnonymousFunctionExpressionSyntax lambda) =>
            lambda
                .Ancestors()
                .TakeWhile(static around => around is not (StatementSyntax or AnonymousFunctionExpressionSyntax))
                .Any(static around => around.GetLastToken(includeZeroWidth: true).IsMissing);
    }

    /// <summary>The parser takes <c>switch</c> and <c>with</c> for what they are only where a brace follows.</summary>
    private static bool OpensBraces(string candidate) =>
        candidate.EndsWith(" switch", StringComparison.Ordinal) || candidate.EndsWith(" with", StringComparison.Ordinal);

    /// <summary>Of <c>nameof</c> the compiler knows no symbol and no type.</summary>
    public static bool IsNameOf(InvocationExpressionSyntax call) =>
        call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" };
}
