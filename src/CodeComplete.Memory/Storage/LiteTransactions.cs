using System.Collections;
using System.Reflection;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// Keeps a damaged file from ending the process. A transaction that LiteDB 5.0 could not close for damage stays open, and its finalizer, which
/// tries again, throws where nobody can catch. So before a database is closed, the finalizers of what is still open are called off; closing
/// the file frees all they would free. LiteDB offers no other way to its transactions than by reflection; a test holds the names.
/// </summary>
internal static class LiteTransactions
{
    public static void CallOffFinalizers(LiteDatabase database)
    {
        foreach (var transaction in Open(database)?.Values.Cast<object>().ToList() ?? [])
        {
#pragma warning disable CA1816 // the object's own type would call it in Dispose; that is what failed
            GC.SuppressFinalize(transaction);
#pragma warning restore CA1816
        }
    }

    /// <summary>The open transactions by number; <see langword="null"/> where this LiteDB is built in another way.</summary>
    internal static IDictionary? Open(LiteDatabase database) =>
        Field(Field(Field(database, "_engine"), "_monitor"), "_transactions") as IDictionary;

    private static object? Field(object? of, string name) =>
        of?.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(of);
}
