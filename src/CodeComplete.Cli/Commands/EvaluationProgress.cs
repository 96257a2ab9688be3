using CodeComplete.Cli.Output;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Cli.Commands;

/// <summary>Runs what takes long, with its progress on standard error, and says what goes wrong in one line.</summary>
internal static class EvaluationProgress
{
    // Where the output goes into a file, a line now and then says that it still goes on.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    /// <exception cref="CommandException">It could not begin or go on.</exception>
    public static async Task<T> ShowAsync<T>(Func<Action<string>, Task<T>> run)
    {
        var progress = new ProgressLine(Console.Error, Terminal.IsInteractive, BetweenLines);
        try
        {
            return await run(progress.Report);
        }
        catch (Exception e) when (e is EvaluationException or CaseException)
        {
            progress.End();
            throw new CommandException(e.Message.EndsWith('.') ? e.Message : e.Message + ".");
        }
        catch (OperationCanceledException)
        {
            progress.End();
            throw new CommandException("Stopped; what has ended is written, and the same command goes on from there.");
        }
        finally
        {
            progress.End();
        }
    }
}
