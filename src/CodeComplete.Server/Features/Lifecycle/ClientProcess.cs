using System.Diagnostics;

namespace CodeComplete.Server.Features.Lifecycle;

/// <summary>
/// The client's process (<c>initialize.processId</c>). An editor that crashes may leave our input open, because another child of it inherited
/// the pipe; without this the server would live on for ever.
/// </summary>
internal static class ClientProcess
{
    /// <returns>A task that ends when the process does; at once if there is none of that id.</returns>
    public static async Task WaitForExitAsync(int id, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync(cancellation);
        }
        catch (ArgumentException)
        {
            // It has died already.
        }
    }
}
