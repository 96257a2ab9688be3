using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>Code from the memory, for a person: where it stands, why it was found, and the lines.</summary>
internal static class RecalledCodeText
{
    /// <param name="note">What the command has to say of it.</param>
    public static void Write(TextWriter output, RecalledCode code, string note)
    {
        output.WriteLine();
        output.WriteLine($"{code.Path}:{code.StartLine + 1}  {note}  {code.Reason}");
        foreach (var line in code.Text.Split('\n'))
        {
            output.WriteLine("    " + line);
        }
    }
}
