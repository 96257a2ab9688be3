using System.Text.Json;

namespace CodeComplete.Memory.Sharing;

/// <summary>All that can be asked of the owner: one line an operation.</summary>
internal static class SharingMethods
{
    /// <summary>Goes up when two versions would misunderstand each other. Fields that are added are not: what is unknown is passed over.</summary>
    public const int Protocol = 1;

    /// <summary>The first request; its payload is a <see cref="Sharing.Hello"/>.</summary>
    public const string Hello = "hello";

    /// <summary>A notification to the owner: the answer to the request of this id is not needed any more.</summary>
    public const string Cancel = "cancel";

    /// <summary>A notification to all visitors: an acceptance that is new to the owner.</summary>
    public const string Learned = "learned";

    /// <summary>A notification to all visitors: something was forgotten, and is to be forgotten by all.</summary>
    public const string Forgotten = "forgotten";

    public static readonly SharingMethod<RecallQuery, RecallAnswer> Recall = new(
        "recall",
        static (memory, query, cancellation) => memory.RecallAsync(query, cancellation)
    );

    public static readonly SharingMethod<PutRequest, bool> Put = new(
        "put",
        static (memory, put, cancellation) => memory.PutAsync(put.Path, put.Text, cancellation)
    )
    {
        Changes = true,
    };

    public static readonly SharingMethod<string, bool> Remove = new(
        "remove",
        static async (memory, path, cancellation) =>
        {
            await memory.RemoveAsync(path, cancellation);
            return true;
        }
    )
    {
        Changes = true,
    };

    public static readonly SharingMethod<EditNote, bool> NoteEdit = new(
        "noteEdit",
        static async (memory, edit, cancellation) =>
        {
            await memory.NoteEditAsync(edit.Path, edit.Line, cancellation);
            return true;
        }
    )
    {
        Changes = true,
    };

    public static readonly SharingMethod<Acceptance, bool> Record = new(
        "record",
        static (memory, acceptance, cancellation) => memory.RecordAsync(acceptance, cancellation)
    )
    {
        Changes = true,
    };

    public static readonly SharingMethod<AcceptancesRequest, IReadOnlyList<Acceptance>> Acceptances = new(
        "acceptances",
        static (memory, request, cancellation) => memory.AcceptancesAsync(request.Most, request.Path, cancellation)
    );

    public static readonly SharingMethod<bool, MemoryStatistics> Statistics = new(
        "statistics",
        static (memory, _, cancellation) => memory.StatisticsAsync(cancellation)
    );

    public static readonly SharingMethod<Forgetting, ForgetSummary> Forget = new(
        "forget",
        static (memory, what, cancellation) => memory.ForgetAsync(what, cancellation)
    )
    {
        Changes = true,
    };

    private static readonly Dictionary<string, SharingMethod> ByName = new SharingMethod[]
    {
        Recall,
        Put,
        Remove,
        NoteEdit,
        Record,
        Acceptances,
        Statistics,
        Forget,
    }.ToDictionary(static method => method.Name, StringComparer.Ordinal);

    public static SharingMethod? Find(string name) => ByName.GetValueOrDefault(name);
}

/// <summary>An operation of <see cref="ISharedMemory"/>, as the owner's side sees it.</summary>
internal abstract class SharingMethod(string name)
{
    public string Name { get; } = name;

    /// <summary>It changes the memory: a visitor's changes are made in their order, and before what it asks next is answered.</summary>
    public bool Changes { get; init; }

    /// <exception cref="InvalidDataException">The request's payload is none of this method.</exception>
    public abstract Task<JsonElement> AnswerAsync(ISharedMemory memory, Message request, CancellationToken cancellation);
}

/// <inheritdoc cref="SharingMethod"/>
internal sealed class SharingMethod<TRequest, TAnswer>(string name, Func<ISharedMemory, TRequest, CancellationToken, Task<TAnswer>> answer)
    : SharingMethod(name)
{
    public override async Task<JsonElement> AnswerAsync(ISharedMemory memory, Message request, CancellationToken cancellation) =>
        Message.Write(await answer(memory, request.Read<TRequest>(), cancellation));
}
