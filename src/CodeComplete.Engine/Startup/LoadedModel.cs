using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Engine.Ranking;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Startup;

/// <summary>A model that is ready to write, with what goes with it: loaded into this process, or run by a server.</summary>
internal sealed class LoadedModel : IDisposable
{
    /// <summary>The provider's name where a server runs the model.</summary>
    public const string Remote = "remote";

    /// <summary>So many threads are taken to read all of a prompt in the time in which two read half of it; it was not measured.</summary>
    private const int FastThreads = 4;

    private readonly IDisposable _owned;
    private readonly PromptBudget _budget;
    private readonly PromptBudget _wholeBudget;

    private LoadedModel(PromptFolder folder, CodeTokenizer tokenizer, PromptBudget budget, Decoder decoder)
        : this(folder, tokenizer, budget)
    {
        _owned = decoder;
        Scorer = new Generator(decoder, tokenizer);
        Generator = new QueuedGenerator(Scorer, Queue);
        (Provider, Graph, Message) = (decoder.Provider, decoder.Graph, decoder.Message);
    }

    private LoadedModel(PromptFolder folder, CodeTokenizer tokenizer, PromptBudget budget, RemoteGenerator server)
        : this(folder, tokenizer, budget)
    {
        _owned = server;
        Generator = server;
        (Provider, Graph) = (Remote, server.Address);
    }

#pragma warning disable CS8618 // the two above give the rest
    private LoadedModel(PromptFolder folder, CodeTokenizer tokenizer, PromptBudget budget)
#pragma warning restore CS8618
    {
        Name = folder.Name;
        Tokenizer = tokenizer;
        TokenizerId = folder.TokenizerId;
        MiddleTokens = folder.Prompt.MiddleTokens;
        (_budget, _wholeBudget) = (budget, WholeBudgetOf(folder.Prompt));
        Prompts = new PromptBuilder(tokenizer, budget);
    }

    public string Name { get; }

    public CodeTokenizer Tokenizer { get; }

    /// <summary>Names the vocabulary: what was counted in the tokens of another one means nothing here.</summary>
    public string TokenizerId { get; }

    /// <summary>What of this model is worth showing; <see langword="null"/> where its folder does not say, and all is.</summary>
    public ModelGate? Gate { get; private init; }

    /// <summary>What writes ghost text.</summary>
    public IGenerator Generator { get; }

    /// <summary>What scores the list's names, in its turn of <see cref="Queue"/>; <see langword="null"/> where a server runs the model.</summary>
    public Generator? Scorer { get; }

    /// <summary>
    /// Loads what tells where the model looks, a second session of it, for the caller to dispose; it throws a <see cref="ModelException"/> where that is not
    /// to be had. <see langword="null"/> where a server runs the model.
    /// </summary>
    public Func<AttentionReader>? LoadAttention { get; private init; }

    public PromptBuilder Prompts { get; }

    public DecoderQueue Queue { get; } = new();

    /// <summary>The most tokens that are written for one suggestion.</summary>
    public int MiddleTokens { get; }

    public string Provider { get; }

    /// <summary>The graph's file name, or the server's address.</summary>
    public string Graph { get; }

    /// <summary>One line where the asked provider is not the one that runs, else <see langword="null"/>.</summary>
    public string? Message { get; }

    /// <exception cref="ModelException">The folder is missing, broken or does not fit together.</exception>
    /// <exception cref="RemoteException">A remote engine is named, and its address is none.</exception>
    public static LoadedModel Load(EngineSettings settings)
    {
        if (settings.RemoteUrl is { Length: > 0 } url)
        {
            // Of the folder only the prompt's layout and the tokenizer are of use: the decoder is not even loaded.
            var text = PromptFolder.Open(ModelLocator.Find(settings.Model));
            var remote = CodeTokenizer.Load(text);
            var server = new RemoteOptions { Url = url, KeyEnv = settings.RemoteKeyEnv };
            return new LoadedModel(text, remote, WholeBudgetOf(text.Prompt), new RemoteGenerator(server, remote, text.Prompt))
            {
                Gate = ModelGate.Load(text.Path),
            };
        }

        var folder = ModelFolder.Open(ModelLocator.Find(settings.Model));
        var tokenizer = CodeTokenizer.Load(folder);
        var options = new DecoderOptions
        {
            Provider = settings.Provider,
            ProviderLibrary = settings.ProviderLibrary,
            Threads = settings.Threads > 0 ? settings.Threads : Math.Max(2, Environment.ProcessorCount / 2),
        };
        var loaded = Decoder.Load(folder, tokenizer, options);
        loaded.WarmUp();
        return new LoadedModel(
            folder.Text,
            tokenizer,
            folder.ReadsFast(loaded.Graph) || options.Threads >= FastThreads ? WholeBudgetOf(folder.Prompt) : BudgetOf(folder.Prompt),
            loaded
        )
        {
            LoadAttention = () => AttentionReader.Load(folder, tokenizer, options),
            Gate = ModelGate.Load(folder.Path),
        };
    }

    /// <summary>What builds the prompts of an ablation; no longer ones than the model's format allows.</summary>
    public PromptBuilder PromptsOf(ChainParts parts)
    {
        if (parts is { Suffix: true, PromptTokens: null })
        {
            return Prompts;
        }

        var share = parts.PromptTokens is { } tokens ? (double)tokens / (_budget.Prefix + _budget.Suffix + _budget.Snippets) : 1;
        return new PromptBuilder(
            Tokenizer,
            new PromptBudget(
                Of(_budget.Prefix, _wholeBudget.Prefix),
                parts.Suffix ? Of(_budget.Suffix, _wholeBudget.Suffix) : 0,
                Of(_budget.Snippets, _wholeBudget.Snippets)
            )
        );

        int Of(int usual, int most) => Math.Min(most, (int)(usual * share));
    }

    public void Dispose()
    {
        _owned.Dispose();
    }

    /// <summary>
    /// Half of what the format gives, where two threads take a second and more to read it at a new place. It costs some seven of a hundred exact
    /// lines (docs/RESULTS.md), but who types does not wait so long.
    /// </summary>
    internal static PromptBudget BudgetOf(PromptFormat format)
    {
        var whole = WholeBudgetOf(format);
        return new PromptBudget(Math.Min(whole.Prefix, 224), Math.Min(whole.Suffix, 64), Math.Min(whole.Snippets, 224));
    }

    /// <summary>The prefix gets what snippets, suffix and the suggestion leave of all that the format gives.</summary>
    private static PromptBudget WholeBudgetOf(PromptFormat format) =>
        new(
            Prefix: format.MaxTokens - format.SnippetTokens - format.SuffixTokens - format.MiddleTokens - PromptFormat.FrameTokens,
            format.SuffixTokens,
            format.SnippetTokens
        );
}
