using CodeComplete.Engine;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Completion;

/// <summary>The engine's kinds are named as LSP's; only the numbers are LSP's own.</summary>
internal static class CompletionKinds
{
    private static readonly CompletionItemKind[] ByKind =
    [
        .. Enum.GetValues<ItemKind>().Select(kind => Enum.Parse<CompletionItemKind>(kind.ToString())),
    ];

    public static CompletionItemKind Of(ItemKind kind) => ByKind[(int)kind];
}
