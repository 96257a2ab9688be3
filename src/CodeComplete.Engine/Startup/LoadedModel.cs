using CodeComplete.Engine.Chain;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Startup;

/// <summary>A model that is ready to write, with what goes with it.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly Decoder _decoder;

    private LoadedModel(ModelFolder folder, CodeTokenizer tokenizer, Decoder decoder)
    {
        this._decoder = decoder;
        Name = folder.Name;
        Tokenizer = tokenizer;
        TokenizerId = folder.TokenizerId;
        Generator = new Generator(decoder, tokenizer);
        MiddleTokens = folder.Prompt.MiddleTokens;
        Prompts = new PromptBuilder(tokenizer, BudgetOf(folder.Prompt));
    }

    public string Name { get; }

    public CodeTokenizer Tokenizer { get; }

    /// <summary>Names the vocabulary: what was counted in the tokens of another one means nothing here.</summary>
    public string TokenizerId { get; }

    public Generator Generator { get; }

    public PromptBuilder Prompts { get; }

    public DecoderQueue Queue { get; } = new();

    /// <summary>The most tokens that are written for one suggestion.</summary>
    public int MiddleTokens { get; }

    public string Provider => _decoder.Provider;

    public string Graph => _decoder.Graph;

    /// <summary>One line where the asked provider is not the one that runs, else <see langword="null"/>.</summary>
    public string? Message => _decoder.Message;

    /// <exception cref="ModelException">The folder is missing, broken or does not fit together.</exception>
    public static LoadedModel Load(EngineSettings settings)
    {
        var folder = ModelFolder.Open(ModelLocator.Find(settings.Model));
        var tokenizer = CodeTokenizer.Load(folder);
        var loaded = Decoder.Load(
            folder,
            tokenizer,
            new DecoderOptions
            {
                Provider = settings.Provider,
                ProviderLibrary = settings.ProviderLibrary,
                Threads = settings.Threads > 0 ? settings.Threads : Math.Max(2, Environment.ProcessorCount / 2),
            }
        );
        loaded.WarmUp();
        return new LoadedModel(folder, tokenizer, loaded);
    }

    public void Dispose()
    {
        _decoder.Dispose();
        Queue.Dispose();
    }

    /// <summary>
    /// The prefix gets what snippets, suffix and the suggestion leave, up to a length that two cores read fast enough at a new place: quality
    /// gained little beyond it, and reading is what a new place costs.
    /// </summary>
    internal static PromptBudget BudgetOf(PromptFormat format)
    {
        var prefix = format.MaxTokens - format.SnippetTokens - format.SuffixTokens - format.MiddleTokens;
        return new PromptBudget(
            Prefix: Math.Min(prefix, 224),
            Suffix: Math.Min(format.SuffixTokens, 64),
            Snippets: Math.Min(format.SnippetTokens, 224)
        );
    }
}
