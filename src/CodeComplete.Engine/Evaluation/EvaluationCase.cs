using System.Text.Json.Serialization;

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
    /// <summary>The end of <see cref="Groundtruth"/> that stands right of the cursor already, as an editor has closed a bracket; empty as a rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Standing { get; init; }

    /// <summary>What is to be written: <see cref="Groundtruth"/> without <see cref="Standing"/>.</summary>
    [JsonIgnore]
    public string Wanted => Groundtruth[..^(Standing?.Length ?? 0)];

    /// <summary>The document as the user has it at the cursor: without <see cref="Wanted"/>; what follows is kept.</summary>
    /// <exception cref="CaseException">The groundtruth does not stand there.</exception>
    public string Blank(string text)
    {
        Check(text);
        return text.Remove(Offset, Wanted.Length);
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

        if (Standing is { } standing && (standing.Length >= rest.Length || !rest.EndsWith(standing, StringComparison.Ordinal)))
        {
            throw new CaseException($"case '{Id}': 'standing' must be an end of the groundtruth, and not all of it");
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

    /// <summary>As <see cref="Argument"/>, with the <c>)</c> and what closes after it already typed.</summary>
    public const string ClosedArgument = "closedArgument";

    /// <summary>Some letters of the member are typed.</summary>
    public const string InsideWord = "insideWord";

    /// <summary>A fresh line that goes on with what the lines above began: a chain of calls, an initializer, an argument.</summary>
    public const string FreshLine = "freshLine";

    /// <summary>What is drawn where nothing else is asked for. The draw of a seed is what results refer to: this stays as it is.</summary>
    public static IReadOnlyList<string> Default { get; } = [AfterDot, StatementStart, Argument, InsideWord, FreshLine];

    public static IReadOnlyList<string> All { get; } = [.. Default, ClosedArgument];
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
