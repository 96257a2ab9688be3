using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Documents;

/// <summary>
/// Gives memory back to the system that loading and compiling have left behind, once all is loaded and nobody has typed or asked for a while: the
/// garbage collector keeps what it had at its largest, and so do the native heaps of the JIT's threads.
/// </summary>
/// <param name="release">Gives it back; takes some tenths of a second where there is much, in which nothing else runs.</param>
internal sealed class MemoryRelease(Activity activity, TimeProvider clock, Action release, ILogger log)
{
    /// <summary>Longer than any thought: the user is reading, or away.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    /// <summary>From one time to the next; what is done when nobody types leaves memory behind, too.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // The heap is moved together only where it has grown by so much since, in bytes.
    private const long Growth = 32 << 20;
    private static long _committed;

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="loaded">What takes memory until it is done.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(Task loaded, CancellationToken cancellation)
    {
        // One that failed is loaded, too: somebody else says so.
        await Task.WhenAny(loaded).WaitAsync(cancellation);
        while (true)
        {
            await activity.WhenQuietAsync(Quiet, cancellation);
            try
            {
                release();
                log.LogDebug("Memory that is not used was given back");
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Memory that is not used could not be given back");
                return;
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    /// <summary>The default: this process's heaps, managed and native.</summary>
    public static void OfProcess()
    {
        if (GC.GetGCMemoryInfo().TotalCommittedBytes > _committed + Growth)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _committed = GC.GetGCMemoryInfo().TotalCommittedBytes;
        }

        NativeHeap.Trim();
    }
}

/// <summary>The C library's heap, which keeps what was freed in the middle of its arenas unless it is asked; glibc's alone.</summary>
internal static partial class NativeHeap
{
    /// <returns>Whether any was given back.</returns>
    public static bool Trim()
    {
        try
        {
            return OperatingSystem.IsLinux() && TrimNative(keep: 0) != 0;
        }
        catch (EntryPointNotFoundException)
        {
            // musl's gives back by itself what it can.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimNative(nuint keep);
}
