using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>How far a file's lines are indented, and how far those of a suggestion should be.</summary>
public static class Indentation
{
    private const string Usual = "    ";

    /// <summary>What one level more is: a tab where the nearest lines have tabs, else as many spaces as lines behind an opening brace mostly have more.</summary>
    /// <param name="near">The indentation of the line in question; may be empty.</param>
    internal static string UnitOf(string text, string near)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var opened = (string?)null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var visible = line.Trim();
            if (visible.IsEmpty)
            {
                continue;
            }

            var indentation = line[..(line.Length - line.TrimStart().Length)].ToString();
            if (
                opened is not null
                && indentation.Length > opened.Length
                && indentation.StartsWith(opened, StringComparison.Ordinal)
                && visible is not ['}' or '#', ..]
            )
            {
                var more = indentation[opened.Length..];
                counts[more] = counts.GetValueOrDefault(more) + 1;
            }

            opened = visible is [.., '{'] ? indentation : null;
        }

        var unit = counts.Count > 0 ? counts.MaxBy(static entry => entry.Value).Key : Usual;
        return near is ['\t', ..] ? "\t"
            : near.Length > 0 && (counts.Count == 0 || unit[0] == '\t')
                ? near.Length < Usual.Length ? near
                    : Usual
            : unit;
    }

    /// <summary>The indentation of the line that holds a position.</summary>
    internal static ReadOnlySpan<char> OfLineAt(string text, int position)
    {
        var line = text.AsSpan(LineStart(text, position));
        return line[..(line.Length - line.TrimStart(" \t").Length)];
    }

    private static int LineStart(string text, int position) => text.AsSpan(0, position).LastIndexOfAny('\r', '\n') + 1;

    /// <summary>
    /// Lets the lines of a suggestion begin where statements, members and braces begin in its document. What goes on with a statement is moved along with
    /// it; the first line, and what stands in a text of several lines, stay.
    /// </summary>
    /// <param name="written">What is put in at the cursor; its line ends are line feeds.</param>
    public static string Correct(CursorAnalysis cursor, string written)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        ArgumentNullException.ThrowIfNull(written);
        return written.Contains('\n', StringComparison.Ordinal) ? new Correction(cursor, written).Run() : written;
    }

    private sealed class Correction
    {
        private readonly string _text;
        private readonly int _start;
        private readonly SyntaxNode _root;
        private readonly string _unit;

        /// <summary>The indentation of lines that have been gone through, by where they start.</summary>
        private readonly Dictionary<int, string> _corrected = [];

        public Correction(CursorAnalysis cursor, string written)
        {
            _start = cursor.Context.Offset;
            _text = cursor.Text[.._start] + written;
            _root = CSharpSyntaxTree.ParseText(_text, (CSharpParseOptions)cursor.Model.SyntaxTree.Options).GetRoot();
            _unit = UnitOf(cursor.Text, OfLineAt(cursor.Text, _start).ToString());
        }

        public string Run()
        {
            var result = new StringBuilder();
            var (at, before, after) = (_start, "", "");
            while (at < _text.Length)
            {
                var end = _text.IndexOf('\n', at) is var next and >= 0 ? next + 1 : _text.Length;
                var begin = at;
                while (begin < end && _text[begin] is ' ' or '\t')
                {
                    begin++;
                }

                if (at > _start && begin < end && MayMove(begin, _root.FindToken(begin)))
                {
                    var own = _text[at..begin];
                    var wanted = At(begin);
                    if (wanted is not null)
                    {
                        (before, after) = (own, wanted);
                    }
                    else
                    {
                        // It goes on with what is above, and is moved along.
                        wanted = own.StartsWith(before, StringComparison.Ordinal) ? after + own[before.Length..] : own;
                    }

                    _corrected[at] = wanted;
                    result.Append(wanted);
                    at = begin;
                }

                result.Append(_text, at, end - at);
                at = end;
            }

            return result.ToString();
        }

        /// <summary>Not an empty line, nor what stands within a text of several lines, nor a directive.</summary>
        private bool MayMove(int begin, SyntaxToken token) =>
            _text[begin] is not ('\r' or '\n')
            && (token.SpanStart >= begin || token.Span.End <= begin)
            && (token.SpanStart <= begin || _text[begin] != '#');

        private string? At(int begin) => _root.FindToken(begin) is var token && token.SpanStart > begin ? OfComment(token) : OfToken(token);

        private string? OfComment(SyntaxToken token) =>
            token.IsKind(SyntaxKind.CloseBraceToken)
                ? OpeningOf(token.Parent!) is { } brace
                    ? LineOf(brace.SpanStart) + _unit
                    : null
                : token.IsKind(SyntaxKind.EndOfFileToken)
                    ? null
                    : OfToken(token);

        private string? OfToken(SyntaxToken token)
        {
            switch (token.Kind())
            {
                case SyntaxKind.CloseBraceToken:
                    return OpeningOf(token.Parent!) is { } opening
                        ? LineOf(BeginsLine(opening) ? opening.SpanStart : OwnerOf(token.Parent!))
                        : null;
                case SyntaxKind.OpenBraceToken
                    when token.Parent is not BlockSyntax { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax }:
                    return OpeningOf(token.Parent!) is not null ? LineOf(OwnerOf(token.Parent!)) : null;
                case SyntaxKind.ElseKeyword or SyntaxKind.CatchKeyword or SyntaxKind.FinallyKeyword:
                    return LineOf(OwnerOf(token.Parent!));
            }

            for (var node = token.Parent; node is not null && node.SpanStart == token.SpanStart; node = node.Parent)
            {
                if (
                    node is StatementSyntax or MemberDeclarationSyntax or SwitchSectionSyntax or AccessorDeclarationSyntax
                    && Level(node) is { } level
                )
                {
                    return level;
                }
            }

            return null;
        }

        /// <summary>Where a statement or a member begins that begins a line: below the one before it, else a level further than its braces.</summary>
        private string? Level(SyntaxNode node)
        {
            var parent = node.Parent;
            var neighbours = parent switch
            {
                BlockSyntax block => block.Statements,
                SwitchSectionSyntax section => section.Statements,
                SwitchStatementSyntax choice => choice.Sections,
                BaseNamespaceDeclarationSyntax space => space.Members,
                TypeDeclarationSyntax type => type.Members,
                AccessorListSyntax list => list.Accessors,
                CompilationUnitSyntax unit => unit.Members,
                _ => (IEnumerable<SyntaxNode>?)null,
            };
            if (neighbours is null)
            {
                // The one statement of an `if` or a loop; that of an `else if` is no line of its own.
                return node is StatementSyntax and not BlockSyntax && parent is StatementSyntax or ElseClauseSyntax
                    ? LineOf(parent.SpanStart) + _unit
                    : null;
            }

            var above = neighbours
                .TakeWhile(other => other.SpanStart < node.SpanStart)
                .LastOrDefault(other => BeginsLine(other.GetFirstToken()));
            if (above is not null)
            {
                return LineOf(above.SpanStart);
            }

            return parent is SwitchSectionSyntax label
                ? node is BlockSyntax
                    ? null
                    : LineOf(label.SpanStart) + _unit
                : parent is CompilationUnitSyntax or FileScopedNamespaceDeclarationSyntax
                    ? ""
                    : OpeningOf(parent!) is { } brace
                        ? LineOf(BeginsLine(brace) ? brace.SpanStart : OwnerOf(parent!)) + _unit
                        : null;
        }

        private static SyntaxToken? OpeningOf(SyntaxNode node) =>
            node switch
            {
                BlockSyntax x => x.OpenBraceToken,
                SwitchStatementSyntax x => x.OpenBraceToken,
                NamespaceDeclarationSyntax x => x.OpenBraceToken,
                BaseTypeDeclarationSyntax x => x.OpenBraceToken,
                AccessorListSyntax x => x.OpenBraceToken,
                _ => null,
            };

        /// <summary>Where the statement or member begins that braces, an <c>else</c> or a <c>catch</c> belong to.</summary>
        private static int OwnerOf(SyntaxNode node) =>
            node switch
            {
                ElseClauseSyntax or CatchClauseSyntax or FinallyClauseSyntax => StartOf(node.Parent!),
                BlockSyntax
                {
                    Parent: (StatementSyntax and not BlockSyntax)
                        or ElseClauseSyntax
                        or CatchClauseSyntax
                        or FinallyClauseSyntax
                        or MemberDeclarationSyntax
                        or AccessorDeclarationSyntax
                } block => StartOf(block.Parent!),
                AccessorListSyntax { Parent: { } property } => property.SpanStart,
                // A lambda's block stands below the line that it begins in.
                BlockSyntax block => block.OpenBraceToken.GetPreviousToken().SpanStart,
                _ => node.SpanStart,
            };

        /// <summary>An <c>if</c> behind an <c>else</c> begins with that.</summary>
        private static int StartOf(SyntaxNode node) =>
            node is IfStatementSyntax { Parent: ElseClauseSyntax outer } ? outer.SpanStart : node.SpanStart;

        private bool BeginsLine(SyntaxToken token)
        {
            var at = token.SpanStart;
            while (at > 0 && _text[at - 1] is ' ' or '\t')
            {
                at--;
            }

            return at == 0 || _text[at - 1] is '\n' or '\r';
        }

        /// <summary>The indentation of the line that holds a position.</summary>
        private string LineOf(int position)
        {
            var start = LineStart(position);
            return _corrected.TryGetValue(start, out var corrected) ? corrected : OfLineAt(_text, position).ToString();
        }

        private int LineStart(int position) => Indentation.LineStart(_text, position);
    }
}
