namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// A place in a project's own code where the rest of the line is taken out and asked for (the recipe of CrossCodeEval, arXiv 2310.11248).
/// </summary>
/// <param name="Id">Names the case in reports; unique within a set.</param>
/// <param name="File">Relative to the evaluated folder, with <c>/</c>.</param>
/// <param name="Offset">The cursor, in UTF-16 units from the file's start without its byte-order mark, line ends as they are.</param>
/// <param name="Groundtruth">The rest of that line, without trailing blanks.</param>
/// <param name="Kind">One of <see cref="CaseKinds"/>, or whatever the maker of a file of cases calls it.</param>
public sealed record EvaluationCase(string Id, string File, int Offset, string Groundtruth, string Kind)
{
    /// <summary>The document as the user has it at the cursor: without the rest of the line; what follows is kept.</summary>
    /// <exception cref="CaseException">The groundtruth does not stand there.</exception>
    public string Blank(string text)
    {
        Check(text);
        return text.Remove(Offset, Groundtruth.Length);
    }

    /// <exception cref="CaseException">The case does not fit the file's text; the message says how.</exception>
    public void Check(string text)
    {
        if (Offset < 0 || Offset > text.Length)
        {
            throw new CaseException($"case '{Id}': offset {Offset} is outside of {File}, which has {text.Length} UTF-16 units");
        }

        if (Groundtruth.Length == 0 || Groundtruth.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new CaseException($"case '{Id}': the groundtruth must be the rest of one line");
        }

        var rest = Lines.RestOf(text, Offset);
        if (rest != Groundtruth)
        {
            throw new CaseException($"case '{Id}': at offset {Offset} of {File} stands '{rest}', not '{Groundtruth}'");
        }
    }
}

/// <summary>The kinds of place that <see cref="CaseMaker"/> makes.</summary>
public static class CaseKinds
{
    /// <summary>Right after the <c>.</c> before a member.</summary>
    public const string AfterDot = "afterDot";

    /// <summary>A fresh indented line whose statement uses a member.</summary>
    public const string StatementStart = "statementStart";

    /// <summary>Right after a <c>(</c> whose arguments use a member.</summary>
    public const string Argument = "argument";

    /// <summary>Some letters of the member are typed.</summary>
    public const string InsideWord = "insideWord";

    /// <summary>A fresh line that goes on with what the lines above began: a chain of calls, an initializer, an argument.</summary>
    public const string FreshLine = "freshLine";

    public static IReadOnlyList<string> All { get; } = [AfterDot, StatementStart, Argument, InsideWord, FreshLine];
}

/// <summary>A case does not fit its file, or a file of cases is broken. The message is one line for the user.</summary>
public sealed class CaseException : Exception
{
    public CaseException() { }

    public CaseException(string message)
        : base(message) { }

    public CaseException(string message, Exception innerException)
        : base(message, innerException) { }
}
