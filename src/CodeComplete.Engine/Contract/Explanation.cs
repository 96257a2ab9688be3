namespace CodeComplete.Engine;

/// <summary>Why a place is answered as it is: what the cursor sees, and what the memory gave.</summary>
public sealed record Explanation
{
    /// <summary>The kind of place, in words: <c>member access</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The receiver's type, as C# writes it, where there is one and the compiler knows it.</summary>
    public string? ReceiverType { get; init; }

    /// <summary>The type that is wanted here, where the compiler knows it.</summary>
    public string? ExpectedType { get; init; }

    /// <summary>The member around the cursor.</summary>
    public string? EnclosingMember { get; init; }

    /// <summary>Best first; the prompt has them in the reverse order, the best one nearest to the cursor.</summary>
    public required IReadOnlyList<RecalledCode> Recalled { get; init; }

    /// <summary>What all that is recalled may take, in tokens.</summary>
    public required int RecallBudget { get; init; }

    /// <summary>How long recalling took.</summary>
    public required double RecallMilliseconds { get; init; }
}
