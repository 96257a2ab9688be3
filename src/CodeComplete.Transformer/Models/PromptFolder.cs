namespace CodeComplete.Transformer;

/// <summary>
/// What of a model folder is about text: <c>prompt.json</c> and <c>tokenizer.json</c>, which fit each other. It is all that is needed where
/// a server runs the model.
/// </summary>
public sealed record PromptFolder
{
    private PromptFolder() { }

    /// <summary>The folder's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The folder's own name.</summary>
    public required string Name { get; init; }

    public required PromptFormat Prompt { get; init; }

    /// <summary>Names the tokenizer: token ids kept elsewhere are worthless once it changes. 16 hexadecimal digits.</summary>
    public string TokenizerId => Tokenizer.Id;

    internal TokenizerFile Tokenizer { get; private init; } = null!;

    /// <exception cref="ModelException">Something is missing, broken, or does not fit the rest.</exception>
    public static PromptFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(path))
        {
            throw new ModelException(
                $"The model folder '{path}' does not exist: name one that holds {ModelFolder.CpuGraph}, or leave the setting out."
            );
        }

        var folder = new PromptFolder
        {
            Path = path,
            Name = System.IO.Path.GetFileName(path),
            Prompt = PromptFormat.Read(path),
            Tokenizer = TokenizerFile.Read(path),
        };
        foreach (var mark in folder.Prompt.Marks)
        {
            if (folder.Tokenizer.SpecialsIn(mark, out var unknown) is null)
            {
                throw new ModelException(
                    $"'{folder.Tokenizer.Path}' has no special token '{unknown}', which prompt.json names: use the tokenizer that came with the model, or mend prompt.json."
                );
            }
        }

        var end = folder.Prompt.Ends.FirstOrDefault(e => folder.Tokenizer.SpecialsIn(e, out _)!.Count > 1);
        return end is null
            ? folder
            : throw new ModelException(
                $"'{System.IO.Path.Combine(path, "prompt.json")}' is damaged, its 'end' '{end}' is more than one special token: name each by itself."
            );
    }
}
