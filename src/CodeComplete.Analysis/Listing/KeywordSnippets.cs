using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>Snippets for statements, members and types, under the names that Visual Studio gives them.</summary>
internal static class KeywordSnippets
{
    private const string Block = "\n{\n\t$0\n}";

    private static readonly (string Name, string Text)[] Statements =
    [
        ("if", "if (${1:true})" + Block),
        ("else", "else" + Block),
        ("for", "for (var ${1:i} = 0; $1 < ${2:length}; $1++)" + Block),
        ("forr", "for (var ${1:i} = ${2:length} - 1; $1 >= 0; $1--)" + Block),
        ("foreach", "foreach (var ${1:item} in ${2:collection})" + Block),
        ("while", "while (${1:true})" + Block),
        ("do", "do\n{\n\t$0\n} while (${1:true});"),
        ("switch", "switch (${1:value})\n{\n\tcase ${2:pattern}:\n\t\t$0\n\t\tbreak;\n}"),
        ("tryf", "try\n{\n\t$0\n}\nfinally\n{\n\t$1\n}"),
        ("using", "using (${1:resource})" + Block),
        ("lock", "lock (${1:gate})" + Block),
        ("unsafe", "unsafe" + Block),
    ];

    private static readonly (string Name, string Text)[] Mains =
    [
        ("svm", "static void Main(string[] args)" + Block),
        ("sim", "static int Main(string[] args)\n{\n\t$0\n\treturn 0;\n}"),
    ];

    private static readonly (string Name, string Text)[] Types =
    [
        ("class", "class ${1:MyClass}" + Block),
        ("interface", "interface ${1:IMyInterface}" + Block),
        ("struct", "struct ${1:MyStruct}" + Block),
        ("record", "record ${1:MyRecord}($0);"),
        ("enum", "enum ${1:MyEnum}" + Block),
    ];

    /// <summary>
    /// The keywords that Roslyn offers tell what may start here: `if` alone also follows `#`, `foreach` alone `await`, and `class` a `where`
    /// or a modifier, after which `public` does not come again.
    /// </summary>
    /// <param name="listed">Roslyn's items at the place.</param>
    public static IEnumerable<ListedItem> At(SyntaxNode root, int wordStart, IReadOnlyList<ListedItem> listed)
    {
        var keywords = listed.Where(i => i.Kind == ListedKind.Keyword).Select(i => i.Label).ToHashSet(StringComparer.Ordinal);
        var snippets = new List<(string Name, string Text)>();
        if (keywords.Contains("if") && keywords.Contains("foreach"))
        {
            snippets.AddRange(Statements.Where(s => s.Name != "else" || keywords.Contains("else")));
            snippets.Add(("try", $"try\n{{\n\t$0\n}}\ncatch (${{1:{OfSystem("Exception")}}})\n{{\n\tthrow;\n}}"));
            snippets.Add(("cw", OfSystem("Console") + ".WriteLine($1);$0"));
        }

        if (keywords.Contains("class") && keywords.Contains("public"))
        {
            snippets.AddRange(Types);
            if (keywords.Contains("event") && TypeAround(root, wordStart) is { } type)
            {
                snippets.AddRange(Properties(type));
                if (type is not InterfaceDeclarationSyntax)
                {
                    snippets.AddRange(Mains);
                }

                if (type is not InterfaceDeclarationSyntax && !type.Modifiers.Any(SyntaxKind.StaticKeyword))
                {
                    // Beside a primary constructor every other calls it.
                    var call = type.ParameterList is null ? "" : " : this($2)";
                    snippets.Add(("ctor", $"public {type.Identifier.Text}($1){call}" + Block));
                }
            }
        }

        return snippets.Select(s => Snippet.Item(s.Name, s.Text));

        string OfSystem(string name) => listed.Any(i => i.Label == name && !i.IsComplex) ? name : "System." + name;
    }

    /// <summary>Those that the type may have.</summary>
    private static IEnumerable<(string Name, string Text)> Properties(TypeDeclarationSyntax type)
    {
        var isInterface = type is InterfaceDeclarationSyntax;
        var isStatic = type.Modifiers.Any(SyntaxKind.StaticKeyword);
        var isReadOnly = type.Modifiers.Any(SyntaxKind.ReadOnlyKeyword);
        var start = isStatic ? "public static" : "public";
        if (!isReadOnly)
        {
            yield return ("prop", start + " ${1:int} ${2:MyProperty} { get; set; }$0");
        }

        if (!isStatic)
        {
            yield return ("propi", "public ${1:int} ${2:MyProperty} { get; init; }$0");
        }

        if (isInterface || isReadOnly)
        {
            yield break;
        }

        yield return ("propg", start + " ${1:int} ${2:MyProperty} { get; private set; }$0");
        if (!isStatic)
        {
            yield return ("propr", "public required ${1:int} ${2:MyProperty} { get; set; }$0");
        }

        yield return (
            "propfull",
            $"private{start["public".Length..]} ${{1:int}} ${{2:_field}};\n\n{start} $1 ${{3:MyProperty}}\n{{\n\tget => $2;\n\tset => $2 = value;\n}}$0"
        );
    }

    private static TypeDeclarationSyntax? TypeAround(SyntaxNode root, int offset) =>
        root.FindToken(Math.Max(0, offset - 1))
            .Parent?.AncestorsAndSelf()
            .OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(t =>
                t.OpenBraceToken.Span.End <= offset && (t.CloseBraceToken.IsMissing || offset <= t.CloseBraceToken.SpanStart)
            );
}
