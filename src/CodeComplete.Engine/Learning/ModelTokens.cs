using CodeComplete.Memory;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Learning;

/// <summary>The model's tokens, for the memory to count.</summary>
internal sealed class ModelTokens(string id, CodeTokenizer tokenizer) : ITokenEncoder
{
    public string Id => id;

    public IReadOnlyList<int> Encode(string text) => tokenizer.Encode(text);
}
