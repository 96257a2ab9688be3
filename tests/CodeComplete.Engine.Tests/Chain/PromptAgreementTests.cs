using System.Text.Json;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Startup;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Chain;

/// <summary>
/// The model is trained on prompts made in Python (models/training/prompt.py) and used on prompts made here. Both must be the same token for
/// token; models/training/tests/test_prompt.py checks the same cases.
/// </summary>
public class PromptAgreementTests
{
    private static readonly CodeTokenizer Tokenizer = CodeTokenizer.Load(ModelFolder.Open(Repository.Model));
    private static readonly SharedCases Shared = Read();

    public static TheoryData<string> Names => [.. Shared.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shared_case_makes_the_tokens_that_training_makes(string name)
    {
        var shared = Shared.Cases.Single(c => c.Name == name);
        var prompts = new PromptBuilder(Tokenizer, Shared.Budget);

        var prompt = prompts.Build(shared.Path, shared.Text, shared.Cursor, shared.OnlyClosersFollow, shared.Snippets);

        Assert.Equal(shared.Typed, prompt.Typed);
        Assert.Equal(shared.Tokens, prompt.Tokens);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shared_case_says_rightly_whether_only_closers_follow(string name)
    {
        var shared = Shared.Cases.Single(c => c.Name == name);
        var rest = shared.Text[shared.Cursor..].Split('\n')[0].TrimEnd();
        var context = new CursorContext
        {
            Kind = PlaceKind.Expression,
            Offset = shared.Cursor,
            NameStart = shared.Cursor,
            TypedName = "",
            RestOfLine = rest,
        };

        Assert.Equal(shared.OnlyClosersFollow, context.OnlyClosersFollow);
    }

    [Fact]
    public void The_shared_cases_are_made_with_the_products_own_budget() =>
        Assert.Equal(LoadedModel.BudgetOf(ModelFolder.Open(Repository.Model).Prompt), Shared.Budget);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_processor_that_reads_slowly_gets_the_whole_budget_with_four_threads(int threads)
    {
        var folder = ModelFolder.Open(Repository.Model);
        using var loaded = LoadedModel.Load(new EngineSettings { Provider = "cpu", Threads = threads });

        var whole = folder.ReadsFast(loaded.Graph) || threads >= 4;
        Assert.Equal(whole ? folder.Prompt.SnippetTokens : LoadedModel.BudgetOf(folder.Prompt).Snippets, loaded.Prompts.SnippetBudget);
        Assert.NotEqual(folder.Prompt.SnippetTokens, LoadedModel.BudgetOf(folder.Prompt).Snippets);
    }

    private static SharedCases Read()
    {
        var file = Path.Combine(Repository.Fixtures, "prompts", "format1.json");
        return JsonSerializer.Deserialize<SharedCases>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
    }

    private sealed record SharedCases(PromptBudget Budget, IReadOnlyList<SharedCase> Cases);

    /// <param name="Cursor">UTF-16 units from the text's start.</param>
    private sealed record SharedCase(
        string Name,
        string Path,
        string Text,
        int Cursor,
        bool OnlyClosersFollow,
        IReadOnlyList<PromptSnippet> Snippets,
        string Typed,
        IReadOnlyList<int> Tokens
    );
}
